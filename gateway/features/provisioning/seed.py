"""The demo's tenant: one site on the emulated PBX, three users (the first is its administrator),
one connector key; beside it the platform's own tenant with an operator.

Nothing secret is built in: the passwords are arguments and the key is made, then written to a file
that only its owner can read.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from gateway.config import GatewayConfig
from gateway.credentials import api_key
from gateway.credentials.passwords import Passwords
from gateway.credentials.secrets import Secrets
from gateway.features.provisioning.service import NewLine, NewUser, ProvisioningService
from gateway.permissions import Role
from gateway.storage.models import ApiKey, KeyIndex, Line, User
from gateway.storage.storage import Storage

DEMO_USERS = (
    ("anna@example.test", "Anna König", "101"),
    ("berta@example.test", "Berta Schulz", "102"),
    ("carla@example.test", "Carla Lang", "103"),
)
DEMO_OPERATOR = ("operator@example.test", "Olga Operator")
MAILBOX = "199"


@dataclass(frozen=True, slots=True)
class DemoTenant:
    tenant_id: str
    site_id: str
    users: dict[str, str]  # e-mail -> user id
    created: bool


async def seed_demo(
    storage: Storage,
    secrets: Secrets,
    passwords: Passwords,
    *,
    user_password: str,
    pbx_password: str,
    api_key_file: Path,
    profile: str = "business",
) -> DemoTenant:
    """Once: a second run changes nothing, except that a lost key file is made anew."""
    provisioning = ProvisioningService(storage, secrets, passwords)
    known = await provisioning.tenant_of(DEMO_USERS[0][0])
    if known is not None:
        return await _known_tenant(
            storage, known[0], None if _exists(api_key_file) else api_key_file
        )
    tenant_id = await provisioning.create_tenant("Example GmbH")
    site_id = await provisioning.create_site(
        tenant_id,
        "Head office",
        profile=profile,
        country="de",
        area_code="89",
        extension_digits=3,
    )
    users: dict[str, str] = {}
    for email, name, number in DEMO_USERS:
        line = NewLine(
            line_id=f"line-{number}",
            number=number,
            desk_number=f"5{number}",
            device_id=f"6{number}",
            auth_user=f"6{number}",
            auth_password=pbx_password,
            mailbox_number=MAILBOX,
        )
        role = Role.ADMIN if not users else Role.USER  # the first one runs the company
        new = NewUser(email, name, user_password, role)
        users[email] = await provisioning.create_user(tenant_id, new, site_id, line)
    await _write_key(storage, tenant_id, site_id, api_key_file)
    return DemoTenant(tenant_id, site_id, users, created=True)


async def seed_demo_of(
    config: GatewayConfig,
    *,
    user_password: str,
    pbx_password: str,
    api_key_file: Path,
    profile: str = "business",
) -> DemoTenant:
    """The same from a configuration, before the gateway starts."""
    storage = await Storage.open(*config.databases)
    passwords = Passwords()
    secrets = Secrets.load(config.secrets_dir)
    try:
        await _seed_operator(ProvisioningService(storage, secrets, passwords), user_password)
        return await seed_demo(
            storage,
            secrets,
            passwords,
            user_password=user_password,
            pbx_password=pbx_password,
            api_key_file=api_key_file,
            profile=profile,
        )
    finally:
        passwords.close()
        await storage.aclose()


async def _seed_operator(provisioning: ProvisioningService, password: str) -> None:
    email, name = DEMO_OPERATOR
    if await provisioning.tenant_of(email) is None:
        platform = await provisioning.create_tenant("Platform", kind="platform")
        await provisioning.create_user(platform, NewUser(email, name, password, Role.OPERATOR))


def _exists(file: Path) -> bool:
    return file.exists()


async def _known_tenant(storage: Storage, tenant_id: str, new_key: Path | None) -> DemoTenant:
    async with storage.write(tenant_id) as db:
        users = {user.email: user.id for user in await db.find(User)}
        lines = await db.find(Line, limit=1)
        if not await db.count(User, User.role == Role.ADMIN.value):  # an older demo
            await db.update(User, User.email == DEMO_USERS[0][0], role=Role.ADMIN.value)
    site_id = lines[0].site_id
    if new_key is not None:
        async with storage.write(tenant_id) as db:
            await db.delete(ApiKey, ApiKey.site_id == site_id)
        await _write_key(storage, tenant_id, site_id, new_key)
    return DemoTenant(tenant_id, site_id, users, created=False)


async def _write_key(storage: Storage, tenant_id: str, site_id: str, file: Path) -> None:
    new = api_key.new_key()
    async with storage.write(tenant_id) as db:
        await db.add(
            ApiKey(
                tenant_id=tenant_id,
                site_id=site_id,
                key_id=new.key_id,
                digest=new.digest,
                name="demo",
            )
        )
        await db.add_index(KeyIndex(key_id=new.key_id, tenant_id=tenant_id, site_id=site_id))
    file.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as stream:
        stream.write(new.text + "\n")
