import { numberOf } from "../../app/words.ts";
import { useAlternative } from "./useAlternative.ts";

/** The number of the other phone, where it is known. */
export function AlternativeWords() {
  const number = useAlternative().setting.value?.number;
  return number ? numberOf({ number }) : null;
}
