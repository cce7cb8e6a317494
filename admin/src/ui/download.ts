/** Lets the browser keep a file that is in memory. */
export function keepFile(blob: Blob, name: string): void {
  const url = URL.createObjectURL(blob);
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  // The browser has begun to read it by the next turn.
  setTimeout(() => URL.revokeObjectURL(url), 0);
}

export function keepText(text: string, name: string): void {
  keepFile(new Blob([text], { type: "text/plain;charset=utf-8" }), name);
}
