import type { AudioRole } from "@offhook/sdk";
import { Button } from "@offhook/ui/Button.tsx";
import { Note } from "@offhook/ui/Note.tsx";
import { useId, useState } from "react";
import { useObservable, usePhone } from "../../app/PhoneContext.tsx";
import { useProblemWords } from "../../app/words.ts";
import { useT } from "../../i18n/I18n.tsx";
import styles from "./Settings.module.css";
import { useChangeSetting, useSettings } from "./useChangeSetting.ts";

/** Devices hold for this browser only: elsewhere other ones are plugged in. */
export function SoundSettings() {
  const t = useT();
  const phone = usePhone();
  const heading = useId();
  const { named } = useObservable(phone.audio.list);
  return (
    <section className={styles.box} aria-labelledby={heading}>
      <h2 id={heading} className={styles.title}>
        {t("settings.sound")}
      </h2>
      <p className={styles.hint}>{t("settings.sound.here")}</p>
      {!named && (
        <Note
          kind="info"
          live={false}
          action={
            <Button onPress={() => void phone.microphone.ask().catch(() => undefined)}>
              {t("ready.microphone.ask")}
            </Button>
          }
        >
          {t("settings.sound.unnamed")}
        </Note>
      )}
      <DeviceField role="microphone" />
      {phone.audio.canChooseOutput ? (
        <>
          <DeviceField role="output" />
          <DeviceField role="ring" />
        </>
      ) : (
        <Note kind="info" live={false}>
          {t("settings.output.no")}
        </Note>
      )}
      <RingVolume />
    </section>
  );
}

function DeviceField({ role }: { role: AudioRole }) {
  const t = useT();
  const { audio } = usePhone();
  const hint = useId();
  const list = useObservable(audio.list);
  const preferred = useObservable(audio.preferred)[role];
  const used = useObservable(audio.used)[role];
  const devices = role === "microphone" ? list.microphones : list.outputs;
  const away = preferred !== undefined && used === "";
  const shown = devices.filter((device) => device.label !== "");
  return (
    <div className={styles.field}>
      <label className={styles.field}>
        <span>{t(`settings.${role}`)}</span>
        <select
          className={styles.select}
          value={away ? preferred.id : used}
          aria-describedby={away ? hint : undefined}
          onChange={(event) => audio.choose(role, event.target.value)}
        >
          <option value="">{t("settings.device.system")}</option>
          {preferred !== undefined &&
            !shown.some(({ id }) => id === used || id === preferred.id) && (
              <option value={preferred.id}>{preferred.label}</option>
            )}
          {shown.map((device) => (
            <option key={device.id} value={device.id}>
              {device.label}
            </option>
          ))}
        </select>
      </label>
      {away && (
        <p id={hint} className={styles.hint} role="status">
          {t("settings.device.away", { device: preferred.label })}
        </p>
      )}
    </div>
  );
}

function RingVolume() {
  const t = useT();
  const words = useProblemWords();
  const { ringer } = usePhone();
  const settings = useSettings();
  const { change, problem } = useChangeSetting();
  /** While the handle is held: the server hears of the end only. */
  const [moving, setMoving] = useState<number | null>(null);
  const volume = moving ?? settings?.ring_volume ?? 80;
  const keep = () => {
    if (moving !== null && moving !== settings?.ring_volume) change({ ring_volume: moving });
    setMoving(null);
  };
  return (
    <>
      {problem && <Note kind="danger">{words(problem)}</Note>}
      <div className={styles.row}>
        <label className={styles.grow}>
          <span>{t("settings.ringVolume", { percent: volume })}</span>
          <input
            type="range"
            className={styles.range}
            min={0}
            max={100}
            step={5}
            value={volume}
            onChange={(event) => {
              const next = Number(event.target.value);
              setMoving(next);
              ringer.setVolume(next);
            }}
            onPointerUp={keep}
            onKeyUp={keep}
            onBlur={keep}
          />
        </label>
        <Button icon="sound" onPress={() => void ringer.test()}>
          {t("ready.sound.test")}
        </Button>
      </div>
      {volume === 0 && <p className={styles.hint}>{t("settings.ringVolume.off")}</p>}
    </>
  );
}
