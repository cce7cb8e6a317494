import { ProblemError, Store } from "@offhook/sdk";

export interface StepUp {
  methods: readonly string[];
  proven: () => void;
  refused: (error: unknown) => void;
}

/** The question that is open: who is at the keyboard? */
export const stepUp = new Store<StepUp | null>(null);

/** Does what needs a recent proof of who one is; when it is too old, asks for one and repeats. */
export async function fresh<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof ProblemError) || error.code !== "step_up_required") throw error;
    const { methods } = error.details;
    await new Promise<void>((proven, refused) => {
      stepUp.set({
        methods: Array.isArray(methods) ? methods.filter((one) => typeof one === "string") : [],
        proven: () => proven(),
        refused: () => refused(error),
      });
    });
    return await work();
  }
}
