import type { KeyboardEvent, ReactNode } from "react";
import { Button } from "react-aria-components/Button";
import { useDialText } from "../features/dial/DialText.tsx";
import { useT } from "../i18n/I18n.tsx";
import { walkRows } from "../features/dial/search.ts";
import { Avatar } from "@offhook/ui/Avatar.tsx";
import { Icon, type IconName } from "@offhook/ui/Icon.tsx";
import styles from "./Row.module.css";

interface Props {
  title: ReactNode;
  /** The title is a name: what pressing does is said after it. False if the title says it. */
  calls?: boolean;
  detail?: ReactNode;
  aside?: ReactNode;
  avatar?: string | null;
  icon?: IconName;
  tone?: "plain" | "missed";
  /** What Enter in the field does. */
  first?: boolean;
  actions?: ReactNode;
  /** Over the row, over its whole width. */
  above?: ReactNode;
  /** Under the row, over its whole width. */
  below?: ReactNode;
  /** In a list of which only a part is drawn. */
  place?: RowPlace | undefined;
  onPress: () => void;
}

export interface RowPlace {
  index: number;
  /** How many there are in all; -1 = nobody knows yet. */
  count: number;
  top: number;
  measure: (row: HTMLLIElement | null) => void;
}

function placed(place: RowPlace | undefined) {
  if (!place) return {};
  return {
    ref: place.measure,
    "data-index": place.index,
    "aria-posinset": place.index + 1,
    "aria-setsize": place.count,
    style: { position: "absolute", insetInline: 0, transform: `translateY(${place.top}px)` },
  } as const;
}

/** One line of a list: pressing it calls. More actions stand beside it, never only on hover. */
export function Row(props: Props) {
  const t = useT();
  const { field } = useDialText();
  const onKeyDown = (event: KeyboardEvent) => {
    const moved = walkRows(event.key, event.currentTarget as HTMLElement, () =>
      field.current?.focus(),
    );
    if (moved) event.preventDefault();
  };
  return (
    <li
      className={styles.row}
      data-first={props.first}
      data-tone={props.tone}
      {...placed(props.place)}
    >
      {props.above !== undefined && <div className={styles.over}>{props.above}</div>}
      <Button
        className={styles.main ?? ""}
        onPress={props.onPress}
        data-row=""
        render={(dom) => <button {...dom} onKeyDownCapture={onKeyDown} />}
      >
        {props.icon ? (
          <span className={styles.sign}>
            <Icon name={props.icon} size={20} />
          </span>
        ) : (
          <Avatar name={props.avatar ?? null} />
        )}
        <span className={styles.text}>
          <span className={styles.title}>{props.title}</span>
          {props.detail !== undefined && <span className={styles.detail}>{props.detail}</span>}
        </span>
        {props.aside !== undefined && <span className={styles.aside}>{props.aside}</span>}
        {props.calls !== false && <span className="visually-hidden">{t("row.call")}</span>}
      </Button>
      {props.actions}
      {props.below !== undefined && <div className={styles.below}>{props.below}</div>}
    </li>
  );
}
