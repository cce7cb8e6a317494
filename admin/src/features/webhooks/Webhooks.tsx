import { useQuery } from "@tanstack/react-query";
import { Button } from "@offhook/ui/Button.tsx";
import { ListState } from "@offhook/ui/ListState.tsx";
import { useState } from "react";
import { FormattedMessage } from "react-intl";
import { useApi } from "../../app/context.ts";
import { useWhen } from "../../app/words.ts";
import { useT } from "../../i18n/I18n.tsx";
import { ApiDocs } from "../../ui/ApiDocs.tsx";
import { Confirm } from "../../ui/Confirm.tsx";
import { Page } from "../../ui/Page.tsx";
import { RowMenu } from "../../ui/RowMenu.tsx";
import { Said } from "../../ui/Said.tsx";
import { Secret } from "../../ui/Secret.tsx";
import { State } from "../../ui/State.tsx";
import { Table } from "../../ui/Table.tsx";
import { Deliveries } from "./Deliveries.tsx";
import { PauseWebhook } from "./PauseWebhook.tsx";
import { RotateSecret } from "./RotateSecret.tsx";
import styles from "./webhooks.module.css";
import { nameOf, stateOf, TONES, type Webhook } from "./webhooks.ts";
import { WebhookSheet } from "./WebhookSheet.tsx";

type Act = "edit" | "pause" | "rotate" | "remove" | "deliveries";
type Open = { kind: "new" } | { kind: Act; one: Webhook } | null;

/** Where the company's own programs are told of what happens. */
export default function Webhooks() {
  const t = useT();
  const api = useApi();
  const [open, setOpen] = useState<Open>(null);
  const [secret, setSecret] = useState<{ name: string; text: string } | null>(null);
  const list = useQuery({
    queryKey: ["webhooks"],
    queryFn: () => api.call("GET /admin/webhooks"),
  });
  const items = list.data?.items ?? [];
  // As it is by now: it may be stopped while one looks at what it sent.
  const nowOf = (one: Webhook) => items.find(({ id }) => id === one.id) ?? one;
  const full = list.data !== undefined && items.length >= list.data.limit;
  const close = () => {
    setOpen(null);
    void list.refetch();
  };
  const made = (one: Webhook, text: string) => {
    close();
    setSecret({ name: nameOf(one), text });
  };

  return (
    <Page
      title={t("nav.webhooks")}
      intro={<ApiDocs intro={t("webhooks.intro")} />}
      actions={
        <Button
          look="primary"
          icon="add"
          isDisabled={full}
          onPress={() => setOpen({ kind: "new" })}
        >
          {t("webhooks.new")}
        </Button>
      }
    >
      {full && <p>{t("webhooks.full", { limit: list.data.limit })}</p>}
      {items.length > 0 ? (
        <WebhookTable items={items} onAct={(kind, one) => setOpen({ kind, one })} />
      ) : (
        <ListState
          status={list.isPending ? "loading" : list.isError ? "error" : "done"}
          icon="transfer"
          empty={t("webhooks.empty")}
          hint={t("webhooks.empty.hint")}
          onRetry={() => void list.refetch()}
        />
      )}
      {open?.kind === "new" && <WebhookSheet one={null} onMade={made} onClose={close} />}
      {open?.kind === "edit" && <WebhookSheet one={open.one} onMade={made} onClose={close} />}
      {open?.kind === "pause" && <PauseWebhook of={open.one} onClose={close} />}
      {open?.kind === "rotate" && <RotateSecret of={open.one} onMade={made} onClose={close} />}
      {open?.kind === "deliveries" && <Deliveries of={nowOf(open.one)} onClose={close} />}
      {open?.kind === "remove" && (
        <Confirm
          title={t("webhooks.remove.title", { name: nameOf(open.one) })}
          text={t("webhooks.remove.text")}
          confirm={t("common.remove")}
          work={() => api.call("DELETE /admin/webhooks/{id}", { path: { id: open.one.id } })}
          onClose={close}
        />
      )}
      {secret && (
        <Secret
          title={t("webhooks.secret", { name: secret.name })}
          text={secret.text}
          fileName="webhook.secret"
          onClose={() => setSecret(null)}
        />
      )}
    </Page>
  );
}

function WebhookTable({
  items,
  onAct,
}: {
  items: Webhook[];
  onAct: (kind: Act, one: Webhook) => void;
}) {
  const t = useT();
  const when = useWhen();
  const acts = (one: Webhook) => {
    const act = (id: Act, label: string, danger = false) => ({
      id,
      label,
      danger,
      work: () => onAct(id, one),
    });
    return [
      act("deliveries", t("webhooks.deliveries")),
      act("edit", t("common.edit")),
      act("pause", t(one.state === "active" ? "webhooks.pause" : "webhooks.resume")),
      act("rotate", t("webhooks.rotate")),
      act("remove", t("common.remove"), true),
    ];
  };
  return (
    <div className={styles.tables}>
      <Table
        label={t("nav.webhooks")}
        rows={items}
        keyOf={(one) => one.id}
        columns={[
          {
            title: t("webhooks.description"),
            cell: (one) => (
              <div>
                {nameOf(one)}
                <code className={styles.under}>{one.url}</code>
              </div>
            ),
          },
          {
            title: t("webhooks.state"),
            cell: (one) => {
              const state = stateOf(one);
              return (
                <div>
                  <State tone={TONES[state]}>{t(`hookState.${state}`)}</State>
                  {one.failing_since !== null && (
                    <span className={`${styles.under} ${styles.free}`}>
                      <FormattedMessage
                        id="webhooks.failing"
                        values={{
                          since: when(one.failing_since),
                          error: <Said>{one.error}</Said>,
                        }}
                      />
                    </span>
                  )}
                </div>
              );
            },
          },
          {
            title: t("webhooks.delivered"),
            cell: (one) => (one.delivered_at === null ? t("common.never") : when(one.delivered_at)),
          },
          { title: t("webhooks.waiting"), number: true, cell: (one) => one.waiting },
          { title: t("webhooks.dead"), number: true, cell: (one) => one.dead },
          {
            title: "",
            cell: (one) => (
              <RowMenu label={t("common.actions", { name: nameOf(one) })} acts={acts(one)} />
            ),
          },
        ]}
      />
    </div>
  );
}
