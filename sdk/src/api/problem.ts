import type { Problem } from "./types.ts";

/** What went wrong, with the stable code that the interface turns into words. */
export class ProblemError extends Error {
  readonly problem: Problem;
  /** All that the server said, also what only this code has: a step token, attempts left. */
  readonly details: Readonly<Record<string, unknown>>;

  constructor(problem: Problem, details: Readonly<Record<string, unknown>> = {}) {
    super(`${problem.status} ${problem.code}: ${problem.title}`);
    this.name = "ProblemError";
    this.problem = problem;
    this.details = details;
  }

  get code(): string {
    return this.problem.code;
  }
}

/** Our own findings use status 0: no server said it. */
export function localProblem(code: string, title: string): ProblemError {
  return new ProblemError({ status: 0, code, title });
}

/** Nobody answered: whether the server heard of it is not known. */
export function isLocal(error: unknown): boolean {
  return error instanceof ProblemError && error.problem.status === 0;
}

export function toProblem(error: unknown): Problem {
  if (error instanceof ProblemError) return error.problem;
  return { status: 0, code: "unexpected", title: error instanceof Error ? error.message : "" };
}
