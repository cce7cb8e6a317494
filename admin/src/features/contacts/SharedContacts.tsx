import type { Contact } from "@offhook/sdk/api";
import { Button } from "@offhook/ui/Button.tsx";
import { ListState } from "@offhook/ui/ListState.tsx";
import { useDeferredValue, useState } from "react";
import { useApi } from "../../app/context.ts";
import { setParams, usePlace } from "../../app/route.ts";
import { useT } from "../../i18n/I18n.tsx";
import { Confirm } from "../../ui/Confirm.tsx";
import { TextField } from "../../ui/Fields.tsx";
import { Page } from "../../ui/Page.tsx";
import { RowMenu } from "../../ui/RowMenu.tsx";
import { Table } from "../../ui/Table.tsx";
import { ContactSheet } from "./ContactSheet.tsx";
import { numbersText, useSharedContacts } from "./contacts.ts";
import { ImportSheet } from "./ImportSheet.tsx";

type Open =
  { kind: "new" | "import" } | { kind: "edit" | "remove"; contact: Contact } | { kind: "none" };

const NONE: Open = { kind: "none" };

/** The company's address book: everybody finds it where they dial, and callers get names by it. */
export default function SharedContacts() {
  const t = useT();
  const api = useApi();
  const { params } = usePlace();
  const text = params.get("q") ?? "";
  const q = useDeferredValue(text.trim());
  const list = useSharedContacts(q);
  const [open, setOpen] = useState<Open>(NONE);
  const close = (changed: boolean) => {
    setOpen(NONE);
    if (changed) list.refresh();
  };
  return (
    <Page
      title={t("nav.contacts")}
      intro={t("contacts.intro")}
      actions={
        <>
          <Button icon="upload" onPress={() => setOpen({ kind: "import" })}>
            {t("contacts.import")}
          </Button>
          <Button look="primary" icon="add" onPress={() => setOpen({ kind: "new" })}>
            {t("contacts.new")}
          </Button>
        </>
      }
    >
      {(list.contacts.length > 0 || q !== "") && (
        <div role="search">
          <TextField
            label={t("contacts.search")}
            type="search"
            value={text}
            maxLength={100}
            onChange={(next) => setParams({ q: next })}
          />
        </div>
      )}
      {list.contacts.length > 0 ? (
        <Table
          label={t("nav.contacts")}
          rows={list.contacts}
          keyOf={(one) => one.id}
          columns={[
            { title: t("contacts.form.name"), cell: (one) => one.name },
            { title: t("contacts.form.company"), cell: (one) => one.company || "–" },
            { title: t("contacts.form.numbers"), whole: true, cell: numbersText },
            { title: t("contacts.form.email"), cell: (one) => one.email || "–" },
            {
              title: "",
              cell: (contact) => (
                <RowMenu
                  label={t("common.actions", { name: contact.name })}
                  acts={[
                    {
                      id: "edit",
                      label: t("common.edit"),
                      work: () => setOpen({ kind: "edit", contact }),
                    },
                    {
                      id: "remove",
                      label: t("common.remove"),
                      danger: true,
                      work: () => setOpen({ kind: "remove", contact }),
                    },
                  ]}
                />
              ),
            },
          ]}
        />
      ) : (
        <ListState
          status={list.status}
          icon="people"
          empty={t(q === "" ? "contacts.empty" : "contacts.none")}
          {...(q === "" ? { hint: t("contacts.empty.hint") } : {})}
          onRetry={list.refresh}
        />
      )}
      {list.more && (
        <p>
          <Button onPress={list.more}>{t("common.more")}</Button>
        </p>
      )}
      {open.kind === "new" && <ContactSheet contact={null} onClose={close} />}
      {open.kind === "edit" && (
        <ContactSheet key={open.contact.id} contact={open.contact} onClose={close} />
      )}
      {open.kind === "import" && <ImportSheet onClose={close} />}
      {open.kind === "remove" && (
        <Confirm
          title={t("contacts.remove.title", { name: open.contact.name })}
          text={t("contacts.remove.text")}
          confirm={t("common.remove")}
          work={() => api.call("DELETE /admin/contacts/{id}", { path: { id: open.contact.id } })}
          onClose={() => close(true)}
        />
      )}
    </Page>
  );
}
