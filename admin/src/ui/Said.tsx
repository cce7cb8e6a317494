/** The gateway's own words, or a server's that it asked: English in every language. */
export function Said({ children }: { children: string }) {
  return <span lang="en">{children}</span>;
}
