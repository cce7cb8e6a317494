import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

export default defineConfig({
  root: import.meta.dirname,
  base: "/admin/",
  publicDir: false,
  plugins: [react()],
  build: {
    // As the web app: Chrome/Edge 111, Firefox 114, Safari 16.4.
    target: ["chrome111", "edge111", "firefox114", "safari16.4"],
    sourcemap: true,
  },
  server: { proxy: { "/api": "http://localhost:8080" } },
});
