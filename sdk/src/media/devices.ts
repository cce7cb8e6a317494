import { type Observable, Store } from "../observable.ts";

/** What is chosen on this device, not on the user's others; "" is what the system prefers. */
export interface AudioChoice {
  microphone: string;
  /** Where the other side is heard. */
  output: string;
  ring: string;
}

export type AudioRole = keyof AudioChoice;

export interface AudioDevice {
  id: string;
  label: string;
}

export interface AudioDeviceList {
  microphones: readonly AudioDevice[];
  outputs: readonly AudioDevice[];
  /** Browsers tell no names, and no outputs at all, before the microphone was allowed. */
  named: boolean;
}

/** The name besides the id: some browsers give a device a new id with every visit. */
type Remembered = Partial<Record<AudioRole, AudioDevice | undefined>>;

export interface AudioDevicesDeps {
  devices: Pick<
    MediaDevices,
    "enumerateDevices" | "addEventListener" | "removeEventListener"
  > | null;
  /** Whether the browser can play elsewhere than where the system says (setSinkId). */
  canChooseOutput: boolean;
  memory: { load: () => string | null; save: (text: string) => void };
}

const NOTHING: AudioChoice = { microphone: "", output: "", ring: "" };
const ROLES: readonly AudioRole[] = ["microphone", "output", "ring"];

/**
 * Microphones and loudspeakers: what there is, what the user prefers, and what that comes to now.
 * A device that is unplugged stays preferred; until it is back the system's own is used.
 */
export class AudioDevices {
  readonly canChooseOutput: boolean;
  readonly #deps: AudioDevicesDeps;
  readonly #list = new Store<AudioDeviceList>({ microphones: [], outputs: [], named: false });
  readonly #preferred: Store<Remembered>;
  readonly #used = new Store<AudioChoice>(NOTHING);

  constructor(deps: AudioDevicesDeps) {
    this.#deps = deps;
    this.canChooseOutput = deps.canChooseOutput;
    this.#preferred = new Store(parse(deps.memory.load()));
    this.#follow();
  }

  get list(): Observable<AudioDeviceList> {
    return this.#list;
  }

  /** What the user chose, there or not. */
  get preferred(): Observable<Readonly<Remembered>> {
    return this.#preferred;
  }

  /** The ids to use now. */
  get used(): Observable<AudioChoice> {
    return this.#used;
  }

  /** Reads the list now and whenever something is plugged in or out. */
  watch(): () => void {
    const { devices } = this.#deps;
    const read = () => void this.refresh();
    devices?.addEventListener("devicechange", read);
    read();
    return () => devices?.removeEventListener("devicechange", read);
  }

  /** Also after the microphone was allowed: only then devices have names. */
  async refresh(): Promise<void> {
    const found = await this.#deps.devices?.enumerateDevices().catch(() => []);
    if (!found) return;
    this.#list.set({
      microphones: ofKind(found, "audioinput"),
      outputs: ofKind(found, "audiooutput"),
      named: found.some((device) => device.label !== ""),
    });
    this.#follow();
  }

  choose(role: AudioRole, id: string): void {
    const device = this.#of(role).find((one) => one.id === id);
    this.#preferred.update((wishes) => ({ ...wishes, [role]: device }));
    this.#deps.memory.save(JSON.stringify(this.#preferred.get()));
    this.#follow();
  }

  /** False: what was chosen is not plugged in. */
  isHere(role: AudioRole): boolean {
    return this.#preferred.get()[role] === undefined || this.#used.get()[role] !== "";
  }

  #of(role: AudioRole): readonly AudioDevice[] {
    const { microphones, outputs } = this.#list.get();
    return role === "microphone" ? microphones : outputs;
  }

  #follow(): void {
    const now = { ...NOTHING };
    for (const role of ROLES) {
      if (role !== "microphone" && !this.canChooseOutput) continue;
      const wish = this.#preferred.get()[role];
      if (!wish) continue;
      // Not named yet: the list is no proof that the device is gone.
      if (!this.#list.get().named) now[role] = wish.id;
      else now[role] = match(this.#of(role), wish)?.id ?? "";
    }
    const before = this.#used.get();
    if (ROLES.some((role) => before[role] !== now[role])) this.#used.set(now);
  }
}

function match(there: readonly AudioDevice[], wish: AudioDevice): AudioDevice | undefined {
  return there.find(({ id }) => id === wish.id) ?? there.find(({ label }) => label === wish.label);
}

/** Without the browser's stand-ins for the system's choice: that is our "" already. */
function ofKind(found: readonly MediaDeviceInfo[], kind: MediaDeviceKind): AudioDevice[] {
  return found
    .filter((device) => device.kind === kind && device.deviceId !== "")
    .filter(({ deviceId }) => deviceId !== "default" && deviceId !== "communications")
    .map(({ deviceId, label }) => ({ id: deviceId, label }));
}

function parse(text: string | null): Remembered {
  try {
    const found = JSON.parse(text ?? "{}") as Partial<Record<AudioRole, Partial<AudioDevice>>>;
    const kept: Remembered = {};
    for (const role of ROLES) {
      const { id, label } = found[role] ?? {};
      if (typeof id === "string" && typeof label === "string") kept[role] = { id, label };
    }
    return kept;
  } catch {
    return {};
  }
}
