import { Button } from "@offhook/ui/Button.tsx";
import type { UseQueryResult } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { useWhen } from "../../app/words.ts";
import { useT } from "../../i18n/I18n.tsx";
import { Confirm } from "../../ui/Confirm.tsx";
import { Loaded } from "../../ui/Loaded.tsx";
import { Card } from "../../ui/Page.tsx";
import { State } from "../../ui/State.tsx";
import { useVerdict } from "./verdict.ts";

interface Setup {
  active: boolean;
  version: number;
  last_error: string;
  last_error_at: string | null;
}

interface Props<T extends Setup> {
  title: string;
  setup: UseQueryResult<T>;
  remove: () => Promise<unknown>;
  edit: (setup: T, close: () => void) => ReactNode;
  test: (close: () => void) => ReactNode;
  facts: (setup: T) => ReactNode;
}

/** One directory: whether it works, and what can be done with it. */
export function SourceCard<T extends Setup>(props: Props<T>) {
  const { title, setup, remove, edit, test, facts } = props;
  const t = useT();
  const [open, setOpen] = useState<"edit" | "test" | "remove" | null>(null);
  const close = () => {
    setOpen(null);
    void setup.refetch();
  };
  const there = setup.data !== undefined && setup.data.version > 0;
  return (
    <Card
      title={title}
      actions={
        <>
          {there && (
            <>
              <Button icon="trash" onPress={() => setOpen("remove")}>
                {t("common.remove")}
              </Button>
              <Button onPress={() => setOpen("test")}>{t("sources.test")}</Button>
            </>
          )}
          <Button icon="edit" isDisabled={!setup.data} onPress={() => setOpen("edit")}>
            {t("common.edit")}
          </Button>
        </>
      }
    >
      <Loaded query={setup}>
        {(data) => (
          <>
            <SourceState setup={data} />
            {there && facts(data)}
          </>
        )}
      </Loaded>
      {open === "edit" && setup.data && edit(setup.data, close)}
      {open === "test" && test(close)}
      {open === "remove" && (
        <Confirm
          title={t("sources.remove.title", { source: title })}
          text={t("sources.remove.text")}
          confirm={t("common.remove")}
          work={remove}
          onClose={close}
        />
      )}
    </Card>
  );
}

function SourceState({ setup }: { setup: Setup }) {
  const t = useT();
  const when = useWhen();
  const verdict = useVerdict();
  if (setup.version === 0) return <State tone="quiet">{t("sources.none")}</State>;
  if (!setup.active) return <State tone="quiet">{t("sources.off")}</State>;
  if (setup.last_error === "") return <State tone="ok">{t("sources.on")}</State>;
  return (
    <State tone="danger">{`${verdict(setup.last_error)} (${when(setup.last_error_at)})`}</State>
  );
}
