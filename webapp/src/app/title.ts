import { useEffect } from "react";
import { useT } from "../i18n/I18n.tsx";
import { clockText, useNow } from "@offhook/ui/clock.ts";
import { useCallClock } from "./callClock.ts";
import { useCalls, useStage } from "./PhoneContext.tsx";
import { titleOf, whoOf } from "./words.ts";

/** The tab says who: "04:17 Berta Schulz". An incoming call comes first, then what was missed. */
export function useDocumentTitle(): void {
  const t = useT();
  const { incoming, active } = useStage();
  const { unread } = useCalls();
  const talking = active.find((call) => call.phase === "connected");
  const started = useCallClock();
  const now = useNow(talking !== undefined);
  const ringing = incoming[0];
  let title = unread > 0 ? t("title.missed", { count: unread }) : t("title.idle");
  if (ringing) title = t("title.incoming", { who: whoOf(t, ringing.remote) });
  else if (talking) {
    const time = clockText(now - started(talking));
    title = t("title.call", { time, who: titleOf(t, talking) });
  } else if (active[0]) title = titleOf(t, active[0]);

  useEffect(() => {
    document.title = title;
  }, [title]);

  useEffect(() => {
    // On the icon of the installed app; browsers without it have the title.
    const { setAppBadge } = navigator as Partial<Pick<Navigator, "setAppBadge">>;
    void setAppBadge?.call(navigator, unread).catch(() => undefined);
  }, [unread]);
}
