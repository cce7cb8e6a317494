import { ProblemError } from "@offhook/sdk/api";
import { useState } from "react";
import { useUnsaved } from "../app/unsaved.ts";

/** What a form holds: a value for each of its fields. */
export type Draft = Readonly<Record<string, string | boolean>>;

export interface Difference {
  field: string;
  theirs: string | boolean;
  /** null: left alone here, so theirs counts. */
  mine: string | boolean | null;
}

interface Options<T, D extends Draft> {
  /** As it was read; null: a new one. */
  thing: T;
  draftOf: (thing: T) => D;
  /** As it is now, when somebody else was faster. */
  again?: () => Promise<T>;
}

export interface Edit<T, D extends Draft> {
  draft: D;
  set: <F extends keyof D>(field: F, value: D[F]) => void;
  /** `work` gets the version that the draft goes by. What was changed meanwhile is read again. */
  save: (work: (thing: T) => Promise<unknown>) => Promise<void>;
  /** Null until somebody else was faster. */
  differences: readonly Difference[] | null;
  takeTheirs: () => void;
}

/**
 * A draft of something that others may change, too. What is typed is never lost: it is put over
 * what others have made of it, and saving once more takes it.
 */
export function useEdit<T, D extends Draft>({ thing, draftOf, again }: Options<T, D>): Edit<T, D> {
  const [state, setState] = useState(() => {
    const read = draftOf(thing);
    return { thing, read, draft: read, differences: null as Difference[] | null };
  });

  const { read, draft } = state;
  useUnsaved(Object.entries(draft).some(([field, value]) => value !== read[field]));

  const save = async (work: (thing: T) => Promise<unknown>) => {
    try {
      await work(state.thing);
    } catch (error) {
      if (!again || !(error instanceof ProblemError) || error.code !== "changed_meanwhile") {
        throw error;
      }
      const now = await again();
      const theirs = draftOf(now);
      setState(({ read, draft }) => ({
        thing: now,
        read: theirs,
        draft: merged(read, draft, theirs),
        differences: differencesOf(read, draft, theirs),
      }));
      throw error;
    }
  };

  return {
    draft: state.draft,
    set: (field, value) =>
      setState((before) => ({ ...before, draft: { ...before.draft, [field]: value } })),
    save,
    differences: state.differences,
    takeTheirs: () => setState((before) => ({ ...before, draft: before.read, differences: [] })),
  };
}

/** What was typed here stands; everything else is as the others have made it. */
export function merged<D extends Draft>(read: D, draft: D, theirs: D): D {
  const mine = Object.entries(draft).filter(([field, value]) => value !== read[field]);
  return { ...theirs, ...Object.fromEntries(mine) };
}

export function differencesOf(read: Draft, draft: Draft, theirs: Draft): Difference[] {
  return Object.entries(theirs).flatMap(([field, value]) => {
    const mine = draft[field] ?? "";
    if (mine === value) return [];
    return [{ field, theirs: value, mine: mine === read[field] ? null : mine }];
  });
}
