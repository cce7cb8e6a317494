import type { Phone } from "@offhook/sdk";
import { type Language, preferredLanguage } from "@offhook/ui/i18n/language.ts";

/** Here and not with the other words: those are what did not come. */
const WORDS: Record<Language, readonly [text: string, reload: string]> = {
  en: ["Offhook could not be loaded.", "Reload"],
  de: ["Offhook konnte nicht geladen werden.", "Neu laden"],
  fr: ["Offhook n’a pas pu être chargé.", "Recharger"],
  es: ["No se ha podido cargar Offhook.", "Volver a cargar"],
  it: ["Non è stato possibile caricare Offhook.", "Ricarica"],
  nl: ["Offhook kon niet worden geladen.", "Opnieuw laden"],
  ca: ["No s’ha pogut carregar Offhook.", "Torna a carregar"],
};

const RELOADED = "offhook.reloaded";

type Page = { showPage: (phone: Phone) => void };

/**
 * The interface is a file of its own, and may be missing: after a release its old name is gone, and
 * on a bad path one request is lost. Loaded anew once, the page gets the right one; a call that is
 * heard goes on meanwhile. A phone that nobody sees must not ring, nor answer by itself.
 */
export async function showInterface(
  phone: Phone,
  load: () => Promise<Page>,
  reload = () => location.reload(),
): Promise<void> {
  try {
    (await load()).showPage(phone);
    sessionStorage.removeItem(RELOADED);
  } catch {
    const { legs } = phone;
    const isHeard = () => legs.carried().length > 0;
    if (!isHeard() && navigator.onLine && sessionStorage.getItem(RELOADED) === null) {
      sessionStorage.setItem(RELOADED, "1");
      reload();
      return;
    }
    sayMissing(reload);
    if (!isHeard()) {
      phone.dispose();
      return;
    }
    const undo = legs.views.subscribe(() => {
      if (isHeard()) return;
      undo();
      phone.dispose();
    });
  }
}

function sayMissing(reload: () => void): void {
  const language = preferredLanguage();
  const [text, again] = WORDS[language];
  document.documentElement.lang = language;
  const words = document.createElement("p");
  words.textContent = text;
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = again;
  button.addEventListener("click", () => reload());
  const note = document.createElement("div");
  note.className = "page-missing";
  note.setAttribute("role", "alert");
  note.append(words, button);
  document.getElementById("root")?.replaceChildren(note);
}
