import { browserPlatform, Phone, Recorder } from "@offhook/sdk";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./app/App.tsx";
import { exposeDiagnostics } from "./app/diagnostics.ts";
import { takeOutcome } from "./features/contact-sources/cameBack.ts";
import { recorderOf } from "./features/diagnostics/recorder.ts";
import { applyStoredTheme } from "./features/settings/theme.ts";
import { takeLink } from "./features/sign-in/link.ts";
import { soundBlocked } from "./app/soundBlocked.ts";
import { registerWorker } from "./app/update.ts";
import "@offhook/ui/styles/tokens.css";
import "@offhook/ui/styles/base.css";

takeLink();
takeOutcome();
applyStoredTheme();

const diagnostics = new URLSearchParams(location.search).get("diag") === "1";
const phone = new Phone(
  browserPlatform({ rawAudio: diagnostics, onSoundBlocked: () => soundBlocked.set(true) }),
);
recorderOf.set(new Recorder(phone));
if (diagnostics) exposeDiagnostics(phone);

const root = document.getElementById("root");
if (root) {
  createRoot(root).render(
    <StrictMode>
      <App phone={phone} />
    </StrictMode>,
  );
}
void registerWorker();
void phone.start().catch(() => undefined);
