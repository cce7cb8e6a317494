import { screen, within } from "@testing-library/react";
import { beforeEach, describe, expect, it } from "vitest";
import { openPortal } from "../../testing/portal.tsx";

const SITE = { id: "s-1", name: "Munich", version: 1 };
const LAYER = { since: null, last_proof: null, detail: "", measured: [], advice: null };
const STATUS = {
  site: { id: "s-1", name: "Munich", profile: "business", pbx_release: "V3R2" },
  state: "weak",
  layers: [
    {
      ...LAYER,
      layer: "network",
      state: "working",
      measured: [{ code: "round_trip_ms", value: 0.6, of: null }],
    },
    {
      ...LAYER,
      layer: "tls",
      state: "working",
      measured: [
        { code: "tls_version", value: "TLSv1.3", of: null },
        { code: "certificate_days", value: 1, of: null },
      ],
    },
    {
      ...LAYER,
      layer: "voice",
      state: "weak",
      measured: [{ code: "lines", value: 3, of: 4 }],
      detail: "403 Forbidden",
      advice: { code: "new_since", text: "Ask them." },
    },
  ],
  versions: {
    gateway: "0.1",
    connector: "0.1",
    pbx_release: "V3R2",
    compatibility: "tested",
    newer_connector: false,
    note: "",
    releases: [],
  },
  certificates: [],
  errors: [],
  capacity: {
    calls: 8,
    channels: 10,
    lines: 4,
    registered: 3,
    ip_licences: 3,
    warnings: ["channels_80", "ip_licences_exceeded"],
  },
  installations: [
    { instance: "pbx-1", version: "0.1", last_seen: "2026-01-02T10:00:00Z", connected: true },
  ],
  keys: [],
  unregistered: [{ number: "104", name: "Dora Lind", detail: "403 Forbidden" }],
};

beforeEach(() => {
  location.hash = "#/sites/s-1";
});

function openSite(more: Parameters<typeof openPortal>[0] = {}) {
  return openPortal({
    "GET /admin/sites/s-1": { body: SITE },
    "GET /admin/sites/s-1/connector": { body: STATUS },
    "GET /admin/sites/s-1/test-calls": { body: { items: [], next_cursor: null } },
    ...more,
  });
}

describe("the page of a connector", () => {
  it("says where room gets short, and which lines are missing", async () => {
    openSite();
    const details = within(await screen.findByRole("region", { name: "Details" }));
    details.getByText("Most channels to the phone system are in use.");
    details.getByText(/more lines than IP user licences/);
    expect(details.getByText("4 of 3")).toBeTruthy();
    const missing = within(screen.getByRole("table", { name: "Lines that are not registered" }));
    expect(missing.getByText("104")).toBeTruthy();
    expect(missing.getByText("403 Forbidden").lang).toBe("en");
    const installed = within(screen.getByRole("table", { name: "Installed connectors" }));
    expect(installed.getByText("connected")).toBeTruthy();
    screen.getByText("round trip 0.6 ms");
    screen.getByText("version TLSv1.3 · certificate: 1 day left");
    screen.getByText("lines: 3 of 4");
    // What a gateway newer than this page says is its own English.
    expect(screen.getByText("Ask them.").lang).toBe("en");
  });

  it("shows the way to a first connector, and says where it cannot", async () => {
    let there = false;
    const { user } = openSite({
      "GET /admin/sites/s-1/connector": { body: { ...STATUS, state: "not_set_up" } },
      "GET /admin/sites/s-1/install": () =>
        there
          ? { body: { command: "offhook-connector run", file_name: "c.toml", config: "x = 1" } }
          : { status: 503, body: { code: "restarting", title: "no" } },
    });
    const setUp = within(await screen.findByRole("region", { name: "Set up the connector" }));
    const retry = await setUp.findByRole("button", { name: "Try again" }, { timeout: 5_000 });
    there = true;
    await user.click(retry);
    expect(await setUp.findByText("offhook-connector run")).toBeTruthy();
    expect(setUp.getByRole("button", { name: "Download the file" })).toBeTruthy();
  });

  it("keeps file and command, folded, for the day the connector moves", async () => {
    const { user, asked } = openSite({
      "GET /admin/sites/s-1/connector": { body: STATUS },
      "GET /admin/sites/s-1/install": {
        body: { command: "offhook-connector run", file_name: "c.toml", config: "x = 1" },
      },
    });
    const setUp = within(await screen.findByRole("region", { name: "Set up the connector" }));
    expect(asked("GET /admin/sites/s-1/install")).toHaveLength(0);
    await user.click(setUp.getByText("On another machine, or anew"));
    expect(await setUp.findByText("offhook-connector run")).toBeTruthy();
  });

  it("places a test call and ticks its steps", async () => {
    const step = (name: string, state: string) => ({
      step: name,
      state,
      after_ms: 12,
      detail: state === "failed" ? "486 Busy Here" : "",
    });
    const call = {
      id: "c-1",
      state: "failed",
      from_line: "101",
      to: "102",
      started_at: "2026-01-02T10:00:00Z",
      steps: [step("reached", "passed"), step("rings", "failed")],
    };
    const { user, asked } = openSite({
      "POST /admin/sites/s-1/test-calls": { status: 202, body: { ...call, state: "running" } },
      "GET /admin/sites/s-1/test-calls/c-1": { body: call },
    });
    await user.type(await screen.findByLabelText("From extension"), "101");
    await user.type(screen.getByLabelText("To number"), "102");
    await user.click(screen.getByRole("button", { name: "Place the test call" }));
    expect((await screen.findByText("486 Busy Here")).lang).toBe("en");
    expect(asked("POST /admin/sites/s-1/test-calls")[0]?.body).toEqual({
      from_line: "101",
      to: "102",
    });
  });
});

describe("a site", () => {
  it("keeps what is no number, and says so at its field", async () => {
    location.hash = "#/sites";
    const { user, asked } = openPortal({});
    await user.click(await screen.findByRole("button", { name: "New site" }));
    await user.type(await screen.findByLabelText("Name"), "Bonn");
    await user.type(screen.getByLabelText("Calls at once"), "ten");
    await user.click(screen.getByRole("button", { name: "Save" }));
    await screen.findByText("A whole number, please.");
    expect(asked("POST /admin/sites")).toHaveLength(0);
    expect(screen.getByLabelText<HTMLInputElement>("Calls at once").value).toBe("ten");
  });
});
