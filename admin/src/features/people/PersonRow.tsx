import { useMay, useMe } from "../../app/context.ts";
import { useWord } from "../../app/words.ts";
import { useT } from "../../i18n/I18n.tsx";
import { type Act, RowMenu } from "../../ui/RowMenu.tsx";
import { State } from "../../ui/State.tsx";
import type { Open } from "./People.tsx";
import { type Person, TONES } from "./people.ts";
import styles from "./People.module.css";

interface Props {
  person: Person;
  index: number;
  top: number;
  measure: (row: HTMLDivElement | null) => void;
  chosen: boolean;
  onChoose: (people: readonly Person[], on: boolean) => void;
  onOpen: (open: Open) => void;
}

export function PersonRow({ person, index, top, measure, chosen, onChoose, onOpen }: Props) {
  const t = useT();
  const word = useWord();
  const acts = useActs(person, onOpen);
  const expired = person.state === "invited" && person.invitation?.expired === true;
  return (
    <div
      role="row"
      ref={measure}
      data-index={index}
      aria-rowindex={index + 2}
      className={styles.row}
      style={{ transform: `translateY(${top}px)` }}
    >
      <span role="cell" className={styles.cell} data-place="pick">
        <label className={styles.pick}>
          <span className="visually-hidden">{t("people.chooseOne", { name: person.name })}</span>
          <input
            type="checkbox"
            checked={chosen}
            onChange={(event) => onChoose([person], event.target.checked)}
          />
        </label>
      </span>
      <span role="cell" className={styles.cell} data-place="name">
        <button
          type="button"
          data-main=""
          className={styles.who}
          onClick={() => onOpen({ kind: "edit", id: person.id })}
        >
          <span className={styles.name}>{person.name}</span>
          <span className={styles.email}>{person.email}</span>
        </button>
      </span>
      <span role="cell" className={styles.cell} data-wide="true">
        {person.line?.number ?? "–"}
      </span>
      <span role="cell" className={styles.cell} data-wide="true">
        {person.line?.site_name ?? "–"}
      </span>
      <span role="cell" className={styles.cell} data-wide="true">
        {word("role", person.role)}
      </span>
      <span role="cell" className={styles.cell} data-place="state">
        <State tone={TONES[person.state]}>
          {expired ? t("personState.expired") : word("personState", person.state)}
        </State>
      </span>
      <span role="cell" className={styles.cell} data-place="menu">
        <RowMenu label={t("common.actions", { name: person.name })} acts={acts} />
      </span>
    </div>
  );
}

function useActs(person: Person, onOpen: (open: Open) => void): Act[] {
  const t = useT();
  const may = useMay();
  const acts: Act[] = [];
  const add = (allowed: boolean, act: Act) => {
    if (allowed) acts.push(act);
  };
  const { user } = useMe();
  const { state } = person;
  add(may("people.write"), {
    id: "edit",
    label: t("people.edit"),
    work: () => onOpen({ kind: "edit", id: person.id }),
  });
  add(may("people.invite") && (state === "new" || state === "invited"), {
    id: "invite",
    label: t(state === "new" ? "people.invite" : "people.inviteAgain"),
    work: () => onOpen({ kind: "invite", person }),
  });
  add(may("people.invite") && state === "active", {
    id: "reset",
    label: t("people.resetPassword"),
    work: () => onOpen({ kind: "reset", person }),
  });
  add(may("second_factor.reset") && person.second_factors.length > 0 && person.id !== user.id, {
    id: "removeFactor",
    label: t("people.removeFactor"),
    danger: true,
    work: () => onOpen({ kind: "removeFactor", person }),
  });
  add(may("sessions.end") && state === "active", {
    id: "signOut",
    label: t("people.signOut"),
    work: () => onOpen({ kind: "signOut", person }),
  });
  add(may("people.write") && state === "disabled", {
    id: "enable",
    label: t("people.enable"),
    work: () => onOpen({ kind: "enable", person }),
  });
  add(may("people.write") && state !== "disabled", {
    id: "disable",
    label: t("people.disable"),
    danger: true,
    work: () => onOpen({ kind: "disable", person }),
  });
  add(may("people.write"), {
    id: "leave",
    label: t("people.leave"),
    danger: true,
    work: () => onOpen({ kind: "leave", person }),
  });
  return acts;
}
