import { useEffect, useState } from "react";

/** True once the condition has held for a while. */
export function useAfter(condition: boolean, ms: number): boolean {
  const [passed, setPassed] = useState(false);
  useEffect(() => {
    if (!condition) return;
    const timer = setTimeout(() => setPassed(true), ms);
    return () => {
      clearTimeout(timer);
      setPassed(false);
    };
  }, [condition, ms]);
  return condition && passed;
}
