import type { Reply } from "@offhook/sdk/api";
import { useQuery } from "@tanstack/react-query";
import { useApi } from "../../app/context.ts";

export type Import = Reply<"GET /admin/imports/{id}">;
export type Row = Reply<"GET /admin/imports/{id}/rows">["items"][number];

export const ENCODINGS = ["auto", "utf-8", "utf-16", "cp1252"] as const;
export const SEPARATORS = ["auto", "semicolon", "comma", "tab"] as const;
export const ACTIONS = ["error", "create", "update", "unchanged"] as const;
/** What has become of rows, where it is not what was planned. */
export const ENDS = ["failed", "kept"] as const;
export type Tab = (typeof ACTIONS)[number] | (typeof ENDS)[number];

export function isEnd(tab: Tab): tab is (typeof ENDS)[number] {
  return tab === "failed" || tab === "kept";
}

const BUSY: readonly Import["state"][] = ["planning", "applying", "undoing"];
const POLL_MS = 700;

export function isBusy(one: Pick<Import, "state">): boolean {
  return BUSY.includes(one.state);
}

/** Asked again while it goes on; the server works on even if nobody looks. */
export function useImport(id: string) {
  const api = useApi();
  return useQuery({
    queryKey: ["import", id],
    queryFn: () => api.call("GET /admin/imports/{id}", { path: { id } }),
    refetchInterval: ({ state: { data } }) => (data && isBusy(data) ? POLL_MS : false),
  });
}

export interface FileFault {
  row: number | null;
  column: string | null;
  reason: string;
}

/** What of a file could not even be read, as the server says it. */
export function faultsOf(details: Readonly<Record<string, unknown>>): FileFault[] {
  const { rows } = details;
  if (!Array.isArray(rows)) return [];
  return rows.flatMap((error: unknown) => {
    if (typeof error !== "object" || error === null) return [];
    const { row, column, reason } = error as Record<string, unknown>;
    if (typeof reason !== "string") return [];
    return [
      {
        row: typeof row === "number" ? row : null,
        column: typeof column === "string" ? column : null,
        reason,
      },
    ];
  });
}

const TYPES: Record<string, string> = {
  csv: "text/csv",
  json: "application/json",
  txt: "text/plain",
};

/** Systems name CSV in many ways, or not at all: the ending says enough. */
export function typed(file: File): Blob {
  const ending = file.name.split(".").at(-1)?.toLowerCase() ?? "";
  return new Blob([file], { type: TYPES[ending] ?? "application/octet-stream" });
}
