import type { Api } from "../../app/api.ts";
import { useApi } from "../../app/context.ts";
import { tell } from "../../app/notices.ts";
import { type MessageId, useT } from "../../i18n/I18n.tsx";
import { Confirm } from "../../ui/Confirm.tsx";
import type { Open } from "./People.tsx";
import type { Person } from "./people.ts";

const ACTS = ["invite", "reset", "removeFactor", "signOut", "enable", "disable"] as const;
export type PlainAct = (typeof ACTS)[number];

interface Words {
  title: MessageId;
  text: MessageId;
  confirm: MessageId;
  done: MessageId;
}

const WORDS: Record<PlainAct, Words> = {
  invite: {
    title: "people.invite.title",
    text: "people.invite.text",
    confirm: "people.invite",
    done: "people.invite.done",
  },
  reset: {
    title: "people.reset.title",
    text: "people.reset.text",
    confirm: "people.resetPassword",
    done: "people.reset.done",
  },
  removeFactor: {
    title: "people.removeFactor.title",
    text: "people.removeFactor.text",
    confirm: "people.removeFactor",
    done: "people.removeFactor.done",
  },
  signOut: {
    title: "people.signOut.title",
    text: "people.signOut.text",
    confirm: "people.signOut",
    done: "people.signOut.done",
  },
  enable: {
    title: "people.enable.title",
    text: "people.enable.text",
    confirm: "people.enable",
    done: "people.enable.done",
  },
  disable: {
    title: "people.disable.title",
    text: "people.disable.text",
    confirm: "people.disable",
    done: "people.disable.done",
  },
};

const WORK: Record<PlainAct, (api: Api, id: string) => Promise<unknown>> = {
  invite: (api, id) => api.call("POST /admin/people/{id}/invite", { path: { id } }),
  reset: (api, id) => api.call("POST /admin/people/{id}/reset-password", { path: { id } }),
  removeFactor: (api, id) =>
    api.call("POST /admin/people/{id}/remove-second-factor", { path: { id }, body: { why: "" } }),
  signOut: (api, id) => api.call("POST /admin/people/{id}/sign-out", { path: { id } }),
  enable: (api, id) => api.call("POST /admin/people/{id}/enable", { path: { id } }),
  disable: (api, id) =>
    api.call("POST /admin/people/{id}/disable", { path: { id }, body: { why: "" } }),
};

interface Props {
  open: Open | null;
  onClose: (changed: boolean) => void;
}

/** Acts that need a yes and nothing else. */
export function PlainActs({ open, onClose }: Props) {
  const t = useT();
  const api = useApi();
  const act = ACTS.find((one) => one === open?.kind);
  if (!open || !act || !("person" in open)) return null;
  const { person } = open;
  const words = WORDS[act];
  return (
    <Confirm
      title={t(words.title, { name: person.name })}
      text={t(words.text, { name: person.name, email: person.email })}
      confirm={t(words.confirm)}
      work={async () => {
        await WORK[act](api, person.id);
        tell(t(words.done, { name: person.name }), wayBack(act, person));
        onClose(true);
      }}
      onClose={() => onClose(false)}
    />
  );

  function wayBack(done: PlainAct, who: Person) {
    if (done !== "disable") return undefined;
    return {
      label: t("common.undo"),
      work: () => {
        void WORK.enable(api, who.id)
          .then(() => tell(t("people.enable.done", { name: who.name })))
          .finally(() => onClose(true));
      },
    };
  }
}
