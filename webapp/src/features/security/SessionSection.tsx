import { Button } from "@offhook/ui/Button.tsx";
import { ListState } from "@offhook/ui/ListState.tsx";
import { Note } from "@offhook/ui/Note.tsx";
import { useQuery } from "@tanstack/react-query";
import { useIntl } from "react-intl";
import { usePhone } from "../../app/PhoneContext.tsx";
import { useWork } from "../../app/useWork.ts";
import { useProblemWords } from "../../app/words.ts";
import { useT } from "../../i18n/I18n.tsx";
import { Section } from "./Section.tsx";
import styles from "./Security.module.css";
import { useReadAgain } from "./useSecurity.ts";

/** Where one is signed in, and the end of it from here. A call that runs there goes on. */
export function SessionSection() {
  const t = useT();
  const intl = useIntl();
  const words = useProblemWords();
  const phone = usePhone();
  const readAgain = useReadAgain();
  const { busy, problem, run } = useWork();
  const sessions = useQuery({
    queryKey: ["sessions"],
    queryFn: ({ signal }) => phone.rest.call("GET /me/sessions", { signal }, phone.session),
  });
  const items = sessions.data?.items;

  const end = (id: string) =>
    void run(async () => {
      await phone.rest.call("DELETE /me/sessions/{id}", { path: { id } }, phone.session);
      readAgain();
    });
  const endOthers = () =>
    void run(async () => {
      await phone.rest.call("DELETE /me/sessions", {}, phone.session);
      readAgain();
    });

  return (
    <Section title={t("sessions.title")}>
      {problem && <Note kind="danger">{words(problem)}</Note>}
      {!items && (
        <ListState
          status={sessions.isError ? "error" : "loading"}
          empty=""
          onRetry={() => void sessions.refetch()}
        />
      )}
      {items && (
        <ul className={styles.list}>
          {items.map((item) => (
            <li key={item.id} className={styles.item}>
              <span className={styles.text}>
                <span className={styles.name}>{item.device.name}</span>
                <span className={styles.hint}>
                  {item.this
                    ? t("sessions.here")
                    : t("sessions.used", {
                        at: intl.formatDate(item.last_used, {
                          dateStyle: "medium",
                          timeStyle: "short",
                        }),
                        address: item.client_ip,
                      })}
                </span>
              </span>
              {!item.this && (
                <Button
                  look="quiet"
                  aria-label={t("sessions.end.which", { name: item.device.name })}
                  onPress={() => end(item.id)}
                >
                  {t("sessions.end")}
                </Button>
              )}
            </li>
          ))}
        </ul>
      )}
      {items && items.length > 1 && (
        <div className={styles.buttons}>
          <Button isPending={busy} onPress={endOthers}>
            {t("sessions.endOthers")}
          </Button>
        </div>
      )}
    </Section>
  );
}
