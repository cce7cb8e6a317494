import { useT } from "../i18n/I18n.tsx";

/** What a page of programs says of itself, and where all of the API is described. */
export function ApiDocs({ intro }: { intro: string }) {
  const t = useT();
  return (
    <>
      {intro} <a href="/api/docs">{t("apiDocs")}</a>
    </>
  );
}
