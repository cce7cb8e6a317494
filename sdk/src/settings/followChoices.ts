import type { Legs } from "../calls/legs.ts";
import type { AudioDevices } from "../media/devices.ts";
import type { Microphone } from "../media/microphone.ts";
import type { Ringer } from "../media/ringer.ts";
import type { UserSettings } from "./settings.ts";

interface Parts {
  audio: AudioDevices;
  settings: UserSettings;
  microphone: Microphone;
  ringer: Ringer;
  legs: Legs;
}

/** Devices and ring volume are in force at once, in running calls as well. */
export function followChoices({ audio, settings, microphone, ringer, legs }: Parts): void {
  let opened = audio.used.get().microphone;
  const use = () => {
    const now = audio.used.get();
    legs.setOutput(now.output);
    ringer.setDevices(now.output, now.ring);
    if (now.microphone !== opened) void legs.changeMicrophone();
    opened = now.microphone;
  };
  use();
  audio.used.subscribe(use);
  settings.view.subscribe(() => {
    const volume = settings.view.get()?.settings.ring_volume;
    if (volume !== undefined) ringer.setVolume(volume);
  });
  // Only now the browser tells what the devices are called.
  microphone.state.subscribe(() => {
    if (microphone.state.get() === "granted") void audio.refresh();
  });
}
