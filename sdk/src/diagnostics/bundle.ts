import type { Call } from "../api/types.ts";
import { readStats } from "../media/stats.ts";
import type { Phone } from "../phone.ts";
import type { Recorder } from "./recorder.ts";
import { redact } from "./redact.ts";

export interface BundleWish {
  /** Names and numbers of the calls, only when the user says so. */
  withNumbers: boolean;
  /** What the page knows of its surroundings: browser, version. */
  page: Readonly<Record<string, unknown>>;
}

/**
 * What support needs to find a fault. Everything is picked by name: what is not listed here, a
 * token above all, is not in it. What stands inside of texts is looked for besides.
 */
export async function diagnosticBundle(
  phone: Phone,
  recorder: Recorder,
  { withNumbers, page }: BundleWish,
): Promise<Record<string, unknown>> {
  const { calls, ended, connector, deskPhone, offers, me, known } = phone.calls.get();
  const { microphones, outputs, named } = phone.audio.list.get();
  const used = phone.audio.used.get();
  const bundle = {
    made_at: new Date().toISOString(),
    page,
    ids: { tenant: me?.tenant.id, user: me?.user.id, device: me?.device_id, site: me?.site?.id },
    settings: phone.settings.view.get()?.settings ?? null,
    state: {
      known,
      session: phone.session.state.get().kind,
      link: phone.link.get(),
      refused: phone.refused.get(),
      leader: phone.leader.get(),
      microphone: phone.microphone.state.get(),
      sound: phone.ringer.sound.get(),
      clock_skew_ms: phone.rest.clockSkewMs,
    },
    audio: {
      microphones: microphones.length,
      outputs: outputs.length,
      named,
      can_choose_output: phone.audio.canChooseOutput,
      chosen: Object.entries(used)
        .filter(([, id]) => id !== "")
        .map(([role]) => role),
    },
    phone_system: {
      connector: connector && {
        state: connector.state,
        layers: connector.layers.map(({ layer, state, since }) => ({ layer, state, since })),
      },
      desk_phone: deskPhone,
      offers,
    },
    calls: await Promise.all(
      calls.map(async (call) => ({
        ...aboutCall(call, withNumbers),
        leg: phone.legs.views.get()[call.id] ?? null,
        stats: readStats(await phone.legs.stats(call.id).catch(() => []), Date.now()),
      })),
    ),
    ended: ended.map(({ call }) => aboutCall(call, withNumbers)),
    log: recorder.entries,
  };
  return redact(bundle, { people: !withNumbers }) as Record<string, unknown>;
}

function aboutCall(call: Call, withNumbers: boolean): Record<string, unknown> {
  const { id, direction, kind, on, phase, hold, media, muted, reason, actions } = call;
  const { created_at, ringing_at, answered_at, ended_at } = call;
  return {
    ...{ id, direction, kind, on, phase, hold, media, muted, reason, actions },
    ...{ created_at, ringing_at, answered_at, ended_at },
    ...(withNumbers ? { remote: call.remote } : {}),
  };
}
