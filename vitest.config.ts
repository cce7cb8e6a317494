import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    // of its own accord it leaves one of two processors idle
    maxWorkers: 2,
    projects: [
      { test: { name: "sdk", include: ["sdk/src/**/*.test.ts"], environment: "node" } },
      {
        extends: "./webapp/vite.config.ts",
        test: {
          name: "webapp",
          include: ["webapp/src/**/*.test.{ts,tsx}"],
          environment: "jsdom",
          testTimeout: 30_000,
          setupFiles: ["webapp/src/testing/setup.ts"],
        },
      },
      {
        extends: "./admin/vite.config.ts",
        test: {
          name: "admin",
          include: ["admin/src/**/*.test.{ts,tsx}"],
          environment: "jsdom",
          testTimeout: 30_000,
          setupFiles: ["admin/src/testing/setup.ts"],
        },
      },
    ],
  },
});
