import type { ReactNode } from "react";
import styles from "./ListTitle.module.css";

interface Props {
  id: string;
  level: 1 | 2;
  children: ReactNode;
  action?: ReactNode;
}

export function ListTitle({ id, level, children, action }: Props) {
  const Heading = level === 1 ? "h1" : "h2";
  return (
    <div className={styles.head}>
      <Heading id={id} className={styles.title} data-level={level}>
        {children}
      </Heading>
      {action}
    </div>
  );
}
