/**
 * Development page: the real interface over a stand-in for the gateway, so that every state can be
 * looked at without a phone system. Nothing of this gets into the build. Open
 * /dev/index.html?scene=NAME#/phone while `npm run dev` runs.
 */
import { Phone } from "@offhook/sdk";
import { FakeSurroundings } from "@offhook/sdk/fakes";
import { createRoot } from "react-dom/client";
import { App } from "../src/app/App.tsx";
import "@offhook/ui/styles/tokens.css";
import "@offhook/ui/styles/base.css";
import { routes, SCENES } from "./scenes.ts";

const query = new URLSearchParams(location.search);
const scene = SCENES[query.get("scene") ?? "idle"] ?? SCENES["idle"];
const world = new FakeSurroundings();
world.clock.now = () => Date.now();
world.clock.later = (ms, work) => {
  const timer = setTimeout(work, ms);
  return () => clearTimeout(timer);
};
world.deviceId = "device-1";
Object.assign(world.routes, routes);
scene?.prepare?.(world);

const phone = new Phone(world.platform());
const root = document.getElementById("root");
if (root) createRoot(root).render(<App phone={phone} />);
await phone.start().catch(() => undefined);
world.lead();
await scene?.play?.(world, phone);
document.documentElement.dataset["ready"] = "true";
