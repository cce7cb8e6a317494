import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

const atRoot = (name: string) => `${import.meta.dirname}/${name}`;

export default defineConfig({
  root: import.meta.dirname,
  base: "/admin/",
  publicDir: false,
  plugins: [react()],
  build: {
    // As the web app: Chrome/Edge 111, Firefox 114, Safari 16.4.
    target: ["chrome111", "edge111", "firefox114", "safari16.4"],
    sourcemap: true,
    // The pages about the API are served at /api/docs and take their files from here.
    rolldownOptions: { input: ["index.html", "api.html"].map(atRoot) },
  },
  server: { proxy: { "/api": "http://localhost:8080" } },
});
