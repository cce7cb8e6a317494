import { useEffect } from "react";
import { useObservable } from "../../app/PhoneContext.tsx";
import { useProblemWords } from "../../app/words.ts";
import { Note } from "@offhook/ui/Note.tsx";
import { callTrouble } from "./callTrouble.ts";

const SHOWN_MS = 15_000;

/** Why something that was asked of this call did not happen. */
export function TroubleNote({ callId }: { callId: string }) {
  const words = useProblemWords();
  const trouble = useObservable(callTrouble);
  const mine = trouble?.callId === callId ? trouble : null;

  useEffect(() => {
    if (!mine) return;
    const timer = setTimeout(() => {
      if (callTrouble.get() === mine) callTrouble.set(null);
    }, SHOWN_MS);
    return () => clearTimeout(timer);
  }, [mine]);

  return mine && <Note kind="danger">{words(mine.problem)}</Note>;
}
