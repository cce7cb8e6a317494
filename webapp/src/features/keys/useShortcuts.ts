import { useEffect, useRef, useState } from "react";
import { show } from "../../app/route.ts";
import { useDialText } from "../dial/DialText.tsx";
import { meaningOf } from "./shortcuts.ts";

/** Makes the keys work on the whole page. One of them asks for the list of all. */
export function useShortcuts(): { help: boolean; closeHelp: () => void } {
  const { field } = useDialText();
  const [help, setHelp] = useState(false);
  const before = useRef<Element | null>(null);

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const target = event.target instanceof HTMLElement ? event.target : null;
      const action = meaningOf(event, target);
      if (!action) return;
      switch (action.kind) {
        case "press": {
          const control = document.querySelector<HTMLElement>(`[data-shortcut="${action.key}"]`);
          if (!control) return;
          control.click();
          break;
        }
        case "dial_field":
          show("phone");
          requestAnimationFrame(() => field.current?.focus());
          break;
        case "help":
          setHelp(true);
          break;
        case "incoming":
          before.current = jumpToIncoming(before.current);
          break;
      }
      event.preventDefault();
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [field]);
  return { help, closeHelp: () => setHelp(false) };
}

/** To the incoming call, and from there back to where one was. */
function jumpToIncoming(before: Element | null): Element | null {
  const slot = document.getElementById("incoming");
  if (!slot?.hasChildNodes()) return before;
  if (slot.contains(document.activeElement)) {
    if (before instanceof HTMLElement) before.focus();
    return null;
  }
  const from = document.activeElement;
  const answer = slot.querySelector<HTMLElement>('[data-shortcut="a"]');
  (answer ?? slot).focus();
  return from;
}
