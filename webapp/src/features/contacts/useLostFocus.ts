import { type RefObject, useEffect } from "react";

/** What stood here before is gone, and with it the focus: `box` (tabIndex -1) takes it. */
export function useLostFocus(box: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    if (document.activeElement === document.body) box.current?.focus();
  }, [box]);
}
