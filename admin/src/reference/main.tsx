import "@offhook/ui/styles/tokens.css";
import "@offhook/ui/styles/base.css";
import { Languages } from "@offhook/ui/i18n/Languages.tsx";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { Page } from "./Page.tsx";
import { english, loaders } from "./words.ts";

const root = document.getElementById("root");
if (root) {
  createRoot(root).render(
    <StrictMode>
      <Languages english={english} loaders={loaders}>
        <Page />
      </Languages>
    </StrictMode>,
  );
}
