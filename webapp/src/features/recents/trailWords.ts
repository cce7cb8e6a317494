import type { TrailView } from "@offhook/sdk";
import en from "../../i18n/en.json";
import type { MessageId, Translate } from "../../i18n/I18n.tsx";

/** Why one device rang or did not, as a sentence. Of an unknown code: the code itself. */
export function trailWords(t: Translate, step: TrailView, ownDevice: string | null): string {
  const id = `trail.${step.code}`;
  const device = deviceWords(t, step.device, ownDevice);
  if (!(id in en)) return `${device}: ${step.code}`;
  return t(id as MessageId, { device, seconds: step.detail });
}

function deviceWords(t: Translate, device: TrailView["device"], ownDevice: string | null): string {
  if (device === null) return t("trail.device.all");
  if (device.id === ownDevice) return t("trail.device.here");
  return device.name ?? t("trail.device.removed");
}
