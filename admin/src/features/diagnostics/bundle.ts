import { redact } from "@offhook/sdk/api";
import type { Me } from "../../app/context.ts";
import { troubles } from "../../app/trouble.ts";

/** What support needs to find a fault of the portal; seen by its user before it is sent. */
export function portalBundle(me: Me): Record<string, unknown> {
  const bundle = {
    made_at: new Date().toISOString(),
    page: {
      agent: navigator.userAgent,
      languages: navigator.languages,
      language: document.documentElement.lang,
      online: navigator.onLine,
      protocol: location.protocol,
      // Without what stands behind it: that may be a search for somebody.
      view: location.hash.split("?")[0] ?? "",
      window: [innerWidth, innerHeight, devicePixelRatio],
      // The name of the script says which build this is.
      build: new URL(import.meta.url).pathname,
    },
    ids: { tenant: me.tenant.id, user: me.user.id },
    role: me.user.role,
    permissions: me.user.permissions,
    troubles: troubles.get(),
  };
  return redact(bundle, { people: true }) as Record<string, unknown>;
}
