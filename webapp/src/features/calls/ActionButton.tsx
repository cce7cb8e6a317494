import { Icon, type IconName } from "@offhook/ui/Icon.tsx";
import styles from "./ActionButton.module.css";

interface Props {
  icon: IconName;
  label: string;
  on?: boolean;
  /** The word while it is on. */
  onLabel?: string;
  keys?: string;
  /** An action that is not possible is absent, never a dead button. */
  show: boolean;
  /** It opens something instead of switching a state. */
  expands?: boolean;
  onPress: () => void;
}

/** One of the actions on a call card: a sign over a word. */
export function ActionButton(props: Props) {
  const { icon, label, on, onLabel, keys, show, expands, onPress } = props;
  if (!show) return null;
  const state =
    on === undefined ? {} : expands === true ? { "aria-expanded": on } : { "aria-pressed": on };
  return (
    <button
      type="button"
      className={styles.action}
      aria-keyshortcuts={keys}
      data-shortcut={keys}
      title={keys === undefined ? label : `${label} (${keys})`}
      onClick={onPress}
      {...state}
    >
      <Icon name={icon} />
      <span>{on === true && onLabel !== undefined ? onLabel : label}</span>
    </button>
  );
}
