import type { Reply } from "@offhook/sdk/api";
import { Note } from "@offhook/ui/Note.tsx";
import { useT } from "../../i18n/I18n.tsx";
import { Said } from "../../ui/Said.tsx";
import { useVerdict } from "./verdict.ts";

/** What came of a test, in words, with the first ones that were found. */
export function TestResult({ result }: { result: Reply<"POST /admin/contact-sources/ldap/test"> }) {
  const t = useT();
  const verdict = useVerdict();
  const { ok, code, detail, items } = result;
  return (
    <Note kind={!ok ? "danger" : code === "" ? "ok" : "warn"}>
      <p>{ok && code === "" ? t("sources.test.ok") : verdict(code)}</p>
      {!ok && detail !== "" && (
        <p>
          <Said>{detail}</Said>
        </p>
      )}
      {items.length > 0 && (
        <ul>
          {items.map(({ name, company, numbers }, i) => (
            <li key={i}>
              {[name, company, ...numbers.map(({ number }) => number.display || number.dialled)]
                .filter((part) => part !== "")
                .join(" · ")}
            </li>
          ))}
        </ul>
      )}
    </Note>
  );
}
