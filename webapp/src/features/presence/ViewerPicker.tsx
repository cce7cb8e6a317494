import { useEffect, useRef, useState } from "react";
import { useT } from "../../i18n/I18n.tsx";
import { Button } from "@offhook/ui/Button.tsx";
import { ListState } from "@offhook/ui/ListState.tsx";
import { type Colleague, useDirectorySearch } from "../dial/search.ts";
import { useEveryone } from "../people/everyone.ts";
import styles from "./OwnPresence.module.css";

/** What the gateway keeps. */
const MOST = 500;

interface Props {
  chosen: readonly string[];
  busy: boolean;
  onSave: (userIds: readonly string[]) => void;
  onCancel: () => void;
}

/** People to tick, those chosen before on top. Nothing is changed before Save. */
export default function ViewerPicker({ chosen, busy, onSave, onCancel }: Props) {
  const t = useT();
  const [text, setText] = useState("");
  const [before] = useState(chosen);
  const [ids, setIds] = useState<readonly string[]>(chosen);
  const field = useRef<HTMLInputElement>(null);
  const everyone = useEveryone();
  const found = useDirectorySearch(text);
  const looking = found.status !== "idle";
  const { people, more } = everyone;
  const missing = before.some((id) => !people.some((person) => person.user_id === id));

  useEffect(() => field.current?.focus(), []);
  useEffect(() => {
    // Who was chosen is shown by name, however far down the company's list.
    if (missing) more?.();
  }, [missing, more]);

  const rows = looking ? found.people : chosenFirst(people, before);
  const toggle = (id: string) =>
    setIds(ids.includes(id) ? ids.filter((one) => one !== id) : [...ids, id]);
  return (
    <div
      className={styles.picker}
      role="group"
      aria-label={t("presence.visible.pick")}
      onKeyDown={(event) => {
        if (event.key === "Escape") onCancel();
      }}
    >
      <input
        ref={field}
        type="search"
        className={styles.input}
        value={text}
        maxLength={80}
        autoComplete="off"
        aria-label={t("presence.visible.find")}
        placeholder={t("presence.visible.find")}
        onChange={(event) => setText(event.target.value)}
      />
      <ul className={styles.people}>
        {rows.map((person) => (
          <li key={person.user_id}>
            <label className={styles.radio}>
              <input
                type="checkbox"
                checked={ids.includes(person.user_id)}
                onChange={() => toggle(person.user_id)}
              />
              <span>{person.name}</span>
            </label>
          </li>
        ))}
      </ul>
      {rows.length === 0 && (
        <ListState
          status={looking && found.status !== "idle" ? found.status : everyone.status}
          icon="people"
          empty={looking ? t("dial.none", { text: text.trim() }) : t("people.empty")}
          onRetry={looking ? found.retry : everyone.retry}
        />
      )}
      <div className={styles.row}>
        <Button
          look="primary"
          isDisabled={busy || ids.length === 0 || ids.length > MOST}
          onPress={() => onSave(ids)}
        >
          {t("presence.visible.save", { count: ids.length })}
        </Button>
        <Button look="quiet" onPress={onCancel}>
          {t("presence.visible.cancel")}
        </Button>
      </div>
    </div>
  );
}

function chosenFirst(
  people: readonly Colleague[],
  chosen: readonly string[],
): readonly Colleague[] {
  const was = (person: Colleague) => chosen.includes(person.user_id);
  return [...people.filter(was), ...people.filter((person) => !was(person))];
}
