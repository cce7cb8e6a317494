import type { ReactNode } from "react";
import styles from "./ListTools.module.css";

/** What narrows a list down, above it. */
export function ListTools({ children }: { children: ReactNode }) {
  return <div className={styles.tools}>{children}</div>;
}

interface ChoicesProps<T extends string> {
  label: string;
  all: readonly T[];
  chosen: T;
  words: (one: T) => string;
  onChoose: (one: T) => void;
}

export function Choices<T extends string>(props: ChoicesProps<T>) {
  return (
    <div className={styles.filter} role="group" aria-label={props.label}>
      {props.all.map((one) => (
        <button
          key={one}
          type="button"
          className={styles.choice}
          aria-pressed={one === props.chosen}
          onClick={() => props.onChoose(one)}
        >
          {props.words(one)}
        </button>
      ))}
    </div>
  );
}

interface SearchProps {
  text: string;
  set: (text: string) => void;
  label: string;
  short: string;
  /** Beside the field. */
  children?: ReactNode;
}

export function ListSearch({ text, set, label, short, children }: SearchProps) {
  return (
    <div className={styles.search}>
      <input
        type="search"
        className={styles.field}
        value={text}
        maxLength={100}
        aria-label={label}
        placeholder={short}
        onChange={(event) => set(event.target.value)}
      />
      {children}
    </div>
  );
}
