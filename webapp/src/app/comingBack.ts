import type { Phone } from "@offhook/sdk";
import { type Language, preferredLanguage } from "@offhook/ui/i18n/language.ts";

/** Whoever has no audio by then wants to see why. */
const AUDIO_FIRST_MS = 700;

/** Here and not with the other words: those come with the interface. */
const WORDS: Record<Language, string> = {
  en: "Your call is coming back…",
  de: "Ihr Gespräch kommt zurück…",
  fr: "Votre appel est de retour dans un instant…",
  es: "Recuperando su llamada…",
  it: "La tua chiamata sta tornando…",
  nl: "Uw gesprek komt terug…",
  ca: "S’està recuperant la trucada…",
};

/**
 * Settled when the interface may be loaded: at once, unless the page was loaded again during a call
 * that is heard in it. Then the phone has the processor for itself until the call is heard again,
 * is known to be over, or takes too long.
 */
export async function audioFirst({ legs, session }: Phone): Promise<void> {
  if (Object.keys(legs.views.get()).length === 0) return;
  sayComingBack();
  await new Promise<void>((resolve) => {
    const done = () => {
      for (const undo of following) undo();
      // It is over, or in another tab: this page may have been made from that one.
      const note = document.getElementById("coming-back");
      if (note && Object.keys(legs.views.get()).length === 0) note.hidden = true;
      resolve();
    };
    const look = () => {
      const all = Object.values(legs.views.get());
      const heard = all.some((leg) => leg.state === "connected");
      if (heard || all.length === 0 || session.state.get().kind === "signed_out") done();
    };
    const timer = setTimeout(done, AUDIO_FIRST_MS);
    const following = [
      legs.views.subscribe(look),
      session.state.subscribe(look),
      () => clearTimeout(timer),
    ];
  });
}

/** In the page itself, until the interface takes its place. */
function sayComingBack(): void {
  const note = document.getElementById("coming-back");
  if (!note) return;
  const language = preferredLanguage();
  document.documentElement.lang = language;
  note.textContent = WORDS[language];
  note.hidden = false;
}
