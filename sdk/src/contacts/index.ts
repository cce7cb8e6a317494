/** A contact while it is written, and files of them: the same on every page that has contacts. */
export * from "./draft.ts";
export { CONTACT_FILES, contactFile } from "./file.ts";
