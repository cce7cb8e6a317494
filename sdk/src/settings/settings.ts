import { ProblemError } from "../api/problem.ts";
import type { RestClient } from "../api/rest.ts";
import type { Session } from "../api/session.ts";
import type { ServerEventName, ServerEvents, SettingsView } from "../api/types.ts";
import { type Observable, Store } from "../observable.ts";

export type Settings = SettingsView["settings"];

export interface UserSettingsDeps {
  rest: RestClient;
  session: Session;
}

/** What the user chose, the same on all devices. The server keeps it and tells of every change. */
export class UserSettings {
  readonly #deps: UserSettingsDeps;
  readonly #view = new Store<SettingsView | null>(null);

  constructor(deps: UserSettingsDeps) {
    this.#deps = deps;
  }

  /** Null until the server told, and when nobody is signed in. */
  get view(): Observable<SettingsView | null> {
    return this.#view;
  }

  /** Of two devices that change different things at once, both are right: the second asks anew. */
  async change(wish: Partial<Settings>): Promise<void> {
    try {
      await this.#put(wish);
    } catch (error) {
      if (!(error instanceof ProblemError) || error.code !== "changed_meanwhile") throw error;
      this.#keep(await this.#deps.rest.call("GET /me/settings", {}, this.#deps.session));
      await this.#put(wish);
    }
  }

  onEvent<N extends ServerEventName>(name: N, payload: ServerEvents[N]): void {
    if (name === "snapshot") this.#keep((payload as ServerEvents["snapshot"]).me.settings);
    if (name === "settings.changed") {
      this.#keep((payload as ServerEvents["settings.changed"]).settings);
    }
  }

  clear(): void {
    this.#view.set(null);
  }

  async #put(wish: Partial<Settings>): Promise<void> {
    const view = this.#view.get();
    if (!view) return;
    const body = { ...view.settings, ...wish };
    this.#keep(
      await this.#deps.rest.call(
        "PUT /me/settings",
        { body, ifMatch: view.version },
        this.#deps.session,
      ),
    );
  }

  /** Events and answers cross: what is older says nothing. */
  #keep(view: SettingsView): void {
    const known = this.#view.get();
    if (known === null || view.version >= known.version) this.#view.set(view);
  }
}
