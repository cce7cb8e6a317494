import type { ReactNode, Ref } from "react";
import { Button as AriaButton, type ButtonProps } from "react-aria-components/Button";
import styles from "./Button.module.css";
import { Icon, type IconName } from "./Icon.tsx";

type Look = "plain" | "primary" | "answer" | "hangup" | "quiet" | "danger";

interface Props extends Omit<ButtonProps, "children" | "className" | "style"> {
  look?: Look;
  icon?: IconName;
  /** A second, small line: what will happen. */
  note?: string | undefined;
  wide?: boolean;
  ref?: Ref<HTMLButtonElement>;
  children: ReactNode;
}

/** A pill with words; at least 44 px high, two lines if the language needs them. */
export function Button({ look = "plain", icon, note, wide, children, ...rest }: Props) {
  return (
    <AriaButton {...rest} className={styles.button ?? ""} data-look={look} data-wide={wide}>
      {icon && <Icon name={icon} size={20} />}
      <span className={styles.words}>
        <span>{children}</span>
        {note !== undefined && <span className={styles.note}>{note}</span>}
      </span>
    </AriaButton>
  );
}

interface IconButtonProps extends Omit<ButtonProps, "children" | "className" | "style"> {
  icon: IconName;
  label: string;
  look?: Look;
}

/** A round button whose name is said but not shown; the name is its tooltip too. */
export function IconButton({ icon, label, look = "quiet", ...rest }: IconButtonProps) {
  return (
    <span title={label} className={styles.tip}>
      <AriaButton {...rest} aria-label={label} className={styles.icon ?? ""} data-look={look}>
        <Icon name={icon} size={20} />
      </AriaButton>
    </span>
  );
}
