import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { Button } from "@offhook/ui/Button.tsx";
import { ListState } from "@offhook/ui/ListState.tsx";
import { Note } from "@offhook/ui/Note.tsx";
import { useState } from "react";
import { FormattedMessage } from "react-intl";
import { useApi } from "../../app/context.ts";
import { tell } from "../../app/notices.ts";
import { useWhen, useWord } from "../../app/words.ts";
import { useT } from "../../i18n/I18n.tsx";
import { SelectField } from "../../ui/Fields.tsx";
import { FormActions } from "../../ui/Form.tsx";
import { Said } from "../../ui/Said.tsx";
import { Sheet } from "../../ui/Sheet.tsx";
import { State } from "../../ui/State.tsx";
import { Table } from "../../ui/Table.tsx";
import { useWork } from "../../ui/useWork.ts";
import styles from "./webhooks.module.css";
import { type Delivery, DELIVERY_TONES, nameOf, type Webhook } from "./webhooks.ts";

const STATES = ["waiting", "delivered", "dead"] as const;
/** While something is under way: how soon its outcome is looked for. */
const LOOK_MS = 2000;
/** And how late: a timer takes no more than 24 days, and clocks differ. */
const LOOK_AT_MOST_MS = 3_600_000;

/** Not before the first of those that wait is due: that may be hours away. */
export function lookIn(
  deliveries: readonly Pick<Delivery, "state" | "next_try_at">[],
  now: number,
): number | false {
  const due = deliveries
    .filter(({ state }) => state === "waiting")
    .map(({ next_try_at: at }) => (at === null ? 0 : Date.parse(at) - now));
  return due.length > 0 && Math.max(LOOK_MS, Math.min(LOOK_AT_MOST_MS, ...due));
}

/** What was sent, waits, or was given up; and a test. */
export function Deliveries({ of, onClose }: { of: Webhook; onClose: () => void }) {
  const t = useT();
  const api = useApi();
  const queries = useQueryClient();
  const { busy, problem, run } = useWork();
  const [state, setState] = useState("");
  const list = useInfiniteQuery({
    queryKey: ["webhooks", of.id, "deliveries", state],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam }) =>
      api.call("GET /admin/webhooks/{id}/deliveries", {
        path: { id: of.id },
        query: {
          cursor: pageParam,
          state: STATES.find((one) => one === state) ?? null,
        },
      }),
    getNextPageParam: (page) => page.next_cursor,
    refetchInterval: ({ state: { data } }) =>
      lookIn(data?.pages.flatMap((page) => page.items) ?? [], Date.now()),
  });
  const items = list.data?.pages.flatMap((page) => page.items) ?? [];
  const after = (work: () => Promise<unknown>) =>
    run(async () => {
      try {
        await work();
      } finally {
        // The webhook as well: it may have been stopped meanwhile.
        await queries.invalidateQueries({ queryKey: ["webhooks"] });
      }
    });
  const path = { id: of.id };
  const test = () => after(() => api.call("POST /admin/webhooks/{id}/test", { path }));
  const again = (one: Delivery) =>
    after(() =>
      api.call("POST /admin/webhooks/{id}/deliveries/{delivery}/again", {
        path: { ...path, delivery: one.id },
      }),
    );
  const allAgain = () =>
    after(async () => {
      const { count } = await api.call("POST /admin/webhooks/{id}/deliveries/again", { path });
      tell(t("webhooks.sentAgain", { count }));
    });

  return (
    <Sheet
      title={t("webhooks.deliveries.title", { name: nameOf(of) })}
      onClose={onClose}
      asks={false}
    >
      <p>{t("webhooks.deliveries.text")}</p>
      {problem !== null && <Note kind="danger">{problem}</Note>}
      {of.state !== "active" && (
        <Note kind="warn" live={false}>
          {t("webhooks.notActive")}
        </Note>
      )}
      <SelectField
        label={t("webhooks.deliveries.filter")}
        value={state}
        options={[
          { value: "", label: t("common.all") },
          ...STATES.map((value) => ({ value, label: t(`deliveryState.${value}`) })),
        ]}
        onChange={setState}
      />
      <FormActions>
        <Button isDisabled={busy || of.state !== "active"} onPress={() => void allAgain()}>
          {t("webhooks.allAgain")}
        </Button>
        <Button
          look="primary"
          isPending={busy}
          isDisabled={of.state !== "active"}
          onPress={() => void test()}
        >
          {t("webhooks.test")}
        </Button>
      </FormActions>
      {items.length > 0 ? (
        <DeliveryTable
          items={items}
          onAgain={of.state === "active" && !busy ? (one) => void again(one) : null}
        />
      ) : (
        <ListState
          status={list.isPending ? "loading" : list.isError ? "error" : "done"}
          icon="transfer"
          empty={t("webhooks.deliveries.empty")}
          onRetry={() => void list.refetch()}
        />
      )}
      {list.hasNextPage && (
        <Button onPress={() => void list.fetchNextPage()}>{t("common.more")}</Button>
      )}
    </Sheet>
  );
}

function DeliveryTable({
  items,
  onAgain,
}: {
  items: Delivery[];
  onAgain: ((one: Delivery) => void) | null;
}) {
  const t = useT();
  const word = useWord();
  const when = useWhen();
  return (
    <div className={styles.tables}>
      <Table
        label={t("webhooks.deliveries")}
        rows={items}
        keyOf={(one) => one.id}
        columns={[
          {
            title: t("webhooks.event"),
            cell: (one) => (
              <div>
                {word("hookEvent", one.event)}
                <span className={styles.under}>{when(one.created_at)}</span>
              </div>
            ),
          },
          {
            title: t("webhooks.state"),
            cell: (one) => (
              <State tone={DELIVERY_TONES[one.state]}>{t(`deliveryState.${one.state}`)}</State>
            ),
          },
          { title: t("webhooks.attempts"), number: true, cell: (one) => one.attempts },
          {
            title: t("webhooks.outcome"),
            cell: (one) => (
              <span className={styles.free}>
                {one.state === "waiting" && one.attempts > 0 ? (
                  <FormattedMessage
                    id="webhooks.nextTry"
                    values={{ at: when(one.next_try_at), error: <Said>{one.error}</Said> }}
                  />
                ) : one.error === "" ? (
                  "–"
                ) : (
                  <Said>{one.error}</Said>
                )}
              </span>
            ),
          },
          {
            title: "",
            cell: (one) =>
              one.state === "dead" &&
              onAgain && <Button onPress={() => onAgain(one)}>{t("webhooks.again")}</Button>,
          },
        ]}
      />
    </div>
  );
}
