"""What a search that was cut off is worth: a part will do for a list, not for who somebody is."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from gateway.ldap import LdapError, LdapSearch, LdapServer, _Dialogue

SUCCESS, TOO_SLOW, TOO_MANY, NOBODY, TOO_MUCH, BUSY = 0, 3, 4, 32, 11, 51


def searched(result: int, entries: int, *, whole: bool) -> int:
    dialogue = _Dialogue(LdapServer("ldap.x.test", 389, "starttls"), (), None)
    one: dict[str, Any] = {"type": "searchResEntry", "dn": "cn=a", "raw_attributes": {}}
    dialogue._connection = SimpleNamespace(
        search=lambda *_, **__: None,
        result={"result": result, "description": "words"},
        response=[one] * entries,
    )
    return len(dialogue.search(LdapSearch("", "(cn=a)", ("cn",), limit=2, whole=whole)))


@pytest.mark.parametrize("result", [TOO_SLOW, TOO_MANY, TOO_MUCH])
def test_a_list_shows_what_came(result: int) -> None:
    assert searched(result, 1, whole=False) == 1
    assert searched(result, 3, whole=False) == 2


@pytest.mark.parametrize("result", [TOO_SLOW, TOO_MANY, TOO_MUCH])
def test_one_entry_of_a_part_is_not_the_only_one(result: int) -> None:
    assert searched(result, 2, whole=True) == 2, "more than one is known all the same"
    with pytest.raises(LdapError) as refused:
        searched(result, 1, whole=True)
    assert refused.value.of_question


def test_what_is_no_limit_is_no_answer() -> None:
    assert searched(SUCCESS, 1, whole=True) == 1
    assert searched(NOBODY, 0, whole=True) == 0
    with pytest.raises(LdapError) as refused:
        searched(BUSY, 1, whole=False)
    assert not refused.value.of_question
