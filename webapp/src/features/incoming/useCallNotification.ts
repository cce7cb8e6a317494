import type { Call } from "@offhook/sdk";
import { useEffect } from "react";
import { usePhone, useObservable } from "../../app/PhoneContext.tsx";
import { whoOf } from "../../app/words.ts";
import { useT } from "../../i18n/I18n.tsx";

/** A notice of the system, only while nobody looks at the page and only from one tab. */
export function useCallNotification(call: Call | undefined): void {
  const t = useT();
  const leader = useObservable(usePhone().leader);
  const id = call?.id;
  const who = call ? whoOf(t, call.remote) : "";
  useEffect(() => {
    if (id === undefined || !leader || document.visibilityState === "visible") return;
    if (typeof Notification === "undefined" || Notification.permission !== "granted") return;
    let note: Notification;
    try {
      note = new Notification(t("incoming.notification", { who }), {
        tag: id,
        icon: "/icons/icon-192.png",
        requireInteraction: true,
      });
    } catch {
      return; // Some mobile browsers only notify from a service worker.
    }
    note.onclick = () => {
      window.focus();
      note.close();
    };
    return () => note.close();
  }, [id, leader, t, who]);
}
