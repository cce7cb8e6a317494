import { useState } from "react";
import { useT } from "../../i18n/I18n.tsx";

export const GIVEN_ROLES = ["user", "help_desk", "admin"] as const;
export type GivenRole = (typeof GIVEN_ROLES)[number];

/** "group = role", a line each: as it is typed, and as it is sent. */
export function groupsText(groups: Readonly<Record<string, string>>): string {
  return Object.entries(groups)
    .map(([group, role]) => `${group} = ${role}`)
    .join("\n");
}

function readLine(line: string): [group: string, role: GivenRole] | null {
  const cut = line.lastIndexOf("=");
  if (cut < 0) return null;
  const role = GIVEN_ROLES.find((one) => one === line.slice(cut + 1).trim());
  const group = line.slice(0, cut).trim();
  return role && group !== "" ? [group, role] : null;
}

const linesOf = (text: string) => text.split("\n").filter((line) => line.trim() !== "");

export function groupsOf(text: string): Record<string, GivenRole> {
  return Object.fromEntries(
    linesOf(text)
      .map(readLine)
      .filter((pair) => pair !== null),
  );
}

/** Lines that say nothing we know: they are shown, not left out without a word. */
export function strangeLines(text: string): string[] {
  return linesOf(text).filter((line) => readLine(line) === null);
}

/** The error of the field; `fine` looks before anything is sent. */
export function useGroups(text: string) {
  const t = useT();
  const [tried, setTried] = useState(false);
  const strange = strangeLines(text);
  return {
    error:
      tried && strange.length > 0 ? t("form.groups", { lines: strange.join("; ") }) : undefined,
    fine: () => {
      setTried(true);
      return strange.length === 0;
    },
  };
}
