import { Button } from "@offhook/ui/Button.tsx";
import { ListState } from "@offhook/ui/ListState.tsx";
import { useState } from "react";
import { useApi } from "../../app/context.ts";
import { useWord } from "../../app/words.ts";
import { useT } from "../../i18n/I18n.tsx";
import { Confirm } from "../../ui/Confirm.tsx";
import { FormActions } from "../../ui/Form.tsx";
import { RowMenu } from "../../ui/RowMenu.tsx";
import { Sheet } from "../../ui/Sheet.tsx";
import { State } from "../../ui/State.tsx";
import { Table } from "../../ui/Table.tsx";
import { type Template, useTemplates } from "./templates.ts";
import { TemplateSheet } from "./TemplateSheet.tsx";

interface Props {
  sites: readonly { id: string; name: string }[];
  onClose: () => void;
}

type Open = { kind: "new" } | { kind: "edit" | "remove"; one: Template } | null;

/** What new people can begin with. */
export function Templates({ sites, onClose }: Props) {
  const t = useT();
  const api = useApi();
  const word = useWord();
  const list = useTemplates();
  const [open, setOpen] = useState<Open>(null);
  const items = list.data?.items ?? [];
  const close = () => {
    setOpen(null);
    void list.refetch();
  };
  if (open?.kind === "new" || open?.kind === "edit") {
    return (
      <TemplateSheet
        template={open.kind === "edit" ? open.one : null}
        sites={sites}
        onClose={close}
      />
    );
  }
  return (
    <>
      <Sheet title={t("templates.title")} onClose={onClose}>
        <p>{t("templates.intro")}</p>
        {items.length > 0 ? (
          <Table
            label={t("templates.title")}
            rows={items}
            keyOf={({ id }) => id}
            columns={[
              {
                title: t("people.name"),
                cell: (one) => (
                  <>
                    {one.name} {one.default && <State tone="ok">{t("templates.default")}</State>}
                  </>
                ),
              },
              { title: t("people.role"), cell: (one) => word("role", one.role) },
              { title: t("people.site"), cell: (one) => one.site_name || "–" },
              {
                title: t("templates.next"),
                cell: (one) =>
                  one.next_number ?? (one.first_number === "" ? "–" : t("templates.usedUp")),
              },
              {
                title: "",
                cell: (one) => (
                  <RowMenu
                    label={t("common.actions", { name: one.name })}
                    acts={[
                      {
                        id: "edit",
                        label: t("common.edit"),
                        work: () => setOpen({ kind: "edit", one }),
                      },
                      {
                        id: "remove",
                        label: t("common.remove"),
                        danger: true,
                        work: () => setOpen({ kind: "remove", one }),
                      },
                    ]}
                  />
                ),
              },
            ]}
          />
        ) : (
          <ListState
            status={list.isPending ? "loading" : list.isError ? "error" : "done"}
            icon="people"
            empty={t("templates.empty")}
            onRetry={() => void list.refetch()}
          />
        )}
        <FormActions>
          <Button look="primary" icon="add" onPress={() => setOpen({ kind: "new" })}>
            {t("templates.new")}
          </Button>
        </FormActions>
      </Sheet>
      {open?.kind === "remove" && (
        <Confirm
          title={t("templates.remove.title", { name: open.one.name })}
          text={t("templates.remove.text")}
          confirm={t("common.remove")}
          work={() =>
            api.call("DELETE /admin/people-templates/{id}", { path: { id: open.one.id } })
          }
          onClose={close}
        />
      )}
    </>
  );
}
