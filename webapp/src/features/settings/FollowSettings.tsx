import { I18nContext } from "@offhook/ui/i18n/language.ts";
import { use, useEffect } from "react";
import { applyTheme } from "./theme.ts";
import { useSettings } from "./useChangeSetting.ts";

/** What was chosen on another device holds here too, at once and without a reload. */
export function FollowSettings() {
  const settings = useSettings();
  const { languages, choose } = use(I18nContext);
  const theme = settings?.theme;
  const wish = settings?.language;

  useEffect(() => {
    if (theme !== undefined) applyTheme(theme);
  }, [theme]);

  useEffect(() => {
    const known = languages.find((item) => item === wish);
    if (known) choose(known);
  }, [wish, languages, choose]);

  return null;
}
