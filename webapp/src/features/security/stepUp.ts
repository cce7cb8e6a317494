import { ProblemError, Store } from "@offhook/sdk";

export interface StepUp {
  methods: readonly string[];
  /** Where the company's provider asks for a new proof, if it alone can tell. */
  signOn?: string;
  /** All that wait for the answer: there is one question, however many acts need it. */
  waiting: ((proven: boolean) => void)[];
}

/** The question that is open: who is at the keyboard? */
export const stepUp = new Store<StepUp | null>(null);

export function answer(proven: boolean): void {
  const waiting = stepUp.get()?.waiting ?? [];
  stepUp.set(null);
  for (const go of waiting) go(proven);
}

/** Does what needs a recent proof of who one is; when it is too old, asks for one and repeats. */
export async function fresh<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof ProblemError) || error.code !== "step_up_required") throw error;
    const { methods, sign_on } = error.details;
    const proven = await new Promise<boolean>((resolve) => {
      const open = stepUp.get();
      if (open) open.waiting.push(resolve);
      else {
        stepUp.set({
          methods: Array.isArray(methods) ? methods.filter((one) => typeof one === "string") : [],
          ...(typeof sign_on === "string" ? { signOn: sign_on } : {}),
          waiting: [resolve],
        });
      }
    });
    if (!proven) throw error;
    return await work();
  }
}
