/** Terms of use, as the gateway sends them: Markdown as far as terms need it. */
export function TermsText({ text }: { text: string }) {
  return text.split("\n").map((line, index) => {
    const heading = /^#+ (.*)/.exec(line)?.[1];
    return heading === undefined ? <p key={index}>{line}</p> : <h2 key={index}>{heading}</h2>;
  });
}
