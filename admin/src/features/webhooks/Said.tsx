/** The gateway's own words, which are English in every language. */
export function Said({ error }: { error: string }) {
  return <span lang="en">{error}</span>;
}
