import { screen, waitFor } from "@testing-library/react";
import { expect, it } from "vitest";
import { openPage, PEOPLE } from "../../testing/page.tsx";

const numbered = (number: string) => ({ dialled: number, canonical: number, display: number });
const CONTACT = {
  id: "c1",
  shared: false,
  name: "Berta Brandt",
  company: "Plumbing Ltd",
  email: "",
  note: "",
  numbers: [
    { kind: "work", number: numbered("+4930555") },
    { kind: "mobile", number: numbered("+49170555") },
  ],
  version: 1,
};

const prepare = (world: Parameters<NonNullable<Parameters<typeof openPage>[0]>>[0]) => {
  world.routes["GET /directory"] = () => ({
    status: 200,
    body: { items: PEOPLE.slice(1, 2), next_cursor: null },
  });
  world.routes["GET /contacts"] = () => ({
    status: 200,
    body: { items: [CONTACT], next_cursor: null },
  });
};

it("finds contacts below the colleagues, each number a row, and calls the one that is pressed", async () => {
  const { user, world } = await openPage(prepare);
  await user.type(screen.getByLabelText("Name or number"), "berta");
  await screen.findByText("Mobile +49170555");
  const rows = [...document.querySelectorAll("[data-row]")].map((row) => row.textContent);
  expect(rows[0]).toContain("Berta Schulz");
  expect(rows).toHaveLength(3);
  await user.click(screen.getByText("Mobile +49170555"));
  await waitFor(() => expect(world.socket.commands("dial")).toMatchObject([{ to: "+49170555" }]));
});

it("calls the colleague by Enter, and shows colleagues when contacts cannot be asked", async () => {
  const { user, world } = await openPage((w) => {
    prepare(w);
    w.routes["GET /contacts"] = () => ({ status: 500, body: { code: "internal", title: "" } });
  });
  await user.type(screen.getByLabelText("Name or number"), "berta");
  await screen.findByText("Call Berta Schulz");
  await user.keyboard("{Enter}");
  await waitFor(() => expect(world.socket.commands("dial")).toMatchObject([{ to: "102" }]));
});
