import type { IconName } from "@offhook/ui/Icon.tsx";
import { type ComponentType, lazy, type LazyExoticComponent } from "react";
import type { MessageId } from "../i18n/I18n.tsx";

export interface PageEntry {
  page: string;
  title: MessageId;
  icon: IconName;
  /** Who has none of these does not see it. */
  permissions: readonly string[];
  Component: LazyExoticComponent<ComponentType>;
}

/** In the order of the navigation; a page of its own file each, loaded when it is opened. */
export const PAGES: readonly PageEntry[] = [
  {
    page: "overview",
    title: "nav.overview",
    icon: "gauge",
    permissions: ["tenant.read"],
    Component: lazy(() => import("../features/overview/Overview.tsx")),
  },
  {
    page: "people",
    title: "nav.people",
    icon: "people",
    permissions: ["people.read"],
    Component: lazy(() => import("../features/people/People.tsx")),
  },
  {
    page: "import",
    title: "nav.import",
    icon: "upload",
    permissions: ["imports.write"],
    Component: lazy(() => import("../features/imports/Imports.tsx")),
  },
  {
    page: "contacts",
    title: "nav.contacts",
    icon: "book",
    permissions: ["contacts.write"],
    Component: lazy(() => import("../features/contacts/SharedContacts.tsx")),
  },
  {
    page: "sources",
    title: "nav.sources",
    icon: "search",
    permissions: ["contacts.write"],
    Component: lazy(() => import("../features/contact-sources/ContactSources.tsx")),
  },
  {
    page: "sites",
    title: "nav.sites",
    icon: "line",
    permissions: ["connector.read"],
    Component: lazy(() => import("../features/sites/Sites.tsx")),
  },
  {
    page: "keys",
    title: "nav.keys",
    icon: "key",
    permissions: ["keys.read"],
    Component: lazy(() => import("../features/keys/Keys.tsx")),
  },
  {
    page: "webhooks",
    title: "nav.webhooks",
    icon: "transfer",
    permissions: ["webhooks.write"],
    Component: lazy(() => import("../features/webhooks/Webhooks.tsx")),
  },
  {
    page: "sign-in",
    title: "nav.signIn",
    icon: "shield",
    permissions: ["sign_in.write"],
    Component: lazy(() => import("../features/sign-in-rules/SignInRules.tsx")),
  },
  {
    page: "audit",
    title: "nav.audit",
    icon: "recents",
    permissions: ["audit.read"],
    Component: lazy(() => import("../features/audit/Audit.tsx")),
  },
  {
    page: "announcements",
    title: "nav.announcements",
    icon: "bell",
    permissions: ["tenant.write"],
    Component: lazy(() => import("../features/announcements/Announcements.tsx")),
  },
  {
    page: "diagnostics",
    title: "nav.diagnostics",
    icon: "info",
    permissions: ["diagnostics.read"],
    Component: lazy(() => import("../features/diagnostics/Diagnostics.tsx")),
  },
  {
    page: "usage",
    title: "nav.usage",
    icon: "chart",
    permissions: ["usage.read"],
    Component: lazy(() => import("../features/usage/Usage.tsx")),
  },
  {
    page: "settings",
    title: "nav.settings",
    icon: "settings",
    permissions: ["tenant.write"],
    Component: lazy(() => import("../features/settings/Settings.tsx")),
  },
  {
    page: "tenants",
    title: "nav.tenants",
    icon: "building",
    permissions: ["platform"],
    Component: lazy(() => import("../features/tenants/Tenants.tsx")),
  },
];
