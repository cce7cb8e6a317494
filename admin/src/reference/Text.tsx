/** What the document says is English for everybody; `own` is said in the reader's language. */
export function Text({ text, own }: { text: string | undefined; own?: boolean }) {
  return text === undefined || text === "" ? null : <p lang={own ? undefined : "en"}>{text}</p>;
}
