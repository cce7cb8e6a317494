export const GIVEN_ROLES = ["user", "help_desk", "admin"] as const;
export type GivenRole = (typeof GIVEN_ROLES)[number];

/** "group = role", a line each: as it is typed, and as it is sent. */
export function groupsText(groups: Readonly<Record<string, string>>): string {
  return Object.entries(groups)
    .map(([group, role]) => `${group} = ${role}`)
    .join("\n");
}

export function groupsOf(text: string): Record<string, GivenRole> {
  const found: Record<string, GivenRole> = {};
  for (const line of text.split("\n")) {
    const cut = line.lastIndexOf("=");
    if (cut < 0) continue;
    const role = GIVEN_ROLES.find((one) => one === line.slice(cut + 1).trim());
    const group = line.slice(0, cut).trim();
    if (role && group !== "") found[group] = role;
  }
  return found;
}
