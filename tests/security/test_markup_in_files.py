"""Files that are XML, or have XML inside, with entities that lead to files and into the network.

No XML of a tenant is ever read: such a file is refused as what it is, or taken for words.
"""

from __future__ import annotations

import ast
import asyncio
import io
import zipfile
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.security.test_hostile_bodies import UPLOADS, send
from tests.support.callers import signed_in
from tests.support.gateway_platform import Bench, open_bench

ROOT = Path(__file__).parents[2]
SECRET = "the-secret-of-this-machine"
#: What could read XML, in the standard library and beside it.
READERS = {"lxml", "xml", "xmltodict", "defusedxml", "openpyxl", "pandas", "bs4", "expat"}


@pytest.fixture
async def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Bench]:
    async with open_bench(tmp_path, monkeypatch) as opened:
        yield opened


def xml(entity: str) -> str:
    return (
        f'<?xml version="1.0"?><!DOCTYPE people [<!ENTITY x {entity}>]>'
        "<people><person><email>eve@walls.test</email><name>&x;</name></person></people>"
    )


def bomb() -> str:
    levels = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    return f'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY l0 "lol">{levels}]><people>&l9;</people>'


def workbook(sheet: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("[Content_Types].xml", sheet)
        archive.writestr("xl/worksheets/sheet1.xml", sheet)
    return file.getvalue()


def files(secret: Path, url: str) -> dict[str, bytes]:
    local, far = f'SYSTEM "file://{secret}"', f'SYSTEM "{url}"'
    card = "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:{}\r\nTEL:+49895550123\r\n{}END:VCARD\r\n"
    return {
        "a file": xml(local).encode(),
        "a file, UTF-16": xml(local).encode("utf-16"),
        "the network": xml(far).encode(),
        "a parameter entity": xml('"x"> <!ENTITY % y ' + far + '> %y; <!ENTITY z "z"').encode(),
        "billion laughs": bomb().encode(),
        "an inclusion": (
            '<people xmlns:xi="http://www.w3.org/2001/XInclude">'
            f'<xi:include parse="text" href="file://{secret}"/></people>'
        ).encode(),
        "a stylesheet": f'<?xml-stylesheet href="{url}"?><people/>'.encode(),
        "a workbook": workbook(xml(local)),
        "XML in a cell": f'email;name\r\neve@walls.test;"{xml(local)}"\r\n'.replace(
            '"1.0"', "'1.0'"
        ).encode(),
        "XML in a name": card.format(xml(local).replace("\n", ""), "").encode(),
        "a card's picture": card.format("Eve", f"PHOTO;VALUE=uri:{url}\r\n").encode(),
        "a card's file": card.format("Eve", f"PHOTO;VALUE=uri:file://{secret}\r\n").encode(),
        "a card's card": card.format("Eve", f"AGENT;VALUE=uri:{url}\r\nSOURCE:{url}\r\n").encode(),
        "XML in JSON": (
            '{"format": "offhook-people", "version": 1, "people": [{"email": "eve@walls.test",'
            f' "name": "<!DOCTYPE x [<!ENTITY x SYSTEM \'file://{secret}\'>]><x>&x;</x>"}}]}}'
        ).encode(),
    }


async def test_nothing_is_fetched_and_nothing_read(bench: Bench, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    await asyncio.to_thread(secret.write_text, SECRET)
    hits = 0

    def hit(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal hits
        hits += 1
        writer.close()

    canary = await asyncio.start_server(hit, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{canary.sockets[0].getsockname()[1]}/x.dtd"
    admin = await signed_in(bench, "admin", "ada@walls.test")
    kinds = ("application/xml", "text/xml", "application/vnd.oasis.opendocument.spreadsheet")
    assert len(UPLOADS) >= 3
    try:
        for declared in UPLOADS:
            for name, data in files(secret, url).items():
                for kind in declared.upload:
                    status, reply = await send(bench, declared, admin, data, {"Content-Type": kind})
                    assert status < 500, (declared.path, name, kind, reply)
                    assert SECRET not in str(reply), (declared.path, name)
            for kind in kinds:
                status, reply = await send(
                    bench, declared, admin, files(secret, url)["a file"], {"Content-Type": kind}
                )
                assert status == 415, (declared.path, kind, reply)
        for path in ("/contacts", "/admin/contacts", "/admin/people", "/admin/imports"):
            _, kept, _ = await bench.call("GET", path, admin)
            assert SECRET not in str(kept) and "lollol" not in str(kept), path
    finally:
        canary.close()
        await canary.wait_closed()
    assert hits == 0


def test_the_gateway_has_nothing_that_reads_xml() -> None:
    """But for CSTA, whose messages come from the connector and are read in one place."""
    found = set()
    for file in (ROOT / "gateway").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and node.module:
                names = [node.module]
            found |= {f"{file.name}: {name}" for name in names if name.split(".")[0] in READERS}
    assert found == set()
