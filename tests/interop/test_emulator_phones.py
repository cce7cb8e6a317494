"""Real phones as desk phones of the emulated PBX: baresip 1.0 and linphone 5.1."""

from __future__ import annotations

from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import pytest

from media.audio import measure, wav
from tests.support.pbx_rig import PASSWORD, PbxRig, pbx_rig
from tests.support.phones.baresip import Baresip
from tests.support.phones.linphone import Linphone
from tests.support.pki import TestCa

Phone = Baresip | Linphone
LINKS = [("udp", False), ("tcp", False), ("tls", True)]


@asynccontextmanager
async def switchboard(tmp_path: Path):
    """A PBX on all transports and a maker of registered phones."""
    ca = TestCa(tmp_path)
    certificate = ca.issue("pbx", dns=["localhost"], addresses=["127.0.0.1"])
    async with pbx_rig(tls=certificate) as rig, AsyncExitStack() as stack:

        async def phone(kind: str, user: str, transport: str, secure: bool, says: float) -> Phone:
            server = rig.emulator.addresses[f"sip_{transport}"]
            made: Phone
            if kind == "baresip":
                made = Baresip(
                    tmp_path,
                    user=user,
                    server=server,
                    password=PASSWORD,
                    transport=transport,
                    media_encryption="srtp-mand" if secure else None,
                    says=says,
                    ca_file=ca.ca_file if transport == "tls" else None,
                )
            else:
                made = Linphone(
                    tmp_path,
                    user=user,
                    # its TLS library compares names in certificates, not addresses
                    server=server.replace("127.0.0.1", "localhost") if secure else server,
                    password=PASSWORD,
                    transport=transport,
                    media_encryption="srtp" if secure else "none",
                    says=says,
                    ca_file=ca.ca_file if transport == "tls" else None,
                )
            await stack.enter_async_context(made)
            await rig.until(
                lambda: bool(rig.pbx.registrations.bindings(user)), f"{user} registered", 15
            )
            return made

        yield rig, phone


async def hears(rig: PbxRig, number: str, frequency: float) -> None:
    """The virtual phone hears half a second of that tone."""
    phone = rig.pbx.phones[number]
    heard = phone.end.heard
    await rig.until_heard(phone, lambda: measure.find_tone(heard.pcm(0.5), frequency).heard)


@pytest.mark.parametrize(("transport", "secure"), LINKS)
@pytest.mark.parametrize("kind", ["baresip", "linphone"])
async def test_a_real_phone_calls_and_is_called(
    tmp_path: Path, kind: str, transport: str, secure: bool
) -> None:
    async with switchboard(tmp_path) as (rig, make):
        phone = await make(kind, "5101", transport, secure, 620.0)
        await phone.dial(f"sip:715@{phone.server}")
        await rig.phone_is("715", "connected")
        await phone.hears(440)
        await hears(rig, "715", 620)
        await phone.hang_up()
        await rig.phone_is("715", "idle")
        await rig.nothing_left()

        desk = rig.pbx.phones["102"]
        desk.say("tone:500")
        await desk.dial("101")
        if isinstance(phone, Baresip):
            await phone.event("CALL_INCOMING")
        else:
            await phone.incoming()
        await phone.accept()
        await rig.phone_is("102", "connected")
        await phone.hears(500)
        await hears(rig, "102", 620)
        await phone.digits("42#")
        await rig.until(lambda: "".join(desk.end.digits) == "42#", "the keys arrived")
        await phone.hold()
        await rig.until(lambda: _held_by(rig) == ["5101"], "the phone holds")
        heard = desk.end.heard
        mark = heard.total
        await rig.until_heard(desk, lambda: heard.total > mark + 12000)
        assert measure.correlation(wav.prompt("music-on-hold"), heard.pcm(0.6)) > 0.9
        await phone.resume()
        await hears(rig, "102", 620)
        if isinstance(phone, Linphone):  # baresip's recording has ended
            await phone.hears(500)
        desk.hang_up()
        await rig.nothing_left()


def _held_by(rig: PbxRig) -> list[str]:
    return [
        end.name for call in rig.pbx.calls.values() for end in call.ends if call.holding.holds(end)
    ]


async def test_a_secure_baresip_and_a_plain_linphone_talk(tmp_path: Path) -> None:
    async with switchboard(tmp_path) as (rig, make):
        first = await make("baresip", "5101", "tls", True, 620.0)
        second = await make("linphone", "5102", "udp", False, 500.0)
        await first.dial(f"sip:102@{first.server}")
        await second.incoming()
        await second.accept()
        await first.hears(500)
        await second.hears(620)
        await second.hang_up()
        await first.event("CALL_CLOSED")
        await rig.nothing_left()


async def test_a_wrong_password_is_refused(tmp_path: Path) -> None:
    async with pbx_rig() as rig:
        server = rig.emulator.addresses["sip_udp"]
        async with Baresip(tmp_path, user="5101", server=server, password="guessed") as phone:
            await phone.refused()
        assert not rig.pbx.registrations.bindings("5101")


async def test_the_lamp_of_a_real_phone(tmp_path: Path) -> None:
    """baresip subscribes to message-summary and is told when the box changes."""
    async with pbx_rig() as rig:
        server = rig.emulator.addresses["sip_udp"]
        async with Baresip(
            tmp_path, user="5101", server=server, password=PASSWORD, mailbox=True
        ) as phone:

            def shows(line: str) -> bool:
                return any(line in shown for shown in phone.output)

            await rig.until_true(lambda: shows("Voice-Message: 0/0"), "an empty box", 10)
            rig.pbx.voicemail.boxes["101"].add(wav.prompt("speaker"), "102", "Berta", 0.0)
            await rig.until_true(lambda: shows("Voice-Message: 1/0"), "one message", 10)
            assert shows("Messages-Waiting: yes")
