import type { Call } from "@offhook/sdk";
import { useEffect, useRef, useSyncExternalStore } from "react";
import { inFront, useObservable, usePhone } from "../../app/PhoneContext.tsx";
import { whoOf } from "../../app/words.ts";
import { useT } from "../../i18n/I18n.tsx";
import { answerWords, canWait } from "./answerWords.ts";
import { useAnswer } from "./useAnswer.ts";

interface CallAction {
  type: "call-action";
  action: "answer" | "decline";
  callId: string;
}

/** The types of the browser do not know actions on notifications yet. */
type Options = NotificationOptions & { actions?: { action: string; title: string }[] };

/** A notice of the system, only while nobody looks at the page and only from one tab. */
export function useCallNotification(call: Call | undefined, other: Call | undefined): void {
  const t = useT();
  const phone = usePhone();
  const answer = useAnswer();
  const leader = useObservable(phone.leader);
  const wanted = useObservable(phone.settings.view)?.settings.notifications !== false;
  const hidden = useSyncExternalStore(onVisibility, () => document.visibilityState !== "visible");
  const id = call?.id;
  const who = call ? whoOf(t, call.remote) : "";
  const answerTitle = answerWords(t, other);
  /** The notice before: the system knows ours by a tag, so the next comes when it is gone. */
  const before = useRef<Promise<unknown>>(Promise.resolve());

  useEffect(() => {
    if (id === undefined || !leader || !hidden || !wanted) return;
    if (typeof Notification === "undefined" || Notification.permission !== "granted") return;
    const options: Options = {
      tag: id,
      icon: "/icons/icon-192.png",
      requireInteraction: true,
      data: { callId: id },
      actions: [
        { action: "answer", title: answerTitle },
        { action: "decline", title: t("incoming.decline") },
      ],
    };
    const shown = before.current.then(() => notify(t("incoming.notification", { who }), options));
    return () => {
      before.current = shown.then((close) => close()).catch(() => undefined);
    };
  }, [answerTitle, hidden, id, leader, t, wanted, who]);

  useEffect(() => {
    const worker = (navigator as Partial<Navigator>).serviceWorker;
    const onMessage = (event: MessageEvent<CallAction | null>) => {
      if (event.data?.type !== "call-action") return;
      const { action, callId } = event.data;
      const ringing = phone.calls.get().calls.find((item) => item.id === callId);
      if (ringing?.phase !== "ringing_in") return;
      const other = inFront(phone.calls.get().calls)[0];
      if (action === "answer") answer(ringing, other && !canWait(other) ? other : undefined);
      else void phone.decline(callId).catch(() => undefined);
    };
    worker?.addEventListener("message", onMessage);
    return () => worker?.removeEventListener("message", onMessage);
  }, [phone, answer]);
}

function onVisibility(listener: () => void): () => void {
  document.addEventListener("visibilitychange", listener);
  return () => document.removeEventListener("visibilitychange", listener);
}

/** By the service worker where there is one: only then the notice can carry buttons. */
async function notify(title: string, options: Options): Promise<() => unknown> {
  const worker = (navigator as Partial<Navigator>).serviceWorker;
  const registration = await worker?.getRegistration().catch(() => undefined);
  if (registration?.active) {
    await registration.showNotification(title, options);
    return async () => {
      const filter = options.tag === undefined ? {} : { tag: options.tag };
      for (const note of await registration.getNotifications(filter)) note.close();
    };
  }
  try {
    const plain = { ...options };
    delete plain.actions;
    const note = new Notification(title, plain);
    note.onclick = () => {
      window.focus();
      note.close();
    };
    return () => note.close();
  } catch {
    return () => undefined; // Some mobile browsers notify only from a service worker.
  }
}
