"""Contact sources without a directory: what is asked, what is read, what is remembered."""

from __future__ import annotations

import time

import pytest

from gateway.features.contact_sources.ldap_query import contact_of, lookup_of, search_for
from gateway.features.contact_sources.memory import Memory
from gateway.features.contact_sources.microsoft_book import Book, Books, read_book
from gateway.features.contact_sources.microsoft_source import _words
from gateway.features.contact_sources.source import one_line, read_numbers
from gateway.http.flow_cookie import pkce_challenge
from gateway.ldap import LdapEntry
from gateway.numbers import NumberRules
from gateway.ports import SiteProfile, UserKey
from gateway.storage.tables.contact_sources import LdapContacts

SITE = SiteProfile("t", "s", "business", "de", "89", 3)
RULES = NumberRules()
USER = UserKey("t", "u")


def directory(**wanted: object) -> LdapContacts:
    plain = {
        "tenant_id": "t",
        "host": "ldap.example.test",
        "port": 389,
        "security": "starttls",
        "base_dn": "dc=example",
        "filter": "(objectClass=person)",
        "name_attribute": "cn",
        "company_attribute": "",
        "email_attribute": "",
        "work_attributes": ["telephoneNumber"],
        "mobile_attributes": [],
        "home_attributes": [],
    }
    return LdapContacts(**(plain | wanted))


@pytest.mark.parametrize(
    ("typed", "asked"),
    [
        ("an kö", "(&(|(cn=an*)(cn=* an*))(|(cn=kö*)(cn=* kö*)))"),
        ("*)(uid=*", "(&(|(cn=\\2a\\29\\28uid=\\2a*)(cn=* \\2a\\29\\28uid=\\2a*)))"),
        ("a\x00b", "(&(|(cn=a\\00b*)(cn=* a\\00b*)))"),
        ("089 12", "(|(telephoneNumber=*8*9*1*2*))"),
        ("+49 (0)89", "(|(telephoneNumber=*4*9*0*8*9*))"),
        ("00", "(&(|(cn=00*)(cn=* 00*)))"),
    ],
)
def test_what_the_directory_is_asked(typed: str, asked: str) -> None:
    search = search_for(directory(), typed)
    assert search.filter == f"(&(objectClass=person){asked})"
    assert search.attributes == ("cn", "telephoneNumber")


def test_a_number_is_asked_for_by_its_last_digits_with_anything_between() -> None:
    search = lookup_of(directory(home_attributes=["homePhone"]), "+498955501234")
    assert search is not None
    spread = "*5*5*0*1*2*3*4"
    assert search.filter.endswith(f"(|(telephoneNumber={spread})(homePhone={spread})))")
    for canonical in ("*21*123#", "anonymous", "+", ""):
        assert lookup_of(directory(), canonical) is None, canonical


def test_an_entry_without_a_name_or_with_nonsense_for_numbers() -> None:
    def read(name: tuple[str, ...], *numbers: str) -> object:
        entry = LdapEntry("cn=x", {"cn": name, "telephoneNumber": numbers})
        return contact_of(directory(), entry, RULES, SITE)

    assert read(()) is None and read((" \x00\n",)) is None
    found = read(("Hanna\nWolf\x07",), "n/a", "see mobile", "123", "089 12345678", "9" * 300)
    assert found is not None
    assert found.name == "Hanna Wolf"  # type: ignore[attr-defined]
    canonical = [one.number.canonical for one in found.numbers]  # type: ignore[attr-defined]
    assert canonical == ["123", "+498912345678"]


def test_numbers_come_once_and_need_a_country_where_there_is_no_site() -> None:
    said = [("work", "+49 89 12345678"), ("mobile", "004989 12345678"), ("home", "12345678")]
    assert len(read_numbers(said, RULES, SITE)) == 1  # type: ignore[arg-type]
    assert len(read_numbers(said[1:], RULES, None)) == 0  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("typed", "asked"),
    [
        ("do", '("displayName:do" OR "mail:do")'),
        ('a" OR "mail:b', '("displayName:a" OR "mail:a") AND ("displayName:OR" OR "mail:OR")'
         ' AND ("displayName:mail:b" OR "mail:mail:b")'),
        ('\\"', ""),
    ],
)  # fmt: skip
def test_nothing_ends_the_words_that_graph_searches(typed: str, asked: str) -> None:
    assert _words(typed) == asked


def test_what_others_write_becomes_one_line() -> None:
    assert one_line("  A\u202eB \r\n C\x00", 200) == "A B C"
    assert one_line(None, 5) == one_line(7, 5) == ""
    assert one_line("abcdef", 3) == "abc"


def test_memory_forgets_by_age_and_by_number() -> None:
    now = [0.0]
    memory: Memory[str, int] = Memory(2, 10.0, lambda: now[0])
    memory.put("a", 1)
    memory.put("b", 2)
    assert memory.get("a") == 1  # used last
    memory.put("c", 3)
    assert (memory.get("b"), memory.get("a"), memory.get("c")) == (None, 1, 3)
    now[0] = 9.9
    memory.put("d", 4, 1.0)
    assert memory.get("c") == 3
    now[0] = 10.0
    assert memory.get("c") is None and memory.get("d") == 4
    assert len(memory) == 1


def book(*names: str, account: str = "one") -> Book:
    items = [{"displayName": name, "businessPhones": ["089 12345678"]} for name in names]
    return read_book(items, RULES, SITE, account, 0.0)


def test_books_are_bounded_in_all_and_belong_to_one_sign_in() -> None:
    books = Books(lambda: 0.0, most=3)
    first, second = UserKey("t", "1"), UserKey("t", "2")
    books.put(first, book("A", "B"))
    assert books.get(first, "another sign-in") is None
    books.put(first, book("A"))
    books.put(second, book("C", "D"))
    assert books.get(first, "one") and books.get(second, "one"), "three contacts in all"
    books.put(second, book("C", "D", "E"))
    assert books.get(first, "one") is None and books.get(second, "one")
    books.drop_tenant("t")
    assert books.get(second, "one") is None


def test_a_number_of_two_people_names_nobody() -> None:
    assert book("A").by_number == {"+498912345678": "A"}
    assert book("A", "B").by_number == {"+498912345678": None}


def test_what_graph_says_may_have_any_form() -> None:
    items: list[dict[str, object]] = [
        {},
        {"displayName": None, "givenName": 7, "surname": ["x"]},
        {"displayName": "", "givenName": "Dora", "surname": "Wolf", "emailAddresses": "none"},
        {"companyName": "Wolf Druck", "businessPhones": "089", "mobilePhone": {"a": 1}},
        {"displayName": "E", "emailAddresses": [None], "homePhones": [None, 3, "089 12345678"]},
    ]
    read = read_book(items, RULES, SITE, "one", 0.0)
    assert [one.name for one in read.contacts] == ["Dora Wolf", "E", "Wolf Druck"]
    assert [one.kind for one in read.contacts[1].numbers] == ["home"]


def test_a_large_book_is_searched_in_a_moment() -> None:
    large = book(*(f"First{n} Last{n} Müller" for n in range(2_000)))
    begin = time.perf_counter()
    for typed in ("fir", "last1999", "mueller", "1234", "nobody"):
        large.search(typed)
    assert time.perf_counter() - begin < 1, "five questions"
    assert large.search("muller last7")[0].name == "First7 Last7 Müller"


def test_the_challenge_of_rfc_7636_appendix_b() -> None:
    verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
    assert pkce_challenge(verifier) == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
