import { useObservable } from "../../app/PhoneContext.tsx";
import { useProblemWords } from "../../app/words.ts";
import { Note } from "../../ui/Note.tsx";
import { hangUpTrouble } from "./useHangUp.ts";

/** Why the call goes on although the user ended it. */
export function HangUpNote({ callId }: { callId: string }) {
  const words = useProblemWords();
  const trouble = useObservable(hangUpTrouble);
  if (trouble?.callId !== callId) return null;
  return <Note kind="danger">{words(trouble.problem)}</Note>;
}
