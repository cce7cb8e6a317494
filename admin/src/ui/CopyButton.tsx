import { Button } from "@offhook/ui/Button.tsx";
import { useState } from "react";
import { tell } from "../app/notices.ts";
import { useT } from "../i18n/I18n.tsx";

/** Where the browser does not let us copy, it says so: the text can be selected all the same. */
export function CopyButton({ text, label }: { text: string; label?: string }) {
  const t = useT();
  const [done, setDone] = useState(false);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      setDone(true);
      tell(t("common.copied"));
    } catch {
      tell(t("common.copyFailed"));
    }
  };
  return (
    <Button icon={done ? "check" : "copy"} onPress={() => void copy()}>
      {label ?? t("common.copy")}
    </Button>
  );
}
