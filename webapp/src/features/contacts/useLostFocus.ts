import { type RefObject, useEffect } from "react";

/**
 * What stood here before is gone, and with it the focus: `box` (tabIndex -1) takes it, and is
 * brought into sight unless it is to `stay` where it is.
 */
export function useLostFocus(box: RefObject<HTMLElement | null>, { stay = false } = {}): void {
  useEffect(() => {
    if (document.activeElement === document.body) box.current?.focus({ preventScroll: stay });
  }, [box, stay]);
}
