"""A desk phone puts a device on hold: the PBX's music comes through connector and gateway, the call
shows it, and after the hold both hear each other again."""

from __future__ import annotations

from pathlib import Path

from media.audio import measure, wav
from tests.support.call_stack import call_stack
from tests.support.media_peers import BrowserPeer


def hears_music(peer: BrowserPeer) -> bool:
    """Whether the last 0.6 s are part of the music, at whatever rate the device decodes."""
    stride = 2 * (peer.rate // 8000)
    last = bytes(peer.heard[-int(peer.rate * 0.6) * 2 :])
    pcm = b"".join(last[i : i + 2] for i in range(0, len(last) - 1, stride))
    return measure.correlation(wav.prompt("music-on-hold"), pcm) > 0.8


async def test_the_device_hears_music_and_then_the_desk_phone_again(tmp_path: Path) -> None:
    async with call_stack(tmp_path) as parts:
        anna = await parts.device(hertz=900)
        desk = parts.phone("102")
        desk.say("tone:500")
        desk.answer_after(0)
        call_id = await anna.dial("102")
        await anna.phase(call_id, "connected")
        await anna.hears(call_id, 500)
        desk.hold(True)
        await anna.until(lambda: anna.calls[call_id]["hold"] == "remote", "held by the desk phone")
        await anna.until(lambda: hears_music(anna.peers[call_id]), "music")
        desk.hold(False)
        await anna.until(lambda: anna.calls[call_id]["hold"] == "none", "no longer held")
        await anna.hears(call_id, 500)
        await anna.until(
            lambda: desk.active.heard.tone(900, 0.5).heard, "the desk phone hears 900 Hz"
        )
        await anna.hang_up(call_id)
        await parts.sign_off()
        await parts.nothing_left()
