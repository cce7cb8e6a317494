import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";
import { VitePWA } from "vite-plugin-pwa";
import { manifest } from "../pwa/manifest.ts";

export default defineConfig({
  root: import.meta.dirname,
  publicDir: "../pwa/public",
  plugins: [
    react(),
    VitePWA({
      strategies: "injectManifest",
      srcDir: "../pwa/src",
      filename: "sw.ts",
      registerType: "prompt",
      injectRegister: false,
      manifest,
      injectManifest: { globPatterns: ["**/*.{js,css,html,svg,png}"] },
    }),
  ],
  build: {
    // Chrome/Edge 111, Firefox 114, Safari 16.4: what the documentation promises.
    target: ["chrome111", "edge111", "firefox114", "safari16.4"],
    sourcemap: true,
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            // With all that they import: what a start needs comes in two files, the phone first.
            { name: "phone", test: /rolldown[\\/]runtime|[\\/]main\.ts$/, priority: 2 },
            { name: "page", test: /[\\/]app[\\/]page\.tsx$/, priority: 1 },
          ],
        },
      },
    },
  },
  server: {
    proxy: {
      "/api": "http://localhost:8080",
      "/socket.io": { target: "http://localhost:8080", ws: true },
    },
  },
});
