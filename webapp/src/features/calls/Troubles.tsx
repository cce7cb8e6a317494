import type { Call, LegView } from "@offhook/sdk";
import { usePhone } from "../../app/PhoneContext.tsx";
import { useT } from "../../i18n/I18n.tsx";
import { Button } from "@offhook/ui/Button.tsx";
import { Note } from "@offhook/ui/Note.tsx";
import { useAfter } from "@offhook/ui/useAfter.ts";
import { BringHere } from "../moving/BringHere.tsx";
import { useAsk } from "./callTrouble.ts";
import { allowed } from "./callWords.ts";

const SAY_AFTER_MS = 1_300;

interface Props {
  call: Call;
  leg: LegView | undefined;
  who: string;
}

/** What is wrong with the sound of this call, inside its card; the controls stay. */
export function Troubles({ call, leg, who }: Props) {
  const t = useT();
  const phone = usePhone();
  const ask = useAsk(call.id);
  const worthSaying = useAfter(leg?.state === "recovering", SAY_AFTER_MS);
  if (call.on === "desk_phone") {
    // What may be asked of it is known while the phone system can be asked.
    if (call.actions.length === 0) return <Note kind="warn">{t("call.deskPhone.lost")}</Note>;
    return allowed(call, "pull") ? <BringHere call={call} words={t("call.atTheDesk")} /> : null;
  }
  if (call.phase !== "connected") return null;
  if (!leg) {
    return call.moving ? null : <BringHere call={call} words={t("call.elsewhere")} />;
  }
  if (leg.state === "recovering") {
    // Most repairs are done before anybody heard a gap.
    if (!worthSaying) return null;
    return (
      <Note kind="warn" live={false}>
        {t("call.recovering", { who })}
      </Note>
    );
  }
  if (leg.state === "connecting") return <Note kind="info">{t("call.connectingAudio")}</Note>;
  if (!leg.sending) {
    return (
      <Note
        kind="danger"
        icon="micOff"
        action={
          <Button onPress={() => ask(phone.legs.openMicrophone(call.id))}>
            {t("call.microphone.retry")}
          </Button>
        }
      >
        {t("call.noMicrophone", { who })}
      </Note>
    );
  }
  if (leg.farSilent) return <Note kind="warn">{t("call.farSilent", { who })}</Note>;
  return null;
}
