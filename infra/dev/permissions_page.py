"""Writes docs/guides/permissions.md from gateway/permissions.py; a test compares the two.

python -m infra.dev.permissions_page
"""

from __future__ import annotations

from pathlib import Path

from gateway.permissions import KEY_SCOPES, PERMISSIONS, Permission, Role

PAGE = Path(__file__).parents[2] / "docs" / "guides" / "permissions.md"

_HEAD = """# Roles and permissions

This page is made from `gateway/permissions.py`, which is what the gateway goes by; a test keeps the
two the same (`python -m infra.dev.permissions_page` writes it anew).

- **User**: uses the phone. Everything that is one's own (calls, journal, settings, password,
  devices) needs no permission.
- **Help desk**: looks people up, resends invitations, resets passwords and lost second factors,
  signs devices out, looks at the connector. Changes nobody and sees no call journal.
- **Admin**: runs the company: people, keys, sites, sign-in, announcements, usage, audit. Appoints
  co-admins and help desk. The last admin can neither be disabled nor dismissed.
- **Operator**: runs the platform and belongs to its own tenant. By `platform` an operator invites,
  suspends and deletes tenants and tells all of them something; into a tenant's people, journals or
  keys an operator cannot look.

An **API key** has no role. It may do exactly what its scopes say, within its own tenant; the last
column says which permissions can be such a scope. `connector` keys belong to one site and open its
link, nothing else. Which request needs which permission says the API's document (`/api/docs`,
`docs/openapi.json`) at each of them.

| permission | what it is for | user | help desk | admin | operator | key |
|---|---|:-:|:-:|:-:|:-:|:-:|
"""

_WHAT = {
    Permission.PEOPLE_READ: "see people, search, export the list",
    Permission.PEOPLE_WRITE: "create, change, disable people; provision them from a PBX",
    Permission.PEOPLE_ERASE: "erase a person with all that is kept of them",
    Permission.PEOPLE_INVITE: "send, resend and withdraw invitations and password resets",
    Permission.SESSIONS_END: "sign somebody else out",
    Permission.SECOND_FACTOR_RESET: "take away a second factor that somebody has lost",
    Permission.ROLES_WRITE: "appoint and dismiss co-admins and help desk",
    Permission.IMPORTS_WRITE: "import people from a file, and undo it",
    Permission.SITES_WRITE: "create and change sites",
    Permission.CONNECTOR_READ: "see the state of a site's connector",
    Permission.CONNECTOR_TEST: "place a test call",
    Permission.KEYS_READ: "see API keys (never their text)",
    Permission.KEYS_WRITE: "create, regenerate and revoke API keys",
    Permission.SIGN_IN_WRITE: "single sign-on, directory sign-in, SCIM, second factor rules",
    Permission.CONTACTS_WRITE: "shared contacts and directory sources",
    Permission.TENANT_READ: "overview, company data, announcements",
    Permission.TENANT_WRITE: "change company data, announce something to the own people",
    Permission.TENANT_EXPORT: "export all data of the company",
    Permission.TENANT_DELETE: "delete the company",
    Permission.AUDIT_READ: "read, export and verify the audit log",
    Permission.USAGE_READ: "usage per month",
    Permission.WEBHOOKS_WRITE: "webhooks",
    Permission.DIAGNOSTICS_READ: "diagnostics bundles",
    Permission.CALLS_READ: "the company's live calls and their events",
    Permission.CALLS_CONTROL: "control calls for a user that the request names",
    Permission.SCIM: "joiners and leavers by SCIM 2.0",
    Permission.CONNECTOR: "the link of one site",
    Permission.PLATFORM: "every tenant's life, announcements to all",
}


def page() -> str:
    lines = [_HEAD.rstrip("\n")]
    for permission in Permission:
        cells = ["✓" if permission in PERMISSIONS[role] else "" for role in Role]
        cells.append("✓" if permission in KEY_SCOPES else "")
        if permission is Permission.CONNECTOR:
            cells[-1] = "per site"
        lines.append(f"| `{permission.value}` | {_WHAT[permission]} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
