import { useMemo, useSyncExternalStore } from "react";

export interface Place {
  page: string;
  /** What of the page: the id of a thing, or empty. */
  id: string;
  /** Filters and order: a link to the page shows the same again. */
  params: URLSearchParams;
}

/** Everything that says what is shown stands in the hash: links, reload and back work. */
export function usePlace(): Place {
  const hash = useSyncExternalStore(subscribe, () => location.hash);
  return useMemo(() => parse(hash), [hash]);
}

export function parse(hash: string): Place {
  const [path = "", query = ""] = hash.replace(/^#\/?/, "").split("?");
  const [page = "", id = ""] = path.split("/").map(decoded);
  return { page, id, params: new URLSearchParams(query) };
}

/** Links are typed and cut by people: what is no escape stands for itself. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

export type Params = Readonly<Record<string, string | null | undefined>>;

export function hrefOf(page: string, id = "", params: Params = {}): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(params)) {
    if (value !== undefined && value !== null && value !== "") query.set(name, value);
  }
  const path = id === "" ? page : `${page}/${encodeURIComponent(id)}`;
  const text = query.toString();
  return `#/${path}${text === "" ? "" : `?${text}`}`;
}

export function show(page: string, id = "", params: Params = {}): void {
  goTo(hrefOf(page, id, params));
}

let shown = location.hash;

/** The address of the page that is shown. */
export function shownHash(): string {
  return shown;
}

export function stayAt(hash: string): void {
  shown = hash;
}

/** What the page itself does is no leaving that anybody has to be asked about. */
export function goTo(hash: string): void {
  shown = hash;
  location.hash = hash;
}

/** Changes some of the filters. A filter is no step that "back" should undo one by one. */
export function setParams(change: Params): void {
  const { page, id, params } = parse(location.hash);
  const next = { ...Object.fromEntries(params), ...change };
  history.replaceState(null, "", hrefOf(page, id, next));
  window.dispatchEvent(new HashChangeEvent("hashchange"));
}

function subscribe(listener: () => void): () => void {
  window.addEventListener("hashchange", listener);
  return () => window.removeEventListener("hashchange", listener);
}
