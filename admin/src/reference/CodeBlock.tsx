import { Button } from "@offhook/ui/Button.tsx";
import { useState } from "react";
import styles from "./Page.module.css";
import { useSay } from "./words.ts";

type Copied = "no" | "copied" | "copyFailed";

/** Long lines break: nothing has to be scrolled sideways. */
export function CodeBlock({ label, text }: { label: string; text: string }) {
  const say = useSay();
  const [copied, setCopied] = useState<Copied>("no");
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      setCopied("copied");
    } catch {
      setCopied("copyFailed");
    }
  };
  return (
    <figure className={styles.code}>
      <figcaption>
        <span>{label}</span>
        <span role="status">{copied === "no" ? "" : say(copied)}</span>
        <Button
          icon={copied === "copied" ? "check" : "copy"}
          look="quiet"
          aria-label={say("copyOf", { what: label })}
          onPress={() => void copy()}
        >
          {say("copy")}
        </Button>
      </figcaption>
      <pre lang="en" translate="no">
        <code>{text}</code>
      </pre>
    </figure>
  );
}
