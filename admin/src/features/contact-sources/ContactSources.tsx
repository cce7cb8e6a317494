import { useT } from "../../i18n/I18n.tsx";
import { Page } from "../../ui/Page.tsx";
import { Ldap } from "./Ldap.tsx";
import { Microsoft } from "./Microsoft.tsx";

/** Directories of other systems, searched where people dial. */
export default function ContactSources() {
  const t = useT();
  return (
    <Page title={t("nav.sources")} intro={t("sources.intro")}>
      <Ldap />
      <Microsoft />
    </Page>
  );
}
