import { cleanNumber, groupNumber, looksLikeNumber } from "@offhook/sdk";
import { useState } from "react";
import { useCalls } from "../../app/PhoneContext.tsx";
import { useContactSearch } from "../contacts/useContactSearch.ts";
import { EVERYONE, reachable, useDirectory, useDirectorySearch } from "../dial/search.ts";
import { lastTargets, type Target } from "./lastTargets.ts";

/** Colleagues shown before anything is typed. */
const AT_FIRST = 8;

/**
 * Whom the typed text means; before that, whom calls went to last, then colleagues. Never whom is
 * `moved`: nobody is transferred to themselves.
 */
export function useTargets(
  text: string,
  moved: string,
): {
  targets: readonly Target[];
  status: "idle" | "loading" | "error" | "done";
  retry: () => void;
} {
  const { me } = useCalls();
  const [remembered] = useState(() => lastTargets(me));
  const other = (one: Target) => one.number !== moved;
  const last = remembered.filter(other);
  const found = useDirectorySearch(text);
  const contacts = useContactSearch(text);
  const everyone = useDirectory(EVERYONE);
  const colleagues = reachable(everyone.data?.items)
    .filter((person) => person.user_id !== me?.user.id)
    .map(asTarget)
    .filter(other);
  if (text.trim() === "") {
    const fresh = colleagues.filter((one) => !last.some((old) => old.number === one.number));
    const status = everyone.isPending ? "loading" : everyone.isError ? "error" : "done";
    const targets = [...last, ...fresh.slice(0, AT_FIRST)];
    return { targets, status, retry: () => void everyone.refetch() };
  }
  if (looksLikeNumber(text)) {
    const cleaned = cleanNumber(text);
    if (!cleaned) return { targets: [], status: "done", retry: found.retry };
    const { number } = cleaned;
    const known = colleagues.find((one) => one.number === number);
    const target = known ?? { number, shown: groupNumber(number), name: null };
    return { targets: [target], status: "done", retry: found.retry };
  }
  const others = contacts.map(({ number, shown, name }) => ({ number, shown, name }));
  return { ...found, targets: [...found.people.map(asTarget), ...others].filter(other) };
}

function asTarget(person: {
  user_id: string;
  name: string;
  number: { canonical: string; display: string };
}): Target {
  const { canonical, display } = person.number;
  return { number: canonical, shown: display, name: person.name, userId: person.user_id };
}
