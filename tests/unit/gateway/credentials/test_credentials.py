"""Secrets on disk, sealed values, API keys, password hashes."""

from __future__ import annotations

import asyncio
import stat
import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.credentials import api_key
from gateway.credentials.passwords import Passwords, TooBusy
from gateway.credentials.secrets import SealError, Secrets
from gateway.credentials.tokens import TokenError, TokenSigner
from tests.support.gateway_platform import CHEAP


def test_secrets_are_made_once_and_private(tmp_path: Path) -> None:
    first = Secrets.load(tmp_path / "s")
    second = Secrets.load(tmp_path / "s")
    assert first.signing_id == second.signing_id
    assert (first.refresh_key, first.seal_key) == (second.refresh_key, second.seal_key)
    assert stat.S_IMODE((tmp_path / "s").stat().st_mode) == 0o700
    for file in (tmp_path / "s").iterdir():
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert "PRIVATE" not in repr(first) and first.seal_key.hex() not in repr(first)


def test_after_a_rotation_the_new_key_signs_and_both_verify(tmp_path: Path) -> None:
    before = Secrets.load(tmp_path)
    old, _ = TokenSigner(before, audience="a", ttl=60).issue("s")
    aside = tmp_path / "elsewhere"
    Secrets.load(aside)
    (newer,) = aside.glob("signing-*.pem")
    newer.rename(tmp_path / newer.name)
    signer = TokenSigner(Secrets.load(tmp_path), audience="a", ttl=60)
    new, _ = signer.issue("s")
    assert signer.verify(old).subject == signer.verify(new).subject == "s"
    with pytest.raises(TokenError):
        TokenSigner(before, audience="a", ttl=60).verify(new)


def test_a_damaged_secret_is_refused_not_replaced(tmp_path: Path) -> None:
    Secrets.load(tmp_path)
    (tmp_path / "seal.key").write_bytes(b"short")
    with pytest.raises(ValueError, match=r"seal\.key"):
        Secrets.load(tmp_path)


def test_a_sealed_value_opens_only_at_its_own_place() -> None:
    secrets = Secrets.ephemeral()
    sealed = secrets.seal("pbx password", "line/a/b/c")
    assert secrets.unseal(sealed, "line/a/b/c") == "pbx password"
    assert b"pbx" not in sealed
    for broken, where in (
        (sealed, "line/a/b/d"),
        (sealed[:-1] + bytes([sealed[-1] ^ 1]), "line/a/b/c"),
        (b"", "line/a/b/c"),
    ):
        with pytest.raises(SealError):
            secrets.unseal(broken, where)
    with pytest.raises(SealError):
        Secrets.ephemeral().unseal(sealed, "line/a/b/c")


def test_a_key_has_its_form_and_its_checksum() -> None:
    key = api_key.new_key()
    assert api_key.key_id_of(key.text) == key.key_id
    assert api_key.matches(key.text, key.digest)
    assert len(key.digest) == 32 and key.text not in repr(key)
    body, _, check = key.text.rpartition("_")
    wrong = f"{(int(check, 16) ^ 1):08x}"
    assert api_key.key_id_of(f"{body}_{wrong}") is None
    swapped = key.text.replace(key.text[20], "z" if key.text[20] != "z" else "y", 1)
    assert api_key.key_id_of(swapped) is None
    assert len({api_key.new_key().text for _ in range(50)}) == 50


@given(st.text(max_size=100))
def test_no_other_text_is_a_key(text: str) -> None:
    assert api_key.key_id_of(text) is None
    assert api_key.key_id_of("gwc_" + text) is None


async def test_an_unknown_user_costs_the_same_hash_and_is_refused() -> None:
    calls: list[str] = []

    class Counting:
        def hash(self, password: str) -> str:
            return CHEAP.hash(password)

        def verify(self, stored: str, password: str) -> bool:
            calls.append(stored)
            return CHEAP.verify(stored, password)

    passwords = Passwords(hasher=Counting())  # type: ignore[arg-type]
    stored = await passwords.hash("right one here")
    assert await passwords.verify(stored, "right one here") is True
    assert await passwords.verify(stored, "wrong") is False
    assert await passwords.verify(None, "right one here") is False
    assert await passwords.verify(None, "no user has this password") is False
    assert await passwords.verify("no hash at all", "x") is False
    assert len(calls) == 5  # every answer took one verification
    passwords.close()


async def test_no_more_checks_wait_than_allowed() -> None:
    gate = threading.Event()

    class Slow:
        def hash(self, password: str) -> str:
            return CHEAP.hash(password)

        def verify(self, stored: str, password: str) -> bool:
            gate.wait(5)
            return True

    passwords = Passwords(parallel=1, queue=2, hasher=Slow())  # type: ignore[arg-type]
    waiting = [asyncio.create_task(passwords.verify("x", "y")) for _ in range(3)]
    await asyncio.sleep(0)
    with pytest.raises(TooBusy):
        await passwords.verify("x", "y")
    gate.set()
    assert await asyncio.gather(*waiting) == [True, True, True]
    assert await passwords.verify("x", "y") is True
    passwords.close()
