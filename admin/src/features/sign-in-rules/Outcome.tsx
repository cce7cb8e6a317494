import { Note } from "@offhook/ui/Note.tsx";
import { refusalOf } from "@offhook/ui/sign-in/refusals.ts";
import { problemWords } from "../../app/words.ts";
import en from "../../i18n/en.json";
import { type MessageId, type Translate, useT } from "../../i18n/I18n.tsx";
import { Said } from "../../ui/Said.tsx";

interface Verdict {
  ok: boolean;
  code: string;
  detail: string;
}

/** Whether a test sign-in went well; else why not, and what the other side said. */
export function Outcome({ verdict: { ok, code, detail } }: { verdict: Verdict }) {
  const t = useT();
  return (
    <Note kind={ok ? "ok" : "danger"}>
      <p>{ok ? t("sso.test.ok") : words(t, code)}</p>
      {!ok && detail !== "" && (
        <p>
          <Said>{detail}</Said>
        </p>
      )}
    </Note>
  );
}

/** The same codes as those of a real sign-in, here for whoever can set it right. */
function words(t: Translate, code: string): string {
  const id = `signInError.${refusalOf(code)}`;
  if (id in en) return t(id as MessageId);
  return problemWords(t, { status: 0, code, title: code });
}
