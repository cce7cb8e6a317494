import styles from "./Avatar.module.css";
import { Icon, type IconName } from "./Icon.tsx";

interface Props {
  name: string | null;
  size?: "s" | "m" | "l";
  fallback?: IconName;
}

/** Initials, or a sign when there is no name. Decoration: the name stands beside it. */
export function Avatar({ name, size = "m", fallback = "phone" }: Props) {
  const letters = initials(name ?? "");
  return (
    <span className={styles.avatar} data-size={size} data-letters={letters} aria-hidden="true">
      {letters === "" && <Icon name={fallback} size={size === "l" ? 30 : 18} />}
    </span>
  );
}

export function initials(name: string): string {
  const words = name.split(/[\s,]+/).filter((word) => /^\p{L}/u.test(word));
  const picked = words.length > 1 ? [words[0], words.at(-1)] : words.slice(0, 1);
  return picked.map((word) => /^./u.exec(word ?? "")?.[0].toLocaleUpperCase() ?? "").join("");
}
