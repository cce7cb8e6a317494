"""The key in the connector's file: read when needed, watched, and never lost to half a file."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from connector.config import GatewayLink
from connector.uplink import key as module
from connector.uplink.key import LinkKey


@pytest.fixture
def file(tmp_path: Path) -> Path:
    made = tmp_path / "key"
    made.write_text("one\n")
    return made


@pytest.fixture
def link_key(file: Path) -> LinkKey:
    return LinkKey(GatewayLink(url="https://gateway.test", api_key_file=file))


def test_the_key_of_the_file_comes_first_and_the_one_that_worked_after_it(
    link_key: LinkKey, file: Path
) -> None:
    assert link_key.candidates() == ["one"]
    link_key.took("one", first=True)
    file.write_text("two\n")
    assert link_key.candidates() == ["two", "one"]
    link_key.took("one", first=False)
    assert link_key.refused
    link_key.took("two", first=True)
    assert not link_key.refused and link_key.candidates() == ["two"]


@pytest.mark.parametrize("content", [None, "", "\n", "t\x00wo", "two\nthree\n"])
def test_what_is_no_key_does_not_replace_one_that_works(
    link_key: LinkKey, file: Path, content: str | None
) -> None:
    link_key.took("one", first=True)
    if content is None:
        file.unlink()
    else:
        file.write_text(content)
    assert link_key.candidates() == ["one"]


def test_without_any_key_there_is_an_error(link_key: LinkKey, file: Path) -> None:
    file.unlink()
    with pytest.raises(OSError, match="key"):
        link_key.candidates()


async def test_a_change_is_seen_and_half_a_file_is_not_one(
    link_key: LinkKey, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "LOOK_EVERY", 0.005)
    looks = asyncio.Queue[bytes]()
    digest = link_key._digest
    loop = asyncio.get_running_loop()

    def looked() -> bytes:
        found = digest()
        loop.call_soon_threadsafe(looks.put_nowait, found)
        return found

    monkeypatch.setattr(link_key, "_digest", looked)

    async def seen(times: int = 2) -> None:
        async with asyncio.timeout(5):
            for _ in range(times):
                await looks.get()

    changed = asyncio.create_task(link_key.changed())
    await seen()
    await asyncio.to_thread(file.write_text, "one\n")  # the same again
    await seen()
    await asyncio.to_thread(file.write_text, "")
    await seen()
    assert not changed.done()
    await asyncio.to_thread(file.write_text, "two\n")
    async with asyncio.timeout(5):
        await changed
