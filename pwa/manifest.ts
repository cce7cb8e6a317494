import type { ManifestOptions } from "vite-plugin-pwa";

/** What the browser needs to install the phone as an app. */
export const manifest: Partial<ManifestOptions> = {
  id: "/",
  name: "Offhook",
  short_name: "Offhook",
  description: "Your office line in the browser",
  start_url: "/",
  scope: "/",
  display: "standalone",
  background_color: "#f4f6f7",
  theme_color: "#0b6e66",
  categories: ["business", "productivity"],
  icons: [
    { src: "/icons/icon.svg", sizes: "any", type: "image/svg+xml" },
    { src: "/icons/icon-192.png", sizes: "192x192", type: "image/png" },
    { src: "/icons/icon-512.png", sizes: "512x512", type: "image/png" },
    { src: "/icons/maskable-512.png", sizes: "512x512", type: "image/png", purpose: "maskable" },
  ],
};
