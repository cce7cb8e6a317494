import type { Reply } from "@offhook/sdk/api";

export type FileColumns = Reply<"POST /admin/imports/columns">;
/** Their column -> our field, or "" for "leave it out". */
export type Choices = Readonly<Record<string, string>>;

const KEY = "offhook.admin.columns";
/** What this browser remembers, the newest last. */
const MOST = 200;

/** What was chosen here before, else what the gateway guesses; no field twice. */
export function firstChoices(file: FileColumns, tenant: string): Choices {
  const remembered = recall(tenant);
  const choices: Record<string, string> = {};
  const taken = new Set<string>();
  const take = (name: string, field: string | null | undefined) => {
    const known = field !== null && field !== undefined && file.fields.includes(field);
    const free = known && !taken.has(field);
    if (free) taken.add(field);
    choices[name] = free ? field : "";
  };
  // What somebody said goes before what is guessed.
  for (const { name } of file.columns) {
    if (name in remembered) take(name, remembered[name]);
  }
  for (const { name, field } of file.columns) {
    if (!(name in remembered)) take(name, field);
  }
  return choices;
}

/** Fields that more than one column was chosen for. */
export function chosenTwice(choices: Choices): string[] {
  const fields = Object.values(choices).filter((field) => field !== "");
  return [...new Set(fields.filter((field, index) => fields.indexOf(field) !== index))];
}

/** What the gateway would get wrong by itself: the address of a request has little room. */
export function mappingOf(file: FileColumns, choices: Choices): Choices {
  const changed = file.columns.filter(({ name, field }) => choices[name] !== (field ?? ""));
  return Object.fromEntries(changed.map(({ name }) => [name, choices[name] ?? ""]));
}

/** What was said otherwise than guessed. The names of columns only; nothing of what is in them. */
export function remember(tenant: string, file: FileColumns, choices: Choices): void {
  const named = new Set(file.columns.map(({ name }) => name));
  const others = Object.entries(recall(tenant)).filter(([name]) => !named.has(name));
  const said = Object.entries(mappingOf(file, choices));
  const kept = Object.fromEntries([...others, ...said].slice(-MOST));
  try {
    localStorage.setItem(`${KEY}.${tenant}`, JSON.stringify(kept));
  } catch {
    // Full or not allowed: the next file is asked about again.
  }
}

function recall(tenant: string): Choices {
  try {
    const found = JSON.parse(localStorage.getItem(`${KEY}.${tenant}`) ?? "{}") as unknown;
    if (typeof found !== "object" || found === null) return {};
    const texts = Object.entries(found).filter(([, field]) => typeof field === "string");
    return Object.fromEntries(texts);
  } catch {
    return {};
  }
}
