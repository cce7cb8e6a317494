import type { Contact } from "@offhook/sdk";
import { act, screen, waitFor, within } from "@testing-library/react";
import { beforeEach, describe, expect, it } from "vitest";
import { anEntry, openPage } from "../../testing/page.tsx";
import { contactRemovals } from "./removals.ts";

beforeEach(() => {
  location.hash = "#/contacts";
});

const numbered = (number: string) => ({ dialled: number, canonical: number, display: number });

function aContact(id: string, name: string, change: Partial<Contact> = {}): Contact {
  return {
    id,
    shared: false,
    name,
    company: "",
    email: "",
    note: "",
    numbers: [{ kind: "work", number: numbered(`+4930${id}`) }],
    version: 1,
    ...change,
  };
}

const BOOK = [
  aContact("1", "Älva Brandt", {
    email: "alva@example.test",
    note: "Second floor",
    numbers: [
      { kind: "work", number: numbered("+49301") },
      { kind: "mobile", number: numbered("+491701") },
    ],
  }),
  aContact("2", "Anton Lang"),
  aContact("3", "Zoe Wolf", { shared: true, company: "Plumbing Ltd" }),
];

type World = Parameters<NonNullable<Parameters<typeof openPage>[0]>>[0];

async function openContacts(prepare: (world: World) => void = () => undefined, book = BOOK) {
  let items = book;
  const page = await openPage((world) => {
    world.routes["GET /contacts"] = () => ({ status: 200, body: { items, next_cursor: null } });
    prepare(world);
  });
  const sent = (method: string, path: string) =>
    page.world.requests.filter((one) => one.method === method && one.path.startsWith(path));
  return { ...page, sent, become: (next: Contact[]) => (items = next) };
}

const region = async (name = "Contacts") => within(await screen.findByRole("region", { name }));
const button = (name: string | RegExp) => screen.getByRole("button", { name });

describe("the list", () => {
  it("is grouped by letter, and a row calls the number that it shows", async () => {
    const { user, world } = await openContacts();
    const list = await region();
    await list.findByText("Älva Brandt");
    const letters = list.getAllByRole("heading", { level: 2 }).map((one) => one.textContent);
    expect(letters).toEqual(["A", "Z"]);
    expect(list.getByText("Work +49301 · 1 more number")).toBeTruthy();
    await user.click(list.getByText("Anton Lang"));
    await waitFor(() => expect(world.socket.commands("dial")).toMatchObject([{ to: "+49302" }]));
  });

  it("shows all numbers, mail, note and whose it is; only one's own can be changed", async () => {
    const { user, world } = await openContacts();
    const list = await region();
    await user.click(await list.findByRole("button", { name: "Details of Älva Brandt" }));
    expect(list.getByRole("link", { name: "alva@example.test" }).getAttribute("href")).toBe(
      "mailto:alva%40example.test",
    );
    expect(list.getByText("Second floor")).toBeTruthy();
    expect(list.getByText("One of your own contacts")).toBeTruthy();
    expect(list.getByRole("button", { name: "Edit" })).toBeTruthy();
    await user.click(list.getByRole("button", { name: "Details of Zoe Wolf" }));
    expect(list.getByText(/A contact of your company/)).toBeTruthy();
    expect(list.queryByText("Second floor")).toBeNull();
    expect(list.queryByRole("button", { name: "Edit" })).toBeNull();
    await user.click(list.getByRole("button", { name: "Details of Älva Brandt" }));
    await user.click(list.getByRole("button", { name: /\+491701/ }));
    await waitFor(() => expect(world.socket.commands("dial")).toMatchObject([{ to: "+491701" }]));
  });

  it("is narrowed down by text and by whose they are", async () => {
    const { user, sent, become } = await openContacts();
    await (await region()).findByText("Zoe Wolf");
    become([]);
    await user.type(screen.getByLabelText(/Name, company or number/), "zoe");
    expect(await screen.findByText("No contact fits.")).toBeTruthy();
    await user.click(button("Company"));
    await waitFor(() =>
      expect(sent("GET", "/contacts").at(-1)?.path).toMatch(/of=company.*q=zoe|q=zoe.*of=company/),
    );
  });

  it("says what to do when it is empty, and what happened when it does not come", async () => {
    await openContacts(undefined, []);
    expect(await screen.findByText("No contacts yet.")).toBeTruthy();
    expect(button("New contact")).toBeTruthy();
  });

  it("can be asked for again", async () => {
    const { user, world } = await openContacts((w) => {
      w.routes["GET /contacts"] = () => ({ status: 500, body: { code: "internal", title: "" } });
    });
    const again = await screen.findByRole("button", { name: "Try again" });
    world.routes["GET /contacts"] = () => ({
      status: 200,
      body: { items: BOOK, next_cursor: null },
    });
    await user.click(again);
    expect(await screen.findByText("Zoe Wolf")).toBeTruthy();
  });

  it("stands under the same place of the navigation as the colleagues", async () => {
    const { user } = await openContacts();
    const rail = within(screen.getByRole("navigation", { name: "Main" }));
    expect(rail.getByRole("link", { name: "People" }).getAttribute("aria-current")).toBe("page");
    await user.click(await screen.findByRole("link", { name: "Colleagues" }));
    expect(await screen.findByRole("region", { name: "People" })).toBeTruthy();
  });
});

