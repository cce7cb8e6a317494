"""Who may do what: roles, the permissions each one holds, and the scopes of API keys.

The table below is the only place that says so; docs/guides/permissions.md shows it to people and a
test keeps the two the same.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum


class Role(StrEnum):
    """``operator`` runs the platform and belongs to its own tenant; the others run or use one."""

    USER = "user"
    HELP_DESK = "help_desk"
    ADMIN = "admin"
    OPERATOR = "operator"


class Permission(StrEnum):
    """``<what>.<how>``; an API key's scopes are the same words."""

    PEOPLE_READ = "people.read"
    PEOPLE_WRITE = "people.write"
    PEOPLE_ERASE = "people.erase"
    PEOPLE_INVITE = "people.invite"  # send, resend and withdraw invitations and password resets
    SESSIONS_END = "sessions.end"  # sign somebody else out
    SECOND_FACTOR_RESET = "second_factor.reset"  # take away one that somebody has lost
    ROLES_WRITE = "roles.write"  # appoint and dismiss co-admins and help desk
    IMPORTS_WRITE = "imports.write"
    SITES_WRITE = "sites.write"
    CONNECTOR_READ = "connector.read"
    CONNECTOR_TEST = "connector.test"  # place a test call
    KEYS_READ = "keys.read"
    KEYS_WRITE = "keys.write"
    SIGN_IN_WRITE = "sign_in.write"  # single sign-on, directory sign-in, SCIM, second factor rules
    CONTACTS_WRITE = "contacts.write"  # shared contacts and directory sources
    TENANT_READ = "tenant.read"
    TENANT_WRITE = "tenant.write"  # name, support address, announcements, terms
    TENANT_EXPORT = "tenant.export"
    TENANT_DELETE = "tenant.delete"
    AUDIT_READ = "audit.read"
    USAGE_READ = "usage.read"
    WEBHOOKS_WRITE = "webhooks.write"
    DIAGNOSTICS_READ = "diagnostics.read"
    CALLS_READ = "calls.read"  # API keys: the tenant's live calls and their events
    CALLS_CONTROL = "calls.control"  # API keys: call control for a user that the request names
    SCIM = "scim"  # API keys: joiners and leavers by SCIM 2.0
    CONNECTOR = "connector"  # API keys: the link of one site, nothing else
    PLATFORM = "platform"  # operators: every tenant's life, announcements to all


_HELP_DESK = frozenset(
    {
        Permission.PEOPLE_READ,
        Permission.PEOPLE_INVITE,
        Permission.SESSIONS_END,
        Permission.SECOND_FACTOR_RESET,
        Permission.CONNECTOR_READ,
        Permission.CONNECTOR_TEST,
        Permission.TENANT_READ,
        Permission.DIAGNOSTICS_READ,
    }
)
#: What no person has by role: only a key is given it, or only an operator.
_NOT_FOR_ADMINS = frozenset(
    {
        Permission.PLATFORM,
        Permission.CONNECTOR,
        Permission.SCIM,
        Permission.CALLS_READ,
        Permission.CALLS_CONTROL,
    }
)
_ADMIN = frozenset(Permission) - _NOT_FOR_ADMINS

PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.USER: frozenset(),
    Role.HELP_DESK: _HELP_DESK,
    Role.ADMIN: _ADMIN,
    # Of the platform's own tenant; what an operator does to others goes by PLATFORM and is audited
    # there. An operator cannot look into a tenant's people or journals.
    Role.OPERATOR: _ADMIN | {Permission.PLATFORM},
}

#: What an admin may give to an API key of the tenant (``connector`` keys are made per site).
KEY_SCOPES: frozenset[Permission] = frozenset(
    {
        Permission.PEOPLE_READ,
        Permission.PEOPLE_WRITE,
        Permission.PEOPLE_INVITE,
        Permission.IMPORTS_WRITE,
        Permission.CONNECTOR_READ,
        Permission.CONTACTS_WRITE,
        Permission.AUDIT_READ,
        Permission.USAGE_READ,
        Permission.WEBHOOKS_WRITE,
        Permission.CALLS_READ,
        Permission.CALLS_CONTROL,
        Permission.SCIM,
    }
)


def of_role(role: str) -> frozenset[Permission]:
    """An unknown role may nothing."""
    try:
        return PERMISSIONS[Role(role)]
    except ValueError:
        return frozenset()


def of_scopes(scopes: Iterable[str]) -> frozenset[Permission]:
    """Unknown scopes, from a newer version for example, give nothing."""
    known = {permission.value: permission for permission in Permission}
    return frozenset(known[scope] for scope in scopes if scope in known)
