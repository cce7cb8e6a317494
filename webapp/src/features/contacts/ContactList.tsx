import type { Contact } from "@offhook/sdk";
import { letterOf, newDraft } from "@offhook/sdk/contacts";
import { Button, IconButton } from "@offhook/ui/Button.tsx";
import { ListState } from "@offhook/ui/ListState.tsx";
import { ListTitle } from "@offhook/ui/ListTitle.tsx";
import { lazy, Suspense, useDeferredValue, useRef } from "react";
import { useObservable } from "../../app/PhoneContext.tsx";
import { useT } from "../../i18n/I18n.tsx";
import { Choices, ListSearch, ListTools } from "../../ui/ListTools.tsx";
import { UndoNote } from "../../ui/UndoNote.tsx";
import { SilentSources } from "../contact-sources/SilentSources.tsx";
import { useSourceSearch } from "../contact-sources/sources.ts";
import { useDial } from "../dial/useDial.ts";
import { PeopleOrContacts } from "../people/PeopleOrContacts.tsx";
import { ContactRow } from "./ContactRow.tsx";
import { ContactRows } from "./ContactRows.tsx";
import styles from "./Contacts.module.css";
import { useContacts, WHOSE } from "./contactsList.ts";
import { listPlace, moveTo, useKeptTop } from "./listPlace.ts";
import { edit, panel } from "./panel.ts";
import { contactRemovals } from "./removals.ts";
import { numbersOfFound } from "./useContactSearch.ts";
import { useLostFocus } from "./useLostFocus.ts";

const ManyContacts = lazy(() => import("./ManyContacts.tsx"));

const openNew = () => edit(newDraft());
const openImport = () => panel.set({ kind: "import", import: { step: "choose", problem: null } });

/** So many rows are drawn as they are; more, only those on the screen. */
const PLAIN_MOST = 60;

export function ContactList() {
  const t = useT();
  const box = useRef<HTMLElement>(null);
  const { of, text, openId } = useObservable(listPlace);
  const q = useDeferredValue(text.trim());
  const list = useContacts(of, q);
  const { contacts } = list;
  const { dial } = useDial();
  const { found } = useSourceSearch(q, of === "all");
  const elsewhere = numbersOfFound(found);
  const looking = of !== "all" || q !== "";
  const known = contacts.length > 0 || looking;

  useKeptTop(box);
  useLostFocus(box, { stay: true });

  const partsOf = (contact: Contact, i: number) => {
    const letter = letterOf(contact.name);
    const before = contacts[i - 1];
    return {
      contact,
      letter: before && letterOf(before.name) === letter ? null : letter,
      open: contact.id === openId,
      onOpen: (open: boolean) => moveTo({ openId: open ? contact.id : null }),
      onRemove: list.remove,
    };
  };

  return (
    <section ref={box} tabIndex={-1} aria-labelledby="contacts-title">
      <ListTitle
        id="contacts-title"
        level={1}
        action={
          known && (
            <div>
              <IconButton icon="upload" label={t("contacts.import")} onPress={openImport} />
              <IconButton icon="add" label={t("contacts.new")} onPress={openNew} />
            </div>
          )
        }
      >
        {t("contacts.title")}
      </ListTitle>
      <ListTools>
        <PeopleOrContacts />
        {known && (
          <>
            <ListSearch
              text={text}
              set={(next) => moveTo({ text: next })}
              label={t("contacts.search")}
              short={t("contacts.search.short")}
            />
            <Choices
              label={t("contacts.of")}
              all={WHOSE}
              chosen={of}
              words={(one) => t(`contacts.of.${one}`)}
              onChoose={(next) => moveTo({ of: next })}
            />
          </>
        )}
      </ListTools>
      {contacts.length > PLAIN_MOST ? (
        <Suspense fallback={<ListState status="loading" empty="" onRetry={list.retry} />}>
          <ManyContacts contacts={contacts} partsOf={partsOf} more={list.more} />
        </Suspense>
      ) : (
        <ul>
          {contacts.map((contact, i) => (
            <ContactRow key={contact.id} {...partsOf(contact, i)} />
          ))}
        </ul>
      )}
      {elsewhere.length > 0 && (
        <ul aria-label={t("sources.title")}>
          <ContactRows contacts={elsewhere} onCall={dial} />
        </ul>
      )}
      {of === "all" && <SilentSources text={q} />}
      {contacts.length === 0 && elsewhere.length === 0 && (
        <ListState
          status={list.status}
          icon="people"
          empty={t(looking ? "contacts.empty.found" : "contacts.empty")}
          {...(looking ? {} : { hint: t("contacts.empty.hint") })}
          onRetry={list.retry}
        />
      )}
      {!known && elsewhere.length === 0 && list.status === "done" && (
        <div className={styles.first}>
          <Button icon="add" look="primary" onPress={openNew}>
            {t("contacts.new")}
          </Button>
          <Button icon="upload" onPress={openImport}>
            {t("contacts.import")}
          </Button>
        </div>
      )}
      <UndoNote removals={contactRemovals} deleted={(count) => t("contacts.deleted", { count })} />
    </section>
  );
}
