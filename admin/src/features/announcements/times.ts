/** An instant as the field for date and time holds it: local, to the minute. */
export function fieldOf(at: string | null): string {
  if (at === null) return "";
  const date = new Date(at);
  const local = new Date(date.getTime() - date.getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, 16);
}

/** And back; null where there is none, or none that makes sense. */
export function instantOf(field: string): string | null {
  const date = new Date(field);
  return field === "" || Number.isNaN(date.getTime()) ? null : date.toISOString();
}
