import { useEffect, useState } from "react";
import { useIntl } from "react-intl";
import { Button } from "./Button.tsx";
import { Icon, type IconName } from "./Icon.tsx";
import styles from "./ListState.module.css";

interface Props {
  status: "loading" | "error" | "done";
  /** Said when the list is there and has nothing in it. */
  empty: string;
  hint?: string;
  icon?: IconName;
  onRetry: () => void;
}

const SKELETON_AFTER_MS = 300;

/** What a list shows while it has no rows: loading, failed, or really empty. */
export function ListState({ status, empty, hint, icon = "search", onRetry }: Props) {
  const intl = useIntl();
  if (status === "loading") return <Skeleton />;
  if (status === "error") {
    return (
      <div className={styles.state} role="alert">
        <Icon name="alert" size={26} />
        <p>{intl.formatMessage({ id: "list.error" })}</p>
        <Button onPress={onRetry}>{intl.formatMessage({ id: "list.retry" })}</Button>
      </div>
    );
  }
  return (
    <div className={styles.state}>
      <Icon name={icon} size={26} />
      <p>{empty}</p>
      {hint !== undefined && <p className={styles.hint}>{hint}</p>}
    </div>
  );
}

/** Appears only when waiting becomes noticeable. */
function Skeleton() {
  const intl = useIntl();
  const [shown, setShown] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setShown(true), SKELETON_AFTER_MS);
    return () => clearTimeout(timer);
  }, []);
  if (!shown) return null;
  return (
    <div className={styles.skeleton}>
      <span className="visually-hidden" role="status">
        {intl.formatMessage({ id: "list.loading" })}
      </span>
      {[0, 1, 2].map((i) => (
        <span key={i} className={styles.bone} />
      ))}
    </div>
  );
}
