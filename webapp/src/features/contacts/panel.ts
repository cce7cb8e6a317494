import {
  type ContactsImported,
  type Phone,
  type Problem,
  ProblemError,
  Store,
  toProblem,
} from "@offhook/sdk";
import { type ContactDraft, contactFile } from "@offhook/sdk/contacts";
import { show } from "../../app/route.ts";

export type Import =
  | { step: "choose"; problem: Problem | null }
  | { step: "send"; file: string }
  | { step: "done"; result: ContactsImported };

export interface Editing {
  kind: "edit";
  /** Which draft it is, however much of it changes. */
  key: number;
  draft: ContactDraft;
  typed: boolean;
  /** What was begun before, and is shown again after this. */
  behind: Panel;
}

/** What the page of contacts shows; a call or another page in between takes nothing away. */
export type Panel = { kind: "list" } | Editing | { kind: "import"; import: Import };

const LIST: Panel = { kind: "list" };

export const panel = new Store<Panel>(LIST);

let keys = 0;

export function edit(draft: ContactDraft): void {
  keys += 1;
  panel.set({ kind: "edit", key: keys, draft, typed: false, behind: worthKeeping(panel.get()) });
  show("contacts");
}

export function change(key: number, draft: ContactDraft): void {
  rewrite((one) => (isDraft(one, key) ? { ...one, draft, typed: true } : null));
}

/** Saved or given up; another draft may be on top of it by then. */
export function leave(key: number): void {
  rewrite((one) => (isDraft(one, key) ? one.behind : null));
}

function isDraft(one: Panel, key: number): one is Editing {
  return one.kind === "edit" && one.key === key;
}

/** What somebody has typed, and what becomes of a file, must not get lost under a new draft. */
function worthKeeping(now: Panel): Panel {
  if (now.kind === "edit") return now.typed ? now : now.behind;
  return now.kind === "import" && now.import.step !== "choose" ? now : LIST;
}

/** The one for which there is a next becomes it, wherever it lies; it may be gone. */
function rewrite(nextOf: (one: Panel) => Panel | null): void {
  const within = (one: Panel): Panel =>
    nextOf(one) ?? (one.kind === "edit" ? { ...one, behind: within(one.behind) } : one);
  panel.set(within(panel.get()));
}

/** Goes on while the user does something else. Done when the server has said what became of it. */
export async function takeIn(phone: Phone, file: File, done: () => void): Promise<void> {
  const sending: Panel = { kind: "import", import: { step: "send", file: file.name } };
  panel.set(sending);
  const tell = (next: Import) => {
    // Somebody else may have signed in meanwhile.
    rewrite((one) => (one === sending ? { kind: "import", import: next } : null));
  };
  try {
    const upload = { file: contactFile(file) };
    const result = await phone.rest.call("POST /contacts/import", upload, phone.session);
    tell({ step: "done", result });
  } catch (error) {
    tell({ step: "choose", problem: toProblem(error) });
    if (!(error instanceof ProblemError)) throw error;
  } finally {
    done();
  }
}
