import { toProblem } from "@offhook/sdk/api";

const AT_MOST_S = 60;

/** It was stopped before it was done; nothing has happened since. */
export class Stopped extends Error {}

/** The gateway may say "not so fast": then we wait as long as it says, unless it is stopped. */
export async function patiently<T>(
  work: () => Promise<T>,
  stop: AbortSignal,
  waits: (seconds: number | null) => void,
): Promise<T> {
  for (;;) {
    if (stop.aborted) throw new Stopped();
    try {
      return await work();
    } catch (error) {
      const problem = toProblem(error);
      if (problem.code !== "rate_limited") throw error;
      const seconds = Math.min(AT_MOST_S, problem.retry_after ?? 1);
      waits(seconds);
      await pause(seconds * 1000, stop);
      waits(null);
    }
  }
}

function pause(ms: number, stop: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      stop.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    if (stop.aborted) end();
    else stop.addEventListener("abort", end);
  });
}
