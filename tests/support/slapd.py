"""Debian's OpenLDAP server on loopback with a company's people in it."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.support.pki import TestCa
from tests.support.ports import free_port

SUFFIX = "dc=example,dc=test"
SERVICE_DN, SERVICE_PASSWORD = f"cn=reader,{SUFFIX}", "reader-secret"
PASSWORD = "correct horse of the directory"

_CONFIG = """
include /etc/ldap/schema/core.schema
include /etc/ldap/schema/cosine.schema
include /etc/ldap/schema/inetorgperson.schema
modulepath /usr/lib/ldap
moduleload back_mdb
moduleload memberof
pidfile {folder}/slapd.pid
TLSCertificateFile {certificate}
TLSCertificateKeyFile {key}
security simple_bind=128
database mdb
suffix "{suffix}"
rootdn "cn=admin,{suffix}"
rootpw not-used
directory {folder}/data
overlay memberof
access to attrs=userPassword by anonymous auth by * none
access to * by users read by * none
"""

_PEOPLE = """
dn: {suffix}
objectClass: domain
dc: example

dn: {service}
objectClass: person
cn: reader
sn: reader
userPassword: {service_password}

dn: ou=people,{suffix}
objectClass: organizationalUnit
ou: people
"""

_PERSON = """
dn: uid={uid},ou=people,{suffix}
objectClass: inetOrgPerson
uid: {uid}
cn: {name}
sn: {uid}
mail: {mail}
telephoneNumber: {phone}
userPassword: {password}
{groups}
"""

#: Numbers as people write them.
_CONTACTS = """
dn: ou=contacts,{suffix}
objectClass: organizationalUnit
ou: contacts

dn: cn=Hanna Wolf,ou=contacts,{suffix}
objectClass: inetOrgPerson
cn: Hanna Wolf
sn: Wolf
o: Wolf Druck
mail: hanna@wolf.test
telephoneNumber: (040) 555 66-77
mobile: 0151/12345678
homePhone: unknown

dn: cn=Jürgen Müller,ou=contacts,{suffix}
objectClass: inetOrgPerson
cn: Jürgen Müller
sn: Müller
o: Wolf Druck
telephoneNumber: +49 40 5556600

dn: cn=Johanna Stern,ou=contacts,{suffix}
objectClass: inetOrgPerson
cn: Johanna Stern
sn: Stern
telephoneNumber: +49 40 5556600

dn: cn=Hidden,ou=contacts,{suffix}
objectClass: person
cn: Hidden
sn: Hidden
telephoneNumber: +49 40 5556611

"""


@dataclass(frozen=True)
class Slapd:
    port: int  # ldap with STARTTLS
    tls_port: int
    ca_pem: str
    process: asyncio.subprocess.Process


def _people() -> str:
    texts = [_PEOPLE.format(suffix=SUFFIX, service=SERVICE_DN, service_password=SERVICE_PASSWORD)]
    for uid, name, mail, group in (
        ("dora", "Dora Lind", "dora@example.test", "cn=phone-admins"),
        ("emil", "Emil (Süd) *", "emil@example.test", "cn=everybody"),
        ("twin1", "Twin One", "twin@example.test", ""),
        ("twin2", "Twin Two", "twin@example.test", ""),
        ("guest", "Guest", "guest@elsewhere.test", ""),
        ("carla", "Carla Lang", "c.lang@example.test\nmail: Carla@Example.test", ""),
    ):
        texts.append(
            _PERSON.format(
                uid=uid,
                name=name,
                mail=mail,
                phone="+49 89 555 01",
                suffix=SUFFIX,
                password=PASSWORD,
                groups=f"memberOf: {group},ou=groups,{SUFFIX}" if group else "",
            ).rstrip()
            + "\n"
        )
    texts.append(_CONTACTS.format(suffix=SUFFIX))
    return "\n".join(texts)


@asynccontextmanager
async def slapd(folder: Path) -> AsyncIterator[Slapd]:
    ca = TestCa(folder)
    certificate, key = ca.issue("localhost", dns=["localhost"])
    (folder / "data").mkdir()
    config = folder / "slapd.conf"
    config.write_text(
        _CONFIG.format(folder=folder, certificate=certificate, key=key, suffix=SUFFIX)
    )
    (folder / "people.ldif").write_text(_people())
    await _run("slapadd", "-f", str(config), "-l", str(folder / "people.ldif"))
    port, tls_port = free_port(), free_port()
    process = await asyncio.create_subprocess_exec(
        _program("slapd"),
        *("-f", str(config), "-d", "0"),
        *("-h", f"ldap://127.0.0.1:{port} ldaps://127.0.0.1:{tls_port}"),
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        await _listens(port)
        await _listens(tls_port)
        yield Slapd(port, tls_port, ca.ca_file.read_text(), process)
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()


def _program(name: str) -> str:
    found = shutil.which(name, path="/usr/sbin:/usr/bin:/sbin:/bin")
    assert found is not None, f"{name} is not installed (package slapd)"
    return found


async def _run(program: str, *arguments: str) -> None:
    process = await asyncio.create_subprocess_exec(
        _program(program), *arguments, stderr=asyncio.subprocess.PIPE
    )
    _, said = await process.communicate()
    assert process.returncode == 0, said.decode()


async def _listens(port: int) -> None:
    async with asyncio.timeout(10):
        while True:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                await asyncio.sleep(0.02)
                continue
            writer.close()
            return
