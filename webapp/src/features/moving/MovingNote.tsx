import type { Call } from "@offhook/sdk";
import { useCalls } from "../../app/PhoneContext.tsx";
import { useT } from "../../i18n/I18n.tsx";
import { Note } from "@offhook/ui/Note.tsx";
import { movingWords } from "./placeWords.ts";

/** While the call is on its way from one of the user's devices to another. */
export function MovingNote({ call }: { call: Call }) {
  const t = useT();
  const { deviceId } = useCalls();
  const words = movingWords(t, call, deviceId);
  return words === null ? null : (
    <Note kind="info" icon="move">
      {words}
    </Note>
  );
}
