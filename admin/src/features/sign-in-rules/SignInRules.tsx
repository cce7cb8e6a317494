import { useT } from "../../i18n/I18n.tsx";
import { Page } from "../../ui/Page.tsx";
import { Directory } from "./Directory.tsx";
import { Domains } from "./Domains.tsx";
import { Policy } from "./Policy.tsx";
import { Providers } from "./Providers.tsx";
import { Scim } from "./Scim.tsx";

/** How people of this tenant prove who they are, and where they come from. */
export default function SignInRules() {
  const t = useT();
  return (
    <Page title={t("nav.signIn")} intro={t("rules.intro")}>
      <Policy />
      <Providers />
      <Domains />
      <Directory />
      <Scim />
    </Page>
  );
}
