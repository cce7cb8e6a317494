import type { Call } from "@offhook/sdk";
import { useNotice } from "../../app/PhoneContext.tsx";
import { noticeWords, whoOf } from "../../app/words.ts";
import { useT } from "../../i18n/I18n.tsx";
import { Note } from "@offhook/ui/Note.tsx";

/** What the server has to say about this call, for a while, in the call's own place. */
export function NoticeNote({ call }: { call: Call }) {
  const t = useT();
  const notice = useNotice(call.id);
  const words = notice && noticeWords(t, notice, whoOf(t, call.remote));
  return words ? <Note kind="warn">{words}</Note> : null;
}
