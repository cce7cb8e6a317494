/** Terms of use, as the gateway sends them: Markdown as far as terms need it. */
export function TermsText({ text }: { text: string }) {
  return text.split("\n").map((line, index) => {
    const heading = /^#+ (.*)/.exec(line)?.[1];
    if (heading !== undefined) return <h2 key={index}>{heading}</h2>;
    // Every second part stood between the marks.
    const parts = line.split("**");
    return (
      <p key={index}>
        {parts.map((part, at) => (at % 2 === 1 ? <strong key={at}>{part}</strong> : part))}
      </p>
    );
  });
}
