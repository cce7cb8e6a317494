export const THEMES = ["system", "light", "dark"] as const;
export type Theme = (typeof THEMES)[number];

const KEY = "offhook.theme";
/** The page's own background, for what the browser draws around it. See tokens.css. */
export const AROUND = { light: "#f4f6f7", dark: "#0d1414" } as const;

/** Before the first picture: what this browser showed last. */
export function applyStoredTheme(): void {
  applyTheme(THEMES.find((theme) => theme === localStorage.getItem(KEY)) ?? "system");
}

export function applyTheme(theme: Theme): void {
  localStorage.setItem(KEY, theme);
  const { dataset } = document.documentElement;
  if (theme === "system") delete dataset["theme"];
  else dataset["theme"] = theme;
  for (const meta of document.querySelectorAll<HTMLMetaElement>('meta[name="theme-color"]')) {
    const scheme = meta.getAttribute("media")?.includes("dark") === true ? "dark" : "light";
    meta.content = AROUND[theme === "system" ? scheme : theme];
  }
}
