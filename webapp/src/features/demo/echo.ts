import type { DemoHint, Me } from "@offhook/sdk";

/** The number that answers with one's own voice, where there is one. */
export function echoOf(me: Me | null): DemoHint | undefined {
  return me?.demo?.hints.find((hint) => hint.kind === "echo");
}