describe("writing", () => {
  it("a new contact sends what was typed, without empty numbers", async () => {
    const { user, sent } = await openContacts((world) => {
      world.routes["POST /contacts"] = () => ({ status: 201, body: aContact("9", "Carla Lang") });
    });
    await user.click(await screen.findByRole("button", { name: "New contact" }));
    const form = await region("New contact");
    expect(document.activeElement).toBe(form.getByLabelText("Name"));
    await user.type(form.getByLabelText("Name"), "Carla Lang");
    await user.type(form.getByLabelText("Number 1"), "030 123");
    await user.selectOptions(form.getByLabelText("Kind of number 1"), "Mobile");
    await user.click(form.getByRole("button", { name: "Add a number" }));
    await user.keyboard("{Enter}");
    await user.click(form.getByRole("button", { name: "Save" }));
    await region();
    expect(sent("POST", "/contacts")).toMatchObject([
      {
        body: { name: "Carla Lang", numbers: [{ kind: "mobile", number: "030 123" }] },
      },
    ]);
  });

  it("is kept while something else is looked at, and what is wrong is said", async () => {
    const { user } = await openContacts((world) => {
      world.routes["POST /contacts"] = () => ({
        status: 422,
        body: { code: "number_invalid", title: "" },
      });
    });
    await user.click(await screen.findByRole("button", { name: "New contact" }));
    await user.type(screen.getByLabelText("Name"), "Carla");
    await user.click(screen.getByRole("link", { name: "Recents" }));
    await region("Recents");
    await user.click(screen.getByRole("link", { name: "People" }));
    await user.click(await screen.findByRole("link", { name: "Contacts" }));
    const form = await region("New contact");
    expect(form.getByLabelText<HTMLInputElement>("Name").value).toBe("Carla");
    await user.click(button("Save"));
    expect((await form.findByRole("alert")).textContent).toMatch(/no number in this/);
    expect(form.getByLabelText<HTMLInputElement>("Name").value).toBe("Carla");
  });

  it("leads back to where one stood in the list", async () => {
    const { user, sent } = await openContacts((world) => {
      world.routes["PUT /contacts/2"] = () => ({ status: 200, body: BOOK[1]! });
    });
    await user.type(await screen.findByLabelText(/Name, company or number/), "lang");
    await user.click(button("My own"));
    await user.click(await screen.findByRole("button", { name: "Details of Anton Lang" }));
    document.documentElement.scrollTop = 400;
    await user.click(button("Edit"));
    document.documentElement.scrollTop = 0; // a form is not so long
    await user.type(nameField(), "e");
    await user.click(button("Save"));
    const list = await region();
    expect(sent("PUT", "/contacts/2")).toHaveLength(1);
    expect(list.getByLabelText<HTMLInputElement>(/Name, company or number/).value).toBe("lang");
    expect(list.getByRole("button", { name: "My own" }).getAttribute("aria-pressed")).toBe("true");
    expect(list.getByRole("button", { name: "Edit" })).toBeTruthy();
    expect(document.documentElement.scrollTop).toBe(400);
  });

  it("over somebody else's change is a choice", async () => {
    const theirs = aContact("2", "Anton Berger", { version: 5 });
    const { user, world, sent } = await openContacts((w) => {
      w.routes["GET /contacts/2"] = () => ({ status: 200, body: theirs });
      w.routes["PUT /contacts/2"] = () =>
        world.requests.at(-1)?.ifMatch === '"5"'
          ? { status: 200, body: theirs }
          : { status: 412, body: { code: "changed_meanwhile", title: "" } };
    });
    await user.click(await screen.findByRole("button", { name: "Details of Anton Lang" }));
    await user.click(button("Edit"));
    const name = () => screen.getByLabelText<HTMLInputElement>("Name");
    await user.type(name(), "e");
    await user.click(button("Save"));
    await user.click(await screen.findByRole("button", { name: "Show the other" }));
    await waitFor(() => expect(name().value).toBe("Anton Berger"));
    expect(screen.queryByText(/changed elsewhere/)).toBeNull();
    await user.click(button("Cancel"));
    await user.click(await screen.findByRole("button", { name: "Edit" }));
    await user.type(name(), "e");
    await user.click(button("Save"));
    await user.click(await screen.findByRole("button", { name: "Save mine" }));
    await region();
    expect(sent("PUT", "/contacts/2").at(-1)?.body).toMatchObject({ name: "Anton Lange" });
  });
});

