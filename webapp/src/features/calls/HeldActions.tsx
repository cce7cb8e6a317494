import { type Call, isHeldHere } from "@offhook/sdk";
import { useCalls, usePhone } from "../../app/PhoneContext.tsx";
import { titleOf } from "../../app/words.ts";
import { useT } from "../../i18n/I18n.tsx";
import { Button } from "@offhook/ui/Button.tsx";
import { useAsk, useHangUp } from "./callTrouble.ts";
import { allowed, shortName } from "./callWords.ts";
import styles from "./HeldCard.module.css";
import { canConnect, canMerge, pairOf } from "./pair.ts";

/** Of two calls: change over, join, connect. Each only where the server lists it. */
export function HeldActions({ call, front }: { call: Call; front: Call }) {
  const t = useT();
  const phone = usePhone();
  const ask = useAsk(call.id);
  const endFront = useHangUp(front.id);
  const pair = pairOf(front, call);
  const who = shortName(titleOf(t, call));
  const target = shortName(titleOf(t, pair.target));
  const frontTalks = !isHeldHere(front);
  const swap = frontTalks && allowed(call, "swap");

  const elsewhere = call.device_id !== useCalls().deviceId && !call.moving;

  return (
    <div className={styles.actions}>
      {elsewhere && allowed(call, "pull") && (
        <Button icon="move" onPress={() => ask(phone.bringHere(call.id))}>
          {t("call.bring")}
        </Button>
      )}
      {canConnect(pair) && (
        <Button
          look={pair.asked ? "primary" : "plain"}
          icon="transfer"
          onPress={() => ask(phone.control.transferWith(pair.caller.id, pair.target.id))}
        >
          {pair.asked
            ? t("transfer.handOver", { who: target })
            : t("held.connect", { who, other: target })}
        </Button>
      )}
      {/* The server takes who waits off hold when whom we asked has left. */}
      {pair.target === front && pair.asked && allowed(front, "hang_up") && (
        <Button icon="back" onPress={endFront}>
          {t("transfer.backTo", { who })}
        </Button>
      )}
      {swap && (
        <Button
          icon="swap"
          onPress={() => ask(phone.control.swap(call.id))}
          aria-keyshortcuts="s"
          data-shortcut="s"
        >
          {t("held.swap")}
        </Button>
      )}
      {!swap && allowed(call, "retrieve") && (
        <Button icon="play" onPress={() => ask(phone.control.retrieve(call.id))}>
          {t("call.resume")}
        </Button>
      )}
      {allowed(call, "hold") && (
        <Button icon="pause" onPress={() => ask(phone.control.hold(call.id))}>
          {t("call.hold")}
        </Button>
      )}
      {canMerge(front, call) && (
        <Button icon="people" onPress={() => ask(phone.control.merge(front.id, call.id))}>
          {t("held.merge")}
        </Button>
      )}
    </div>
  );
}
