import { Store } from "@offhook/sdk";
import { useObservable } from "../../app/PhoneContext.tsx";

export type Permission = "granted" | "denied" | "default" | "unsupported";

const permission = new Store<Permission>(read());

export function useNotificationPermission(): Permission {
  return useObservable(permission);
}

/** Only from the user's own click on the button that says why. */
export async function askNotifications(): Promise<void> {
  if (typeof Notification === "undefined") return;
  await Notification.requestPermission().catch(() => "default");
  permission.set(read());
}

function read(): Permission {
  return typeof Notification === "undefined" ? "unsupported" : Notification.permission;
}
