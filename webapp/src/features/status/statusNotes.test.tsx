import { aSnapshot } from "@offhook/sdk/fakes";
import type { Connector } from "@offhook/sdk";
import { screen } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { openPage } from "../../testing/page.tsx";

const ROUGH = "The link to the office is weak. Calls may sound rough.";

const weakIn = (layer: Connector["layers"][number]["layer"]) =>
  openPage((world) => {
    const since = "2027-01-03T02:00:00Z";
    const connector: Connector = { state: "weak", layers: [{ layer, state: "weak", since }] };
    world.socket.onConnect = () => world.socket.serve("snapshot", aSnapshot({ connector }));
  });

describe("a weak link", () => {
  it("is named where everybody's calls are heard by it", async () => {
    await weakIn("audio");
    expect(screen.getByText(ROUGH)).toBeTruthy();
  });

  it("is nothing to fear where lines of others or desk phones are not there", async () => {
    await weakIn("voice");
    expect(screen.queryByText(ROUGH)).toBeNull();
  });
});
