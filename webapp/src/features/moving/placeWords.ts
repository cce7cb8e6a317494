import type { Call } from "@offhook/sdk";
import { whoOf } from "../../app/words.ts";
import type { Translate } from "../../i18n/I18n.tsx";

type Place = Call["moves"][number];

/** Where a call may go, as a button says it. */
export function placeWords(t: Translate, { to, name }: Place): string {
  if (to === "desk_phone") return t("move.desk");
  if (to === "alternative") return t("move.alternative", { number: name ?? "" });
  // Not every device told the server a name.
  return name !== null && name !== "" ? name : t("move.device");
}

/** What goes on while it is on its way. */
export function movingWords(t: Translate, call: Call, ownDevice: string | null): string | null {
  if (!call.moving) return null;
  const { to } = call.moving;
  const who = whoOf(t, call.remote);
  if (to === ownDevice) return t("move.coming");
  if (to === "desk_phone") return t("move.toDesk", { who });
  // Where it may go is not told while it goes somewhere: there is no name to say.
  return to === "alternative" ? t("move.toAlternative", { who }) : t("move.toDevice");
}
