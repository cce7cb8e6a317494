/** A computer whose microphones and loudspeakers come and go in the test's hand. */
export class FakeDevices extends EventTarget {
  #there: MediaDeviceInfo[] = [];

  enumerateDevices(): Promise<MediaDeviceInfo[]> {
    return Promise.resolve(this.#there);
  }

  /** "Headset/in" is a microphone, "Headset/out" an output. */
  plug(...names: string[]): void {
    this.#there = names.map((name) => {
      const [label = "", way] = name.split("/");
      const kind = way === "in" ? "audioinput" : "audiooutput";
      return { deviceId: `${label}-id`, groupId: "", kind, label, toJSON: () => ({}) };
    });
    this.dispatchEvent(new Event("devicechange"));
  }
}
