"""What the doctor's probes do on the wire, and with files that cannot be used."""

from __future__ import annotations

import asyncio
import socket
from pathlib import Path
from typing import cast

import pytest
from aioice import stun

from connector.config import ConnectorConfig
from offhook.doctor.relay import relays
from offhook.doctor.report import gateway
from offhook.doctor.site import examine_site
from offhook.doctor.verdict import State, Verdict
from protocols.aio.endpoint import SipEndpoint
from protocols.aio.useragent import UserAgent
from tests.support.ports import HOST, free_port


class Relay(asyncio.DatagramProtocol):
    """A TURN and STUN server that grants everything to everybody, and notes what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[int, int | None]] = []

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.DatagramTransport, transport)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        request = stun.parse_message(data)
        self.asked.append((request.message_method, request.attributes.get("LIFETIME")))
        reply = stun.Message(
            message_method=request.message_method,
            message_class=stun.Class.RESPONSE,
            transaction_id=request.transaction_id,
        )
        reply.attributes["XOR-MAPPED-ADDRESS"] = addr
        if request.message_method != stun.Method.BINDING:
            reply.attributes["LIFETIME"] = request.attributes["LIFETIME"]
        if request.message_method == stun.Method.ALLOCATE:
            reply.attributes["XOR-RELAYED-ADDRESS"] = ("192.0.2.8", 49160)
        self.transport.sendto(bytes(reply), addr)


async def relay() -> tuple[Relay, int]:
    loop = asyncio.get_running_loop()
    transport, server = await loop.create_datagram_endpoint(Relay, local_addr=(HOST, 0))
    return server, int(transport.get_extra_info("sockname")[1])


async def test_an_allocation_is_given_back_before_the_verdict() -> None:
    """User quotas are small: one that stays for ten minutes is missing to somebody."""
    server, port = await relay()
    try:
        (row,) = await relays({"urls": [f"turn:{HOST}:{port}?transport=udp"]})
        assert row.state is State.OK and "192.0.2.8" in row.words
        assert server.asked == [(stun.Method.ALLOCATE, 600), (stun.Method.REFRESH, 0)]
    finally:
        server.transport.close()


async def test_stun_addresses_of_every_form() -> None:
    server, port = await relay()
    urls = [f"stun:{HOST}:{port}", f"stun:[::1]:{free_port()}", f"stun:{HOST}?transport=udp"]
    try:
        good, closed, wrong = await relays({"urls": urls})
    finally:
        server.transport.close()
    assert good.state is State.OK and HOST in good.words
    assert closed.state is State.FAIL and "::1" in closed.words
    assert wrong.state is State.FAIL and "cannot be tried" in wrong.words


def by_subject(rows: list[Verdict]) -> dict[str, Verdict]:
    return {row.subject: row for row in rows}


def site(folder: Path, pbx: dict[str, object], ca_file: Path | None = None) -> ConnectorConfig:
    """A site whose gateway is not there."""
    link = {"url": f"https://{HOST}:{free_port()}", "api_key": "gwc_none", "ca_file": ca_file}
    return ConnectorConfig.load(instance_file=folder / "instance", gateway=link, pbx=pbx)


async def test_the_pbx_answers_although_a_connector_has_the_configured_port(tmp_path: Path) -> None:
    pbx = SipEndpoint()
    agent = UserAgent(pbx)
    listener = await pbx.listen("UDP", HOST, 0)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as connector:
        connector.bind((HOST, 0))
        ours = {"local_address": HOST, "local_port": connector.getsockname()[1]}
        config = site(tmp_path, {"host": HOST, "port": listener.port, **ours})
        try:
            row = by_subject(await examine_site(config))["PBX"]
        finally:
            await agent.aclose()
            await pbx.aclose()
    assert row.state is State.OK and "200" in row.words


async def test_a_ca_file_that_holds_no_certificate(tmp_path: Path) -> None:
    file = tmp_path / "ca.der"
    file.write_bytes(b"\x30\x82\x01\x00 no PEM")
    config = site(tmp_path, {"host": HOST, "transport": "tls", "ca_file": file}, file)
    rows = by_subject(await examine_site(config))
    for subject, key in (("gateway", "gateway.ca_file"), ("PBX", "pbx.ca_file")):
        assert rows[subject].state is State.FAIL
        assert str(file) in rows[subject].words and key in rows[subject].advice


@pytest.mark.parametrize("extra", ["", 'tls_host = "0.0.0.0"\n'])
async def test_https_is_tried_where_the_gateway_listens(tmp_path: Path, extra: str) -> None:
    port = free_port()
    file = tmp_path / "gateway.toml"
    file.write_text(
        f'[http]\nhost = "{HOST}"\ntls_port = {port}\ntls_cert = "w.pem"\ntls_key = "w.key"\n'
        f'{extra}[sip_edge]\ncert = "e.pem"\nkey = "e.key"\n'
    )
    row = by_subject(await gateway(file))["HTTPS"]
    assert f"{'0.0.0.0' if extra else HOST}:{port}" in row.words
