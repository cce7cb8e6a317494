import { aMe } from "@offhook/sdk/fakes";
import { expect, it } from "vitest";
import { lastTargets, rememberTarget } from "./lastTargets.ts";

it("remembers for each user alone whom calls went to", () => {
  const anna = aMe();
  const berta = aMe({ user: { ...anna.user, id: "user-2" } });
  const elsewhere = aMe({ tenant: { ...anna.tenant, id: "tenant-2" } });
  const target = { number: "104", shown: "104", name: "Bernd Schuster" };
  rememberTarget(anna, target);
  expect(lastTargets(anna)).toEqual([target]);
  expect(lastTargets(berta)).toEqual([]);
  expect(lastTargets(elsewhere)).toEqual([]);
  expect(lastTargets(null)).toEqual([]);
});
