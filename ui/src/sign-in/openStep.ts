import type { ProblemError } from "@offhook/sdk/api";

/** The password was right; one of these is wanted besides. */
export interface OpenStep {
  token: string;
  methods: readonly string[];
}

export function stepOf(error: ProblemError): OpenStep | null {
  if (error.code !== "second_factor_required") return null;
  const { step_token: token, methods } = error.details;
  if (typeof token !== "string" || !Array.isArray(methods)) return null;
  return { token, methods: methods.filter((one) => typeof one === "string") };
}
