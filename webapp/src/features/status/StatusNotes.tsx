import type { Connector } from "@offhook/sdk";
import { useSyncExternalStore } from "react";
import { useCalls, useLink, useObservable } from "../../app/PhoneContext.tsx";
import { soundBlocked } from "../../app/soundBlocked.ts";
import { type Translate, useT, useTimeOfDay } from "../../i18n/I18n.tsx";
import { useAfter } from "@offhook/ui/useAfter.ts";
import { Note } from "@offhook/ui/Note.tsx";

/** A blink of the network is not worth a word. */
const SAY_AFTER_MS = 1_200;

/** Where a weak layer is heard in everybody's calls. Lines of others that are not registered, and a
 * phone system that tells nothing of desk phones, are for the administrator to see. */
const HEARD: readonly Connector["layers"][number]["layer"][] = ["network", "registration", "audio"];

/** One sentence about what keeps the phone from working, if anything does. */
export function StatusNotes() {
  const t = useT();
  const timeOfDay = useTimeOfDay();
  const link = useLink();
  const { connector, known } = useCalls();
  const silent = useObservable(soundBlocked);
  const network = useNetwork();
  const waiting = useAfter(link !== "online", SAY_AFTER_MS);

  if (silent) return <Note kind="warn">{t("status.sound")}</Note>;
  if (!network) return <Note kind="warn">{t("status.offline")}</Note>;
  if (link !== "online") {
    if (!waiting) return null;
    return <Note kind="warn">{t(known ? "status.reconnecting" : "status.connecting")}</Note>;
  }
  const words = connector ? connectorWords(t, connector, timeOfDay) : null;
  if (words === null) return null;
  return <Note kind={connector?.state === "connecting" ? "info" : "warn"}>{words}</Note>;
}

function connectorWords(
  t: Translate,
  connector: Connector,
  timeOfDay: (at: Date) => string,
): string | null {
  switch (connector.state) {
    case "working":
    case "unknown":
      return null;
    case "down": {
      const layer = connector.layers.find((item) => item.state === "down");
      const since = layer ? new Date(layer.since) : null;
      if (!since || Number.isNaN(since.getTime())) return t("status.connector.down.plain");
      return t("status.connector.down", { time: timeOfDay(since) });
    }
    case "weak":
      return connector.layers.some(({ layer, state }) => state === "weak" && HEARD.includes(layer))
        ? t("status.connector.weak")
        : null;
    case "not_set_up":
    case "connecting":
    case "refused":
      return t(`status.connector.${connector.state}`);
  }
}

function useNetwork(): boolean {
  return useSyncExternalStore(
    (listener) => {
      window.addEventListener("online", listener);
      window.addEventListener("offline", listener);
      return () => {
        window.removeEventListener("online", listener);
        window.removeEventListener("offline", listener);
      };
    },
    () => navigator.onLine,
  );
}
