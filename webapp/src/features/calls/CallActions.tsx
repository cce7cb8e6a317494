import type { Call } from "@offhook/sdk";
import { lazy, Suspense, useState } from "react";
import { useCalls, usePending, usePhone } from "../../app/PhoneContext.tsx";
import { whoOf } from "../../app/words.ts";
import { useT } from "../../i18n/I18n.tsx";
import { ActionButton } from "./ActionButton.tsx";
import styles from "./ActiveCall.module.css";
import { useAsk, useHangUp } from "./callTrouble.ts";
import { allowed } from "./callWords.ts";
import { Keypad } from "./Keypad.tsx";
import { AddCall } from "../dial/AddCall.tsx";

const Transfer = lazy(() => import("../transfer/Transfer.tsx"));

const MovePanel = lazy(() => import("../moving/MovePanel.tsx"));

type Panel = "keypad" | "add" | "transfer" | "move";

/** What can be done with the call in front: only what the server lists. */
export function CallActions({ call }: { call: Call }) {
  const t = useT();
  const phone = usePhone();
  const pending = usePending(call.id);
  const ask = useAsk(call.id);
  const hangUp = useHangUp(call.id);
  const [wanted, setPanel] = useState<Panel | null>(null);
  const toggled = (name: Panel) => () => setPanel(wanted === name ? null : name);
  const close = () => setPanel(null);
  const connected = call.phase === "connected";
  const retrieve = allowed(call, "retrieve");
  const { deviceId } = useCalls();
  // Coming here is another button.
  const places = call.moves.filter((place) => place.to !== deviceId);
  const may: Record<Panel, boolean> = {
    keypad: allowed(call, "dtmf"),
    transfer: connected && (allowed(call, "transfer") || allowed(call, "consult")),
    move: allowed(call, "move") && places.length > 0,
    add: connected && (allowed(call, "hold") || retrieve),
  };
  const panel = wanted !== null && may[wanted] ? wanted : null;

  return (
    <>
      <div
        className={styles.actions}
        role="group"
        aria-label={t("call.region", { who: whoOf(t, call.remote) })}
      >
        <ActionButton
          icon={call.muted ? "micOff" : "mic"}
          label={t("call.mute")}
          on={call.muted}
          onLabel={t("call.muted")}
          keys="m"
          show={allowed(call, call.muted ? "unmute" : "mute")}
          onPress={() => ask(phone.setMuted(call.id, !call.muted))}
        />
        <ActionButton
          icon="keypad"
          label={t("call.keypad")}
          on={panel === "keypad"}
          keys="k"
          show={may.keypad}
          onPress={toggled("keypad")}
          expands
        />
        <ActionButton
          icon={retrieve ? "play" : "pause"}
          label={t(retrieve ? "call.resume" : "call.hold")}
          keys="h"
          show={connected && (allowed(call, "hold") || retrieve)}
          onPress={() =>
            ask(retrieve ? phone.control.retrieve(call.id) : phone.control.hold(call.id))
          }
        />
        <ActionButton
          icon="add"
          label={t("call.add")}
          on={panel === "add"}
          keys="n"
          show={may.add}
          onPress={toggled("add")}
          expands
        />
        <ActionButton
          icon="transfer"
          label={t("call.transfer")}
          on={panel === "transfer"}
          keys="t"
          show={may.transfer}
          onPress={toggled("transfer")}
          expands
        />
        <ActionButton
          icon="move"
          label={t("call.move")}
          on={panel === "move"}
          keys="v"
          show={may.move}
          onPress={toggled("move")}
          expands
        />
        {allowed(call, "hang_up") && (
          <button
            type="button"
            className={styles.end}
            aria-keyshortcuts="e Shift+E"
            data-shortcut="e"
            disabled={pending === "ending"}
            onClick={hangUp}
          >
            {t("call.hangUp")}
          </button>
        )}
      </div>
      {panel === "keypad" && <Keypad callId={call.id} onClose={close} />}
      {panel === "add" && <AddCall onClose={close} />}
      {panel === "transfer" && (
        <Suspense fallback={null}>
          <Transfer call={call} onClose={close} />
        </Suspense>
      )}
      {panel === "move" && (
        <Suspense fallback={null}>
          <MovePanel call={call} places={places} onClose={close} />
        </Suspense>
      )}
    </>
  );
}
