import type { Call } from "@offhook/sdk";
import { useId } from "react";
import { useCalls, useLegView } from "../../app/PhoneContext.tsx";
import { titleOf } from "../../app/words.ts";
import { useT } from "../../i18n/I18n.tsx";
import { Avatar } from "@offhook/ui/Avatar.tsx";
import { IconButton } from "@offhook/ui/Button.tsx";
import { useHangUp } from "./callTrouble.ts";
import { allowed, holdWords, originWords, placeWords } from "./callWords.ts";
import { HeldActions } from "./HeldActions.tsx";
import styles from "./HeldCard.module.css";
import { HeldSince } from "./HeldSince.tsx";
import { NoticeNote } from "./NoticeNote.tsx";
import { MovingNote } from "../moving/MovingNote.tsx";
import { TransferNote } from "../transfer/TransferNote.tsx";
import { TroubleNote } from "./TroubleNote.tsx";

interface Props {
  call: Call;
  /** The call that the page is about. */
  front: Call;
}

/** A call beside the one in front: who waits, since when, and what brings the two together. */
export function HeldCard({ call, front }: Props) {
  const t = useT();
  const hangUp = useHangUp(call.id);
  const { deviceId } = useCalls();
  const here = useLegView(call.id) !== undefined;
  const heading = useId();
  const who = titleOf(t, call);
  const words = [
    ...originWords(t, call),
    ...(here ? [] : placeWords(t, call, deviceId, here)),
    ...holdWords(t, call),
  ];

  return (
    <article className={styles.card} aria-labelledby={heading}>
      <div className={styles.who}>
        <Avatar name={call.remote.name} />
        <div className={styles.text}>
          <h2 id={heading} className={styles.name}>
            {who}
          </h2>
          <p className={styles.words}>
            {words.join(" · ")}
            <HeldSince call={call} />
          </p>
        </div>
        {allowed(call, "hang_up") && (
          <IconButton
            icon="hangup"
            look="hangup"
            label={t("held.hangUp", { who })}
            onPress={hangUp}
          />
        )}
      </div>
      <NoticeNote call={call} />
      <TroubleNote callId={call.id} />
      <TransferNote call={call} />
      <MovingNote call={call} />
      <HeldActions call={call} front={front} />
    </article>
  );
}
