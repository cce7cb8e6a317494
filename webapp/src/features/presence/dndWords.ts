import type { OwnPresence } from "@offhook/sdk";
import type { IntlShape } from "react-intl";
import type { Translate } from "../../i18n/I18n.tsx";
import { endWords } from "./presenceWords.ts";

/** One sentence: until when, and where it was switched on. */
export function dndWords(
  t: Translate,
  intl: IntlShape,
  quiet: OwnPresence["do_not_disturb"],
  now: Date,
): string {
  if (quiet.until !== null) {
    return t("presence.dnd.until", { end: endWords(intl, new Date(quiet.until), now) });
  }
  if (quiet.by === "pbx" && quiet.since !== null) {
    return t("presence.dnd.byPbx", { since: endWords(intl, new Date(quiet.since), now) });
  }
  return t("presence.dnd.on");
}
