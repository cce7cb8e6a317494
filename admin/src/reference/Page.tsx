import { I18nContext, LANGUAGE_NAMES, type Language } from "@offhook/ui/i18n/language.ts";
import { Logo } from "@offhook/ui/Logo.tsx";
import { NARROW, useMedia } from "@offhook/ui/media.ts";
import { use, useEffect, useId, useMemo, useRef, useState, useSyncExternalStore } from "react";
import { type ApiDocument, type Group, groupsOf, matching, tagWords } from "./document.ts";
import { Introduction } from "./Introduction.tsx";
import { OperationView } from "./OperationView.tsx";
import styles from "./Page.module.css";
import { useSay } from "./words.ts";

const ADDRESS = "/api/v1/openapi.json";

type Loaded = { document: ApiDocument } | "failed" | null;

/** The document is the page's only source: it says what this very gateway does. */
function useDocument(): [Loaded, () => void] {
  const [loaded, setLoaded] = useState<Loaded>(null);
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    const abort = new AbortController();
    fetch(ADDRESS, { signal: abort.signal })
      .then(async (reply) => {
        if (!reply.ok) throw new Error(String(reply.status));
        setLoaded({ document: (await reply.json()) as ApiDocument });
      })
      .catch(() => {
        if (!abort.signal.aborted) setLoaded("failed");
      });
    return () => abort.abort();
  }, [attempt]);
  return [
    loaded,
    () => {
      setLoaded(null);
      setAttempt((count) => count + 1);
    },
  ];
}

/** `#/calls_dial`: every operation has an address of its own. */
function useChosen(): string {
  return useSyncExternalStore(
    (changed) => {
      window.addEventListener("hashchange", changed);
      return () => window.removeEventListener("hashchange", changed);
    },
    () => location.hash.replace(/^#\/?/, ""),
  );
}

export function Page() {
  const say = useSay();
  const [loaded, again] = useDocument();
  const groups = useMemo(
    () => (loaded !== null && loaded !== "failed" ? groupsOf(loaded.document) : []),
    [loaded],
  );
  const id = useChosen();
  const chosen = groups.flatMap((group) => group.operations).find((one) => one.operationId === id);
  const main = useRef<HTMLElement>(null);
  const before = useRef(id);
  useEffect(() => {
    document.title = chosen ? `${chosen.summary} · Offhook API` : "Offhook API";
    if (before.current === id) return;
    before.current = id;
    main.current?.focus();
    window.scrollTo(0, 0);
  }, [chosen, id]);

  return (
    <div className={styles.shell} data-chosen={chosen !== undefined}>
      <header className={styles.head}>
        <Logo />
        <LanguageChoice />
      </header>
      <Operations groups={groups} chosen={id} />
      <main ref={main} className={styles.main} tabIndex={-1}>
        {loaded === null && <p role="status">{say("loading")}</p>}
        {loaded === "failed" && (
          <div role="alert" className={styles.failed}>
            <p>{say("failed")}</p>
            <button type="button" className={styles.button} onClick={again}>
              {say("retry")}
            </button>
          </div>
        )}
        {loaded !== null && loaded !== "failed" && (
          <>
            {id !== "" && (
              <a className={styles.back} href="#/">
                {say("all")}
              </a>
            )}
            {chosen ? (
              <OperationView key={id} document={loaded.document} operation={chosen} />
            ) : id === "" ? (
              <Introduction address={ADDRESS} />
            ) : (
              <p role="alert">{say("unknown")}</p>
            )}
          </>
        )}
      </main>
    </div>
  );
}

function Operations({ groups, chosen }: { groups: readonly Group[]; chosen: string }) {
  const say = useSay();
  const label = useId();
  const wide = !useMedia(NARROW);
  const [wish, setWish] = useState("");
  const found = useMemo(() => matching(groups, wish), [groups, wish]);
  const count = found.reduce((sum, group) => sum + group.operations.length, 0);
  return (
    <nav className={styles.side} aria-label={say("operations")}>
      <label className={styles.search} htmlFor={label}>
        <span>{say("search")}</span>
        <input
          id={label}
          type="search"
          autoComplete="off"
          spellCheck={false}
          value={wish}
          onChange={(event) => setWish(event.target.value)}
        />
      </label>
      <p className={styles.count} role="status">
        {wish === "" ? "" : say("found", { count })}
      </p>
      <details className={styles.list} open={wide || wish !== ""}>
        <summary>{say("operations")}</summary>
        {found.map(({ tag, operations }) => (
          <details key={tag} open={wish !== "" || operations.some((o) => o.operationId === chosen)}>
            <summary lang="en">{tagWords(tag)}</summary>
            <ul>
              {operations.map((one) => (
                <li key={one.operationId}>
                  <a
                    href={`#/${one.operationId}`}
                    aria-current={one.operationId === chosen ? "page" : undefined}
                  >
                    <span className={styles.method} data-method={one.method}>
                      {one.method}
                    </span>
                    <span lang="en">{one.summary}</span>
                  </a>
                </li>
              ))}
            </ul>
          </details>
        ))}
      </details>
    </nav>
  );
}

function LanguageChoice() {
  const say = useSay();
  const { language, languages, choose } = use(I18nContext);
  return (
    <label className={styles.language}>
      <span className="visually-hidden">{say("language")}</span>
      <select value={language} onChange={(event) => choose(event.target.value as Language)}>
        {languages.map((one) => (
          <option key={one} value={one} lang={one}>
            {LANGUAGE_NAMES[one]}
          </option>
        ))}
      </select>
    </label>
  );
}
