import { aMe, aPresence, aSnapshot } from "@offhook/sdk/fakes";
import { act, screen, waitFor, within } from "@testing-library/react";
import { expect, it } from "vitest";
import { openPage } from "../../testing/page.tsx";

const TO_BERTA = { dialled: "102", canonical: "102", display: "102" };

async function settings(prepare: Parameters<typeof openPage>[0]) {
  location.hash = "#/me";
  const page = await openPage(prepare);
  const box = await screen.findByRole("region", { name: "When someone calls you" });
  return { ...page, box: within(box) };
}

it("says in one sentence what the next call does, and changes it as the server agrees", async () => {
  const asked: unknown[] = [];
  const page = await settings((world) => {
    world.routes["PUT /routing"] = (body) => {
      asked.push(body);
      const routing = { ...(body as object), delay_ms: 8000 };
      return { status: 200, body: { routing, version: 2 } };
    };
  });
  await page.box.findByText(/rings on your apps and your desk phone at once/);
  await page.user.click(page.box.getByLabelText("The desk phone first, then my apps"));
  await page.box.findByText(/after 8 seconds on your apps as well/);
  expect(asked).toMatchObject([{ apps: "later", when_busy: "second_call" }]);
});

it("lets callers hear busy during a call", async () => {
  const asked: unknown[] = [];
  const page = await settings((world) => {
    world.routes["PUT /routing"] = (body) => {
      asked.push(body);
      return { status: 200, body: { routing: body, version: 2 } };
    };
  });
  const busy = await page.box.findByLabelText<HTMLInputElement>(/hear busy/);
  expect(busy.checked).toBe(false);
  await page.user.click(busy);
  await waitFor(() => expect(busy.checked).toBe(true));
  expect(asked).toMatchObject([{ when_busy: "busy" }]);
});

const FORWARDED = {
  available: true,
  why_not: null,
  kinds: ["immediate"],
  mailbox: true,
  entries: [{ kind: "immediate", active: true, to: TO_BERTA, voicemail: false }],
};

it("keeps a number that was refused, and says why", async () => {
  let refuses = true;
  const page = await settings((world) => {
    world.routes["GET /forwarding"] = () => ({ status: 200, body: FORWARDED });
    world.routes["PUT /forwarding/immediate"] = () =>
      refuses
        ? { status: 422, body: { status: 422, code: "forward_to_self", title: "" } }
        : { status: 200, body: FORWARDED };
  });
  const field = await page.box.findByLabelText<HTMLInputElement>("Number");
  await page.user.type(field, "101{Enter}");
  await page.box.findByText("Calls cannot be forwarded to your own number.");
  expect(field.value).toBe("101");
  refuses = false;
  await page.user.click(page.box.getByRole("button", { name: "Forward" }));
  await waitFor(() => expect(field.value).toBe(""));
});

it("shows forwarding as the phone system reports it, and says where it cannot", async () => {
  const page = await settings((world) => {
    world.routes["GET /forwarding"] = () => ({ status: 200, body: FORWARDED });
  });
  await page.box.findByText("To 102");
  page.box.getByText(/goes straight to 102/);
  expect(page.box.getByRole("button", { name: "To my mailbox" })).toBeTruthy();
});

const NOT_FORWARDED = { ...FORWARDED, entries: [] };
const QUIET = { on: true, until: null, since: null, by: "user" as const, at_pbx: true };

it.each([
  ["do not disturb", NOT_FORWARDED, { quiet: QUIET }, /^Do not disturb is on\. Callers hear busy/],
  [
    "do not disturb that the phone system does not hold",
    NOT_FORWARDED,
    { quiet: { ...QUIET, at_pbx: false } },
    /^Do not disturb is on\. Your apps do not ring/,
  ],
  ["forwarding before do not disturb", FORWARDED, { quiet: QUIET }, /goes straight to 102/],
  [
    "a phone system that does not answer",
    { ...NOT_FORWARDED, available: false, why_not: "pbx_unreachable", kinds: [] },
    {},
    /at once\. Whether your phone system forwards calls is not known here\.$/,
  ],
  [
    "no line",
    { ...NOT_FORWARDED, available: false, why_not: "no_line", kinds: [] },
    { line: null },
    /^You have no phone line yet, so nobody/,
  ],
] as const)("does not promise ringing with %s", async (_what, forwarding, mine, words) => {
  const page = await settings((world) => {
    world.routes["GET /forwarding"] = () => ({ status: 200, body: forwarding });
    const me = "line" in mine ? aMe({ line: mine.line }) : aMe();
    const presence = aPresence("quiet" in mine ? { do_not_disturb: mine.quiet } : {});
    world.socket.onConnect = () => world.socket.serve("snapshot", aSnapshot({ me, presence }));
  });
  await page.box.findByText(words);
});

it("says nothing of the next call before forwarding was read", async () => {
  let answer: () => void = () => undefined;
  const page = await settings((world) => {
    world.routes["GET /forwarding"] = () => ({
      status: 200,
      body: NOT_FORWARDED,
      after: new Promise<void>((resolve) => (answer = resolve)),
    });
  });
  await page.box.findByText("Loading…");
  await page.server(answer);
  await page.box.findByText(/rings on your apps and your desk phone at once\.$/);
});

it("does not offer what the phone system cannot do", async () => {
  const page = await settings(() => undefined);
  await page.box.findByText(/does not let Offhook change forwarding/);
  expect(page.box.queryByRole("button", { name: "Forward" })).toBeNull();
  await act(async () => undefined);
});

it("says that forwarding could not be read, and reads it again", async () => {
  let broken = true;
  const page = await settings((world) => {
    world.routes["GET /forwarding"] = () =>
      broken
        ? { status: 500, body: { status: 500, code: "internal", title: "" } }
        : { status: 200, body: FORWARDED };
  });
  await page.box.findByText(/could not be read/);
  broken = false;
  await page.user.click(page.box.getByRole("button", { name: "Try again" }));
  await page.box.findByText("To 102");
  expect(page.box.queryByText(/could not be read/)).toBeNull();
});

it("keeps the focus while a change is on its way, and takes no second one", async () => {
  const asked: unknown[] = [];
  let answer: () => void = () => undefined;
  const page = await settings((world) => {
    world.routes["PUT /routing"] = (body) => {
      asked.push(body);
      const after = new Promise<void>((resolve) => (answer = resolve));
      return { status: 200, body: { routing: body, version: 2 }, after };
    };
  });
  const later = await page.box.findByLabelText("The desk phone first, then my apps");
  await page.user.click(later);
  expect(document.activeElement).toBe(later);
  expect((later as HTMLInputElement).matches(":disabled")).toBe(false);
  await page.user.click(page.box.getByLabelText("Only the desk phone rings"));
  await page.server(answer);
  expect(asked).toMatchObject([{ apps: "later" }]);
  expect((later as HTMLInputElement).checked).toBe(true);
});