it("deletes with a way back, and finds nobody any more where one dials", async () => {
  const deleted: string[] = [];
  const { user } = await openContacts((world) => {
    world.routes["DELETE /contacts/2"] = () => {
      deleted.push("2");
      return { status: 204 };
    };
  });
  await user.click(await screen.findByRole("button", { name: "Details of Anton Lang" }));
  await user.click(button("Delete"));
  expect(screen.queryByText("Anton Lang")).toBeNull();
  await user.click(button("Undo"));
  expect(screen.getByText("Anton Lang")).toBeTruthy();
  await user.click(button("Delete"));
  await user.type(screen.getByLabelText("Name or number"), "lang");
  await screen.findAllByText("Älva Brandt");
  expect(screen.queryByText("Anton Lang")).toBeNull();
  expect(deleted).toEqual([]);
  await act(() => contactRemovals.flush());
  expect(deleted).toEqual(["2"]);
});

describe("a file", () => {
  const choose = async (user: Awaited<ReturnType<typeof openContacts>>["user"], file: File) => {
    await user.click(await screen.findByRole("button", { name: "Import" }));
    await region("Import contacts");
    await user.upload(document.querySelector<HTMLInputElement>("input[type=file]")!, file);
  };

  it("is taken in while the user does something else; each row left out has its reason", async () => {
    let answer: () => void = () => undefined;
    const { user, sent } = await openContacts((world) => {
      world.routes["POST /contacts/import"] = () => ({
        status: 200,
        body: {
          created: 2,
          unchanged: 1,
          faults: [
            { row: 4, column: "number", code: "number_invalid", reason: "x" },
            { row: 7, column: "name", code: "new_since", reason: "The server's words" },
          ],
          left_out: 3,
        },
        after: new Promise<void>((done) => (answer = done)),
      });
    });
    await choose(user, new File(["name\nX"], "book.csv", { type: "text/csv" }));
    expect(await screen.findByText("Importing book.csv …")).toBeTruthy();
    await user.click(screen.getByRole("link", { name: "Recents" }));
    await region("Recents");
    await act(async () => answer());
    await user.click(screen.getByRole("link", { name: "People" }));
    await user.click(await screen.findByRole("link", { name: "Contacts" }));
    expect(await screen.findByText("2 contacts were added.")).toBeTruthy();
    expect(screen.getByText("1 was there already and stays as it is.")).toBeTruthy();
    const faults = within(screen.getByRole("list", { name: "3 rows were left out" }));
    expect(faults.getAllByRole("listitem").map((row) => row.textContent)).toEqual([
      "Row 4It has a number that cannot be dialled.",
      "Row 7The server's words",
    ]);
    expect(screen.getByText("And 1 more.")).toBeTruthy();
    expect(sent("POST", "/contacts/import")).toHaveLength(1);
    await user.click(button("To the contacts"));
    expect(await screen.findByText("Zoe Wolf")).toBeTruthy();
  });

  it("that cannot be used says why, and another one can be chosen", async () => {
    const { user } = await openContacts((world) => {
      world.routes["POST /contacts/import"] = () => ({
        status: 422,
        body: { code: "column_missing", title: "" },
      });
    });
    await choose(user, new File(["x"], "book.csv"));
    const page = await region("Import contacts");
    expect((await page.findByRole("alert")).textContent).toMatch(/No column has names/);
    expect(button("Choose a file")).toBeTruthy();
  });
});

