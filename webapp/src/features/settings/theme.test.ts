import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { applyStoredTheme, applyTheme, AROUND } from "./theme.ts";

const tokens = readFileSync("ui/src/styles/tokens.css", "utf8");

/** The declarations behind a selector, the first time it stands there after `from`. */
function declarations(selector: string, from = 0): string[] {
  const start = tokens.indexOf(`${selector} {`, from) + selector.length + 2;
  expect(start, selector).toBeGreaterThan(selector.length + 2);
  const lines = tokens.slice(start, tokens.indexOf("}", start)).split(";");
  return lines.map((line) => line.trim()).filter((line) => line.startsWith("--"));
}

it("is the same dark, whether the system or the user wants it", () => {
  const bySystem = declarations(':root:not([data-theme="light"])');
  expect(declarations(':root[data-theme="dark"]')).toEqual(bySystem);
  expect(bySystem.length).toBeGreaterThan(20);
  const contrast = tokens.indexOf("(prefers-contrast: more) and");
  expect(declarations(':root[data-theme="dark"]', contrast)).toEqual(
    declarations(':root:not([data-theme="light"])', contrast),
  );
});

it("colours what the browser draws around the page like the page", () => {
  expect(declarations(":root")).toContain(`--bg: ${AROUND.light}`);
  expect(declarations(':root[data-theme="dark"]')).toContain(`--bg: ${AROUND.dark}`);
  document.head.innerHTML =
    '<meta name="theme-color" content="a" media="(prefers-color-scheme: light)">' +
    '<meta name="theme-color" content="b" media="(prefers-color-scheme: dark)">';
  const around = () => [...document.querySelectorAll("meta")].map((meta) => meta.content);
  applyTheme("dark");
  expect(around()).toEqual([AROUND.dark, AROUND.dark]);
  applyTheme("system");
  expect(around()).toEqual([AROUND.light, AROUND.dark]);
  expect(document.documentElement.dataset["theme"]).toBeUndefined();
});

it("shows at load what this browser showed last", () => {
  localStorage.setItem("offhook.theme", "light");
  applyStoredTheme();
  expect(document.documentElement.dataset["theme"]).toBe("light");
  localStorage.setItem("offhook.theme", "pink");
  applyStoredTheme();
  expect(document.documentElement.dataset["theme"]).toBeUndefined();
});
