import { browserSession } from "@offhook/sdk/api";
import "@offhook/ui/styles/tokens.css";
import "@offhook/ui/styles/base.css";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { Api } from "./app/api.ts";
import { App } from "./app/App.tsx";
import { comeBack } from "./app/place.ts";

comeBack();
const api = new Api(browserSession("/api/v1"));
const root = document.getElementById("root");
if (root) {
  createRoot(root).render(
    <StrictMode>
      <App api={api} />
    </StrictMode>,
  );
}