const haveCaller = (world: World) => {
  const entry = anEntry({ id: "e", name: "Plumbing Ltd", number: numbered("+4930777") });
  world.routes["GET /journal"] = () => ({
    status: 200,
    body: { items: [entry], next_cursor: null, unread: 0 },
  });
  world.routes["GET /journal/e"] = () => ({ status: 200, body: { entry, trail: [] } });
};
type User = Awaited<ReturnType<typeof openContacts>>["user"];
const addCaller = async (user: User) => {
  await user.click(await screen.findByRole("button", { name: "Details of this call" }));
  await user.click(await screen.findByRole("button", { name: "Add to contacts" }));
  return region("New contact");
};
const nameField = () => screen.getByLabelText<HTMLInputElement>("Name");

it("takes a caller over from the history, name and number filled in", async () => {
  location.hash = "#/recents";
  const { user } = await openContacts(haveCaller);
  const form = await addCaller(user);
  expect(nameField().value).toBe("Plumbing Ltd");
  expect(form.getByLabelText<HTMLInputElement>("Number 1").value).toBe("+4930777");
  // The button is gone: the keyboard and screen readers go on here.
  expect(document.activeElement).toBe(screen.getByRole("region", { name: "New contact" }));
});

describe("a caller that is taken over meanwhile", () => {
  it("does not take away what was typed before", async () => {
    const { user } = await openContacts(haveCaller);
    await user.click(await screen.findByRole("button", { name: "New contact" }));
    await user.type(nameField(), "Carla");
    await user.click(screen.getByRole("link", { name: "Recents" }));
    await addCaller(user);
    expect(nameField().value).toBe("Plumbing Ltd");
    await user.click(button("Cancel"));
    await waitFor(() => expect(nameField().value).toBe("Carla"));
    await user.click(button("Cancel"));
    await region();
  });

  it("is not wiped by the one before that is saved slowly", async () => {
    let answer: () => void = () => undefined;
    const { user } = await openContacts((world) => {
      haveCaller(world);
      world.routes["POST /contacts"] = () => ({
        status: 201,
        body: aContact("9", "Carla"),
        after: new Promise<void>((done) => (answer = done)),
      });
    });
    await user.click(await screen.findByRole("button", { name: "New contact" }));
    await user.type(nameField(), "Carla");
    await user.click(button("Save"));
    await user.click(screen.getByRole("link", { name: "Recents" }));
    await addCaller(user);
    await act(async () => answer());
    expect(nameField().value).toBe("Plumbing Ltd");
    await user.click(button("Cancel"));
    await region();
  });

  it("does not take away what became of a file", async () => {
    let answer: () => void = () => undefined;
    const { user } = await openContacts((world) => {
      haveCaller(world);
      world.routes["POST /contacts/import"] = () => ({
        status: 200,
        body: { created: 2, unchanged: 0, faults: [], left_out: 0 },
        after: new Promise<void>((done) => (answer = done)),
      });
    });
    await user.click(await screen.findByRole("button", { name: "Import" }));
    const page = screen.getByRole("region", { name: "Import contacts" });
    expect(document.activeElement).toBe(page);
    const file = new File(["name\nX"], "book.csv", { type: "text/csv" });
    await user.upload(document.querySelector<HTMLInputElement>("input[type=file]")!, file);
    await user.click(screen.getByRole("link", { name: "Recents" }));
    await addCaller(user);
    await act(async () => answer());
    await user.click(button("Cancel"));
    expect(await screen.findByText("2 contacts were added.")).toBeTruthy();
  });
});
