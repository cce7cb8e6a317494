import type { AlternativeNumber, HuntGroups, Offer } from "@offhook/sdk";
import { aSnapshot } from "@offhook/sdk/fakes";
import { screen, waitFor, within } from "@testing-library/react";
import { afterEach, expect, it } from "vitest";
import { openPage } from "../../testing/page.tsx";

afterEach(() => {
  location.hash = "";
});

async function settings(
  offers: Offer[],
  prepare: Parameters<typeof openPage>[0] = () => undefined,
) {
  location.hash = "#/me";
  const page = await openPage((world) => {
    world.socket.onConnect = () => world.socket.serve("snapshot", aSnapshot({ offers }));
    prepare(world);
  });
  const box = await screen.findByRole("region", { name: "When someone calls you" });
  return { ...page, box: within(box) };
}

const GROUPS: HuntGroups = {
  available: true,
  why_not: null,
  groups: [
    { number: "300", name: "Sales", logged_in: true },
    { number: "301", name: null, logged_in: false },
  ],
};

it("logs in and out of groups, and follows what the phone system says", async () => {
  const asked: unknown[] = [];
  let now = GROUPS;
  const page = await settings(["hunt_groups"], (world) => {
    world.routes["GET /hunt-groups"] = () => ({ status: 200, body: now });
    world.routes["PUT /hunt-groups/300"] = (body) => {
      asked.push(body);
      now = { ...GROUPS, groups: [{ number: "300", name: "Sales", logged_in: false }] };
      return { status: 200, body: now };
    };
  });
  const sales = await page.box.findByRole<HTMLInputElement>("switch", { name: "Sales (300)" });
  expect(sales.checked).toBe(true);
  expect(page.box.getByRole<HTMLInputElement>("switch", { name: "Group 301" }).checked).toBe(false);
  await page.user.click(sales);
  await waitFor(() => expect(sales.checked).toBe(false));
  expect(asked).toEqual([{ logged_in: false }]);
  now = GROUPS;
  const { groups } = GROUPS;
  await page.server(() => page.world.socket.serve("hunt_groups.changed", { groups }));
  await waitFor(() => expect(sales.checked).toBe(true));
});

const NONE: AlternativeNumber = {
  number: null,
  receive: "never",
  modes: ["never", "no_answer", "always"],
  may_dial: true,
  available: true,
  why_not: null,
};
const NUMBER = { dialled: "01715550177", canonical: "+491715550177", display: "+49 171 5550177" };

it("keeps the other phone's number and says what the next call does", async () => {
  const asked: unknown[] = [];
  const page = await settings(["alternative_number"], (world) => {
    world.routes["GET /alternative-number"] = () => ({ status: 200, body: NONE });
    world.routes["PUT /alternative-number"] = (body) => {
      asked.push(body);
      return { status: 200, body: { ...NONE, number: NUMBER, receive: "no_answer" } };
    };
  });
  await page.box.findByText("No other phone is known here yet.");
  await page.user.type(page.box.getByLabelText("Number of your other phone"), "0171 5550177");
  await page.user.click(page.box.getByRole("radio", { name: "Work calls that I do not answer" }));
  await page.user.click(page.box.getByRole("button", { name: "Save" }));
  expect(asked).toEqual([{ number: "0171 5550177", receive: "no_answer" }]);
  await page.box.findByText("A call that you do not answer goes on to +49 171 5550177.");
  page.box.getByText(/desk phone at once\. If you do not answer, it goes on to \+49 171 5550177/);
});

it("keeps what is typed into the other phone's number while other things change", async () => {
  let now = NONE;
  const page = await settings(["alternative_number"], (world) => {
    world.routes["GET /alternative-number"] = () => ({ status: 200, body: now });
  });
  const field = await page.box.findByLabelText("Number of your other phone");
  await page.user.type(field, "0171");
  now = { ...NONE, modes: ["never", "always"] };
  await page.server(() =>
    page.world.socket.serve("alternative_number.changed", { alternative: now }),
  );
  await waitFor(() =>
    expect(page.box.queryByRole("radio", { name: "Work calls that I do not answer" })).toBeNull(),
  );
  expect(page.box.getByLabelText("Number of your other phone")).toBe(document.activeElement);
  expect(document.activeElement).toHaveProperty("value", "0171");
});

it("offers nothing that the phone system does not offer", async () => {
  const page = await settings([]);
  await page.box.findByText(/The next call/);
  expect(page.box.queryByText("My other phone")).toBeNull();
  expect(page.box.queryByText("Groups whose calls I take")).toBeNull();
  expect(page.world.requests.some(({ path }) => /hunt|alternative/.test(path))).toBe(false);
});

it("asks for a hidden number although it is not offered any more, and lets it be unticked", async () => {
  const page = await openPage((world) => {
    world.socket.onConnect = () =>
      world.socket.serve("snapshot", aSnapshot({ offers: ["hide_number"] }));
  });
  const hide = () => screen.getByRole("checkbox", { name: /^Hide my number/ });
  await page.user.type(screen.getByRole("textbox", { name: "Name or number" }), "104");
  await page.user.click(hide());
  await page.server(() => page.world.socket.serve("offers.changed", { offers: [] }));
  const problem = { status: 409, code: "not_offered", title: "" };
  page.world.socket.reply = () => ({ ok: false, problem });
  await page.user.click(screen.getByRole("button", { name: "Call" }));
  expect(page.world.socket.commands("dial")).toMatchObject([{ to: "104", hide_number: true }]);
  await page.user.click(hide());
  expect(screen.queryByRole("checkbox", { name: /^Hide my number/ })).toBeNull();
});

it("calls from the other phone, and hides the number for one call", async () => {
  const page = await openPage((world) => {
    const offers: Offer[] = ["dial_alternative", "hide_number"];
    world.socket.onConnect = () => world.socket.serve("snapshot", aSnapshot({ offers }));
    world.routes["GET /alternative-number"] = () => ({
      status: 200,
      body: { ...NONE, number: NUMBER },
    });
  });
  const field = screen.getByRole("textbox", { name: "Name or number" });
  const hide = () => screen.queryByRole("checkbox", { name: /^Hide my number/ });
  expect(hide()).toBeNull();
  await page.user.type(field, "104");
  await page.user.click(hide()!);
  await page.user.click(screen.getByRole("button", { name: "Call" }));
  expect(page.world.socket.commands("dial")).toMatchObject([{ to: "104", hide_number: true }]);
  await page.end({ reason: "hung_up" });
  await waitFor(() => expect(hide()).toBeNull());

  const other = await screen.findByRole("radio", { name: /^My other phone ?\+49 171 5550177$/ });
  await page.user.click(other);
  await page.user.type(field, "105{Enter}");
  const [, second] = page.world.socket.commands("dial");
  expect(second).toMatchObject({ to: "105", from: "alternative" });
  expect(second).not.toHaveProperty("hide_number");
  expect(
    screen.getByText(/^Your other phone rings now\. Pick it up, then 105 is called/),
  ).toBeTruthy();
  await page.user.click(screen.getByRole("radio", { name: "This browser" }));
});
