import type { Observable } from "../observable.ts";
import type { Phone } from "../phone.ts";

export interface LogEntry {
  at: string;
  what: string;
  now: string;
}

/** What a fault is found with, about half an hour of a busy phone. */
const KEEP = 300;

/**
 * The page's recent past, for support: states as they changed, never a number, a name, a word of a
 * message or a token. It lives in memory and ends with the page.
 */
export class Recorder {
  readonly #entries: LogEntry[] = [];
  readonly #now: () => number;

  constructor(phone: Phone, now: () => number = Date.now) {
    this.#now = now;
    this.#follow("link", phone.link, (link) => link);
    this.#follow("refused", phone.refused, (code) => code ?? "no");
    this.#follow("session", phone.session.state, (session) => session.kind);
    this.#follow("microphone", phone.microphone.state, (state) => state);
    this.#follow("sound", phone.ringer.sound, (sound) => sound);
    this.#follow("devices", phone.audio.list, (list) =>
      [list.microphones.length, list.outputs.length].join("/"),
    );
    this.#follow("connector", phone.calls, ({ connector }) => connector?.state ?? "unknown");
    this.#followEach("call", phone.calls, ({ calls, ended }) => [
      ...calls.map((call) => [call.id, `${call.phase} ${call.hold} on ${call.on}`] as const),
      ...ended.map(({ call }) => [call.id, `ended ${call.reason ?? ""}`] as const),
    ]);
    this.#followEach("leg", phone.legs.views, (views) =>
      Object.entries(views).map(([id, leg]) => [id, `${leg.state} ${leg.trouble ?? ""}`] as const),
    );
  }

  get entries(): readonly LogEntry[] {
    return this.#entries;
  }

  #follow<T>(what: string, of: Observable<T>, word: (value: T) => string): void {
    this.#followEach(what, of, (value) => [["", word(value)]]);
  }

  /** One line for each that changed, by its id. */
  #followEach<T>(
    what: string,
    of: Observable<T>,
    words: (value: T) => readonly (readonly [id: string, word: string])[],
  ): void {
    let before = new Map<string, string>();
    const look = () => {
      const now = new Map(words(of.get()));
      for (const [id, word] of now) {
        if (before.get(id) !== word) this.#note(id === "" ? what : `${what} ${id}`, word);
      }
      before = now;
    };
    look();
    of.subscribe(look);
  }

  #note(what: string, now: string): void {
    this.#entries.push({ at: new Date(this.#now()).toISOString(), what, now: now.trim() });
    if (this.#entries.length > KEEP) this.#entries.shift();
  }
}
