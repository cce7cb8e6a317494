import { type Problem, type Settings, toProblem } from "@offhook/sdk";
import { useState } from "react";
import { useObservable, usePhone } from "../../app/PhoneContext.tsx";

/** What the server keeps for all devices of the user; null until it told. */
export function useSettings(): Settings | null {
  return useObservable(usePhone().settings.view)?.settings ?? null;
}

export function useChangeSetting() {
  const phone = usePhone();
  const [problem, setProblem] = useState<Problem | null>(null);
  const change = (wish: Partial<Settings>) => {
    setProblem(null);
    phone.settings.change(wish).catch((error: unknown) => setProblem(toProblem(error)));
  };
  return { change, problem };
}
