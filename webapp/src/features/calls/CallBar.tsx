import type { Call } from "@offhook/sdk";
import { useStage } from "../../app/PhoneContext.tsx";
import { hrefOf } from "../../app/route.ts";
import { titleOf } from "../../app/words.ts";
import { useT } from "../../i18n/I18n.tsx";
import { IconButton } from "@offhook/ui/Button.tsx";
import { Icon } from "@offhook/ui/Icon.tsx";
import styles from "./CallBar.module.css";
import { useHangUp } from "./callTrouble.ts";
import { Timer } from "./Timer.tsx";
import { TroubleNote } from "./TroubleNote.tsx";

/** In a narrow window, on the other tabs: the running call stays in reach. */
export function CallBar() {
  const { active } = useStage();
  return active.map((call) => <Bar key={call.id} call={call} />);
}

function Bar({ call }: { call: Call }) {
  const t = useT();
  const hangUp = useHangUp(call.id);
  return (
    <>
      <div className={styles.bar} role="group" aria-label={t("nav.stage")}>
        <a className={styles.link} href={hrefOf("phone")} title={t("call.back")}>
          <Icon name="phone" size={18} />
          <span className={styles.name}>{titleOf(t, call)}</span>
          {call.phase === "connected" ? <Timer call={call} /> : <span>{t("call.dialling")}</span>}
        </a>
        <IconButton icon="hangup" look="hangup" label={t("call.hangUp")} onPress={hangUp} />
      </div>
      <TroubleNote callId={call.id} />
    </>
  );
}
