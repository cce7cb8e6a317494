import { useEffect } from "react";
import { useObservable, usePhone, useStage } from "./PhoneContext.tsx";

/** Whoever closes the page during a call that is heard in it is asked first, in the browser's words. */
export function useWarningBeforeLeaving(): void {
  const legs = useObservable(usePhone().legs.views);
  const { active } = useStage();
  const talking = active.some((call) => call.id in legs);

  useEffect(() => {
    if (!talking) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", ask);
    return () => window.removeEventListener("beforeunload", ask);
  }, [talking]);
}
