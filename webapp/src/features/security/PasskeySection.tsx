import { createPasskey, passkeysSupported } from "@offhook/sdk";
import { Button } from "@offhook/ui/Button.tsx";
import ConfirmDialog from "@offhook/ui/ConfirmDialog.tsx";
import { ListState } from "@offhook/ui/ListState.tsx";
import { Note } from "@offhook/ui/Note.tsx";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useIntl } from "react-intl";
import { usePhone } from "../../app/PhoneContext.tsx";
import { useWork } from "../../app/useWork.ts";
import { useProblemWords } from "../../app/words.ts";
import { useT } from "../../i18n/I18n.tsx";
import { Section } from "./Section.tsx";
import styles from "./Security.module.css";
import { fresh } from "./stepUp.ts";
import { useReadAgain } from "./useSecurity.ts";

/** A fingerprint, a face or a key instead of a password. */
export function PasskeySection() {
  const t = useT();
  const intl = useIntl();
  const words = useProblemWords();
  const phone = usePhone();
  const readAgain = useReadAgain();
  const { busy, problem, run } = useWork();
  const passkeys = useQuery({
    queryKey: ["passkeys"],
    queryFn: ({ signal }) => phone.rest.call("GET /me/passkeys", { signal }, phone.session),
  });
  const items = passkeys.data?.items;

  const add = () =>
    void run(async () => {
      const { options } = await fresh(() =>
        phone.rest.call("POST /me/passkeys/begin", { body: {} }, phone.session),
      );
      const credential = await createPasskey(options);
      const body = { name: phone.session.device.name, credential };
      await fresh(() => phone.rest.call("POST /me/passkeys", { body }, phone.session));
      readAgain();
    });
  const [removing, setRemoving] = useState<{ id: string; name: string } | null>(null);
  const remove = async (id: string) => {
    await fresh(() => phone.rest.call("DELETE /me/passkeys/{id}", { path: { id } }, phone.session));
    readAgain();
  };

  return (
    <Section title={t("passkeys.title")} step={items?.map(({ id }) => id).join()}>
      <p className={styles.hint}>
        {t("passkeys.what")}
        {passkeysSupported() && ` ${t("security.endsOthers")}`}
      </p>
      {problem && <Note kind="danger">{words(problem)}</Note>}
      {(!items || items.length === 0) && (
        <ListState
          status={items ? "done" : passkeys.isError ? "error" : "loading"}
          empty={t("passkeys.none")}
          icon="key"
          onRetry={() => void passkeys.refetch()}
        />
      )}
      {items && items.length > 0 && (
        <ul className={styles.list}>
          {items.map((item) => (
            <li key={item.id} className={styles.item}>
              <span className={styles.text}>
                <span className={styles.name}>{item.name}</span>
                <span className={styles.hint}>
                  {item.last_used === null
                    ? t("passkeys.unused")
                    : t("passkeys.used", {
                        date: intl.formatDate(item.last_used, { dateStyle: "long" }),
                      })}
                </span>
              </span>
              <Button
                look="quiet"
                aria-label={t("passkeys.remove.which", { name: item.name })}
                onPress={() => setRemoving(item)}
              >
                {t("passkeys.remove")}
              </Button>
            </li>
          ))}
        </ul>
      )}
      {passkeysSupported() ? (
        <div className={styles.buttons}>
          <Button icon="key" isPending={busy} onPress={add}>
            {t("passkeys.add")}
          </Button>
        </div>
      ) : (
        <p className={styles.hint}>{t("passkeys.unsupported")}</p>
      )}
      {removing && (
        <ConfirmDialog
          title={t("passkeys.remove.title", { name: removing.name })}
          text={t("passkeys.remove.text")}
          confirm={t("passkeys.remove")}
          cancel={t("security.cancel")}
          words={words}
          work={() => remove(removing.id)}
          onClose={() => setRemoving(null)}
        />
      )}
    </Section>
  );
}
