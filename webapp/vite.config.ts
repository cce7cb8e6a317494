import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  build: {
    // Chrome/Edge 111, Firefox 114, Safari 16.4: what the documentation promises.
    target: ["chrome111", "edge111", "firefox114", "safari16.4"],
    sourcemap: true,
  },
  server: {
    proxy: {
      "/api": "http://localhost:8080",
      "/socket.io": { target: "http://localhost:8080", ws: true },
    },
  },
});
