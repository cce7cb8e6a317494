import { localProblem } from "../api/problem.ts";

/** The gateway takes no larger one. */
const MOST_BYTES = 8 * 1024 * 1024;

/** What file choosers offer. */
export const CONTACT_FILES: readonly string[] = [".csv", ".vcf", ".txt", "text/csv", "text/vcard"];

/** An address book as it is sent. Browsers name the kind of one file in many ways, or not at all. */
export function contactFile(file: File): Blob {
  if (file.size > MOST_BYTES) throw localProblem("too_large", "This file is too large");
  const cards = /\.vcf$/i.test(file.name) || /vcard/i.test(file.type);
  return file.slice(0, file.size, cards ? "text/vcard" : "text/csv");
}
