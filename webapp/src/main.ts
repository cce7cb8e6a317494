import { browserPlatform, Phone, Recorder } from "@offhook/sdk";
import { audioFirst } from "./app/comingBack.ts";
import { exposeDiagnostics } from "./app/diagnostics.ts";
import { showInterface } from "./app/pageMissing.ts";
import { soundBlocked } from "./app/soundBlocked.ts";
import { registerWorker } from "./app/update.ts";
import { takeOutcome } from "./features/contact-sources/cameBack.ts";
import { recorderOf } from "./features/diagnostics/recorder.ts";
import { applyStoredTheme } from "./features/settings/theme.ts";
import { takeLink } from "./features/sign-in/link.ts";
import "@offhook/ui/styles/tokens.css";
import "@offhook/ui/styles/base.css";
import "./app/comingBack.css";
import "./app/pageMissing.css";

takeLink();
takeOutcome();
applyStoredTheme();

const diagnostics = new URLSearchParams(location.search).get("diag") === "1";
const phone = new Phone(
  browserPlatform({ rawAudio: diagnostics, onSoundBlocked: () => soundBlocked.set(true) }),
);
recorderOf.set(new Recorder(phone));
if (diagnostics) exposeDiagnostics(phone);

// The phone waits for nothing. The interface, five times its size, comes after it; and where
// somebody at the other end hears nothing meanwhile, only when they do again.
void phone.start().catch(() => undefined);
void show();

async function show(): Promise<void> {
  // This script may be here before the rest of the page is.
  if (document.readyState === "loading") {
    await new Promise((resolve) => document.addEventListener("DOMContentLoaded", resolve));
  }
  await audioFirst(phone);
  await showInterface(phone, () => import("./app/page.tsx"));
  await registerWorker();
}
