"""Which passwords are refused, and the search in a long list of breached ones."""

from __future__ import annotations

import random
from hashlib import sha1
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.credentials.password_rules import PasswordRules, is_listed
from gateway.ports import Problem


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("seven green umbrellas fly", None),
        ("tK9#vb2!qLmZ", None),
        ("x" * 11, "password_too_short"),
        ("passwordpassword", "password_too_easy"),
        ("qwertzuiopqwertzuiop", "password_too_easy"),
        ("123456789012345678", "password_too_easy"),
        ("anna.koenig@example.test", "password_too_easy"),
        ("Königstein Anna", "password_too_easy"),
        ("a" * 256, "password_too_easy"),
    ],
)
async def test_what_is_refused(password: str, code: str | None) -> None:
    about = ("anna.koenig@example.test", "Anna Königstein", "Example GmbH")
    try:
        await PasswordRules().check(password, 12, about)
    except Problem as problem:
        assert problem.code == code
    else:
        assert code is None


async def test_what_is_said_about_one_is_forgotten_for_the_next() -> None:
    with pytest.raises(Problem):
        await PasswordRules().check("zebedaeuswunibald", 12, ("Zebedaeus Wunibald",))
    await PasswordRules().check("zebedaeuswunibald", 12, ("Berta Schulz",))


def listed(words: list[str], length: int, ending: str, count: str = "") -> bytes:
    digests = sorted(sha1(word.encode()).hexdigest().upper()[:length] for word in words)
    return "".join(f"{digest}{count}{ending}" for digest in digests).encode()


@pytest.mark.parametrize("length", [40, 16])
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
@pytest.mark.parametrize("number", [0, 1, 2, 3, 700])
def test_each_line_is_found_and_nothing_else(
    tmp_path: Path, length: int, ending: str, number: int
) -> None:
    words = [f"word {i}" for i in range(number)]
    file = tmp_path / "list"
    for content in (
        listed(words, length, ending),
        listed(words, length, ending).rstrip(),
        listed(words, length, ending, ":12345"),
        listed(words, length, ending).lower(),
    ):
        file.write_bytes(content)
        for word in words[:3] + words[-3:] + random.Random(1).sample(words, min(20, number)):
            assert is_listed(file, word)
        assert not any(is_listed(file, f"other {i}") for i in range(50))


@given(st.binary(max_size=2000))
def test_a_file_of_anything_is_no_fault(content: bytes) -> None:
    import tempfile

    with tempfile.NamedTemporaryFile() as file:
        file.write(content)
        file.flush()
        is_listed(Path(file.name), "some password")
