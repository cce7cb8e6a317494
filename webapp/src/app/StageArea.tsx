import { Announcements } from "../features/announcements/Announcements.tsx";
import { ActiveCall } from "../features/calls/ActiveCall.tsx";
import { CallBar } from "../features/calls/CallBar.tsx";
import { DiallingCard } from "../features/calls/DiallingCard.tsx";
import { EndedCard } from "../features/calls/EndedCard.tsx";
import { worthSaying } from "../features/calls/endedWords.ts";
import { HeldCard } from "../features/calls/HeldCard.tsx";
import { DemoHints } from "../features/demo/DemoHints.tsx";
import { CallBackNote } from "../features/dial/CallBackNote.tsx";
import { DialPad } from "../features/dial/DialPad.tsx";
import { FetchParked } from "../features/parking/FetchParked.tsx";
import { ParkedCalls } from "../features/parking/ParkedCalls.tsx";
import { PickupOffers } from "../features/pickup/PickupOffers.tsx";
import { MicrophonePanel } from "../features/ready/MicrophonePanel.tsx";
import { ReadyStrip } from "../features/ready/ReadyStrip.tsx";
import { StatusNotes } from "../features/status/StatusNotes.tsx";
import { UpdateNote } from "../features/status/UpdateNote.tsx";
import { useT } from "../i18n/I18n.tsx";
import { NARROW, useMedia } from "@offhook/ui/media.ts";
import { useStage } from "./PhoneContext.tsx";
import styles from "./StageArea.module.css";

/** The calls; when there is none, the dial pad and what to try. */
export function StageArea({ compact }: { compact: boolean }) {
  const t = useT();
  const narrow = useMedia(NARROW);
  const { active, ended } = useStage();
  const [front, ...beside] = active;
  const idle = active.length === 0;
  if (compact) {
    return (
      <div className={styles.bars}>
        <StatusNotes />
        <CallBar />
      </div>
    );
  }
  return (
    <section className={styles.stage} id="stage" tabIndex={-1} aria-label={t("nav.stage")}>
      <StatusNotes />
      <UpdateNote />
      {idle && !narrow && <Announcements />}
      <MicrophonePanel />
      <DiallingCard />
      <CallBackNote />
      {front && <ActiveCall key={front.id} call={front} />}
      {front && beside.map((call) => <HeldCard key={call.id} call={call} front={front} />)}
      {ended.filter(worthSaying).map((item) => (
        <EndedCard key={item.call.id} item={item} />
      ))}
      <PickupOffers />
      <ParkedCalls />
      {idle && !narrow && (
        <div className={styles.idle}>
          <ReadyStrip />
          <div className={styles.pad}>
            <DialPad />
            <FetchParked />
          </div>
          <DemoHints />
        </div>
      )}
    </section>
  );
}
