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

/** What the page of contacts shows; a call or another page in between takes nothing away. */
export type Panel =
  { kind: "list" } | { kind: "edit"; draft: ContactDraft } | { kind: "import"; import: Import };

export const panel = new Store<Panel>({ kind: "list" });

export function edit(draft: ContactDraft): void {
  panel.set({ kind: "edit", draft });
  show("contacts");
}

/** Goes on while the user does something else. Done when the server has said what became of it. */
export async function takeIn(phone: Phone, file: File, done: () => void): Promise<void> {
  const sending: Panel = { kind: "import", import: { step: "send", file: file.name } };
  panel.set(sending);
  const tell = (next: Import) => {
    // Somebody else may have signed in meanwhile.
    if (panel.get() === sending) panel.set({ kind: "import", import: next });
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
