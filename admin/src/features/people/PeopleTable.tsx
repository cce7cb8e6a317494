import { useWindowVirtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, useEffect, useLayoutEffect, useRef, useState } from "react";
import { useT } from "../../i18n/I18n.tsx";
import type { Open } from "./People.tsx";
import type { Person } from "./people.ts";
import styles from "./People.module.css";
import { PersonRow } from "./PersonRow.tsx";

const ROW_PX = 61;
/** Rows beyond the edge: the arrow keys find the next one there. */
const BEYOND = 8;
/** The next page is asked for when so many rows are left. */
const AHEAD = 60;

interface Props {
  people: readonly Person[];
  total: number | null;
  more: (() => void) | null;
  sort: string;
  onSort: (sort: string) => void;
  chosen: ReadonlyMap<string, Person>;
  onChoose: (people: readonly Person[], on: boolean) => void;
  onOpen: (open: Open) => void;
}

/** Twenty thousand rows, of which only those on the screen exist. */
export function PeopleTable(props: Props) {
  const { people, total, more, chosen, onChoose, onOpen } = props;
  const t = useT();
  const rows = useRef<HTMLDivElement>(null);
  const [above, setAbove] = useState(0);
  // Those who are loaded; the others of a long list nobody has seen yet.
  const all = people.every(({ id }) => chosen.has(id));

  useLayoutEffect(() => {
    const find = () => {
      if (rows.current) setAbove(rows.current.getBoundingClientRect().top + window.scrollY);
    };
    find();
    window.addEventListener("resize", find);
    return () => window.removeEventListener("resize", find);
  }, [chosen.size]);

  const virtual = useWindowVirtualizer({
    count: people.length,
    estimateSize: () => ROW_PX,
    overscan: BEYOND,
    scrollMargin: above,
    getItemKey: (index) => people[index]?.id ?? index,
  });
  const items = virtual.getVirtualItems();
  const last = items.at(-1)?.index ?? -1;
  useEffect(() => {
    if (last >= people.length - AHEAD) more?.();
  }, [last, people.length, more]);

  return (
    <div
      className={styles.table}
      role="table"
      aria-label={t("nav.people")}
      aria-rowcount={total === null ? -1 : total + 1}
    >
      <div role="rowgroup">
        <div role="row" aria-rowindex={1} className={`${styles.row ?? ""} ${styles.headRow ?? ""}`}>
          <span role="columnheader" className={styles.cell} data-place="pick">
            <label className={styles.pick}>
              <span className="visually-hidden">
                {t("people.chooseAll", { count: people.length })}
              </span>
              <input
                type="checkbox"
                checked={all}
                ref={(box) => {
                  if (box) box.indeterminate = !all && chosen.size > 0;
                }}
                onChange={(event) => onChoose(people, event.target.checked)}
              />
            </label>
          </span>
          <Sortable of="name" label={t("people.name")} {...props} />
          <Sortable of="number" label={t("people.number")} {...props} />
          <Plain>{t("people.site")}</Plain>
          <Plain>{t("people.role")}</Plain>
          <span role="columnheader" className={styles.cell}>
            {t("people.state")}
          </span>
          <span role="columnheader" className={styles.cell} data-place="menu">
            <span className="visually-hidden">{t("people.acts")}</span>
          </span>
        </div>
      </div>
      <div
        ref={rows}
        role="rowgroup"
        className={styles.rows}
        style={{ height: virtual.getTotalSize() }}
        onKeyDown={walk}
      >
        {items.map(({ index, key, start }) => {
          const person = people[index];
          return (
            person && (
              <PersonRow
                key={key}
                person={person}
                index={index}
                top={start - above}
                measure={virtual.measureElement}
                chosen={chosen.has(person.id)}
                onChoose={onChoose}
                onOpen={onOpen}
              />
            )
          );
        })}
      </div>
    </div>
  );
}

function Plain({ children }: { children: string }) {
  return (
    <span role="columnheader" className={styles.cell} data-wide="true">
      {children}
    </span>
  );
}

function Sortable(props: Props & { of: "name" | "number"; label: string }) {
  const { of, label, sort, onSort } = props;
  const direction = sort === of ? "ascending" : sort === `-${of}` ? "descending" : "none";
  return (
    <span
      role="columnheader"
      className={styles.cell}
      data-place={of === "name" ? "name" : undefined}
      data-wide={of === "number" ? "true" : undefined}
      aria-sort={direction}
    >
      <button
        type="button"
        className={styles.sort}
        onClick={() => onSort(direction === "ascending" ? `-${of}` : of)}
      >
        {label}
        <span aria-hidden="true">
          {direction === "ascending" ? " ↑" : direction === "descending" ? " ↓" : ""}
        </span>
      </button>
    </span>
  );
}

/** Up and down from name to name. */
function walk(event: KeyboardEvent<HTMLDivElement>): void {
  const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
  const mains = [...event.currentTarget.querySelectorAll<HTMLElement>("[data-main]")];
  const at = mains.findIndex((main) => main === document.activeElement);
  const next = at < 0 ? undefined : mains[at + step];
  if (step === 0 || !next) return;
  event.preventDefault();
  next.focus();
}
