import { useWhen, useWord } from "../../app/words.ts";
import en from "../../i18n/en.json";
import { type MessageId, useT } from "../../i18n/I18n.tsx";

/** What the page that writes a value calls it. The others are in `field.*`. */
const NAMES: Readonly<Record<string, MessageId>> = {
  active: "sso.active",
  area_code: "sites.areaCode",
  audience: "news.audience",
  base_dn: "directory.base",
  bind_dn: "directory.bindDn",
  channels: "sites.channels",
  client_id: "sso.client",
  company: "contacts.form.company",
  company_attribute: "contacts.form.company",
  country: "sites.country",
  create_users: "sso.create",
  description: "webhooks.description",
  digits: "sites.digits",
  directory_id: "sources.directory",
  email_attribute: "directory.email",
  ends_at: "news.ends",
  events: "webhooks.events",
  exit_code: "sites.exitCode",
  expires_at: "keys.expires",
  filter: "directory.filter",
  global_contacts: "sources.global",
  group_attribute: "directory.group",
  groups_claim: "sso.claim",
  home_attributes: "contacts.kind.home",
  host: "directory.host",
  ip_licences: "sites.licences",
  issuer: "sso.issuer",
  kind: "news.kind",
  licences: "tenants.licences",
  method: "directory.method",
  mobile_attributes: "contacts.kind.mobile",
  name_attribute: "directory.name",
  number_block: "sites.block",
  pbx_release: "sites.release",
  port: "directory.port",
  private_contacts: "sources.private",
  profile: "sites.pbx",
  quotas: "tenants.quotas",
  ranges: "sites.ranges",
  revoked: "keyState.revoked",
  role_by_group: "sso.groups",
  rows: "import.rows",
  scopes: "keys.scopes",
  security: "directory.security",
  shown_from: "news.from",
  shown_until: "news.until",
  starts_at: "news.starts",
  state: "people.state",
  status: "people.state",
  terms_version: "settings.terms.version",
  text: "news.text",
  title: "news.title",
  to: "audit.target",
  trunk_prefix: "sites.trunkPrefix",
  user_filter: "directory.filter",
  work_attributes: "contacts.kind.work",
};

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d/;

/** All acts that have words. */
export const ACTS = Object.keys(en)
  .filter((id) => /^audit\.\w+\.\w+$/.test(id))
  .map((id) => id.slice("audit.".length));

/** The name of a value, and the value, as people read them. */
export function useSaid(): {
  name: (name: string) => string;
  value: (name: string, value: string) => string;
} {
  const t = useT();
  const word = useWord();
  const when = useWhen();
  return {
    name: (name) => {
      const id = NAMES[name];
      return id === undefined ? word("field", name) : t(id);
    },
    value: (name, value) => {
      if (value === "true") return t("conflict.yes");
      if (value === "false") return t("conflict.no");
      if (name === "role") return word("role", value);
      return INSTANT.test(value) ? when(value) : value;
    },
  };
}
