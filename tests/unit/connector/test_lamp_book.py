"""What the connector knows of its lines' lamps, and what it still has to tell."""

from __future__ import annotations

import pytest

from connector.mwi.book import LampBook
from protocols.sip.event.mwi import MessageSummary

ON = MessageSummary(True, "sip:199@10.0.0.2", 2, 1)
OFF = MessageSummary(False, None, 0, 3)


def told(book: LampBook) -> list[tuple[str, MessageSummary | None]]:
    return [(line, book.of(line)) for line in book.take(10)]


def test_what_changed_is_told_once_without_the_address_of_the_site() -> None:
    book = LampBook()
    book.told("a", ON, asked=True)
    book.told("b", OFF, asked=True)
    assert told(book) == [("a", MessageSummary(True, None, 2, 1)), ("b", OFF)]
    book.told("a", ON, asked=True)
    assert told(book) == []
    book.told("a", OFF, asked=False)
    assert told(book) == [("a", OFF)]


def test_only_the_newest_of_several_news_is_told() -> None:
    book = LampBook()
    book.told("a", ON, asked=True)
    book.told("a", OFF, asked=True)
    assert told(book) == [("a", OFF)]


def test_what_the_gateway_did_not_hear_is_told_again() -> None:
    book = LampBook()
    book.told("a", ON, asked=True)
    book.take(1)
    book.tell("a")
    assert [line for line, _ in told(book)] == ["a"]
    book.tell_all()
    assert [line for line, _ in told(book)] == ["a"]


def test_a_lamp_that_cannot_be_watched_becomes_unknown_at_the_second_failure() -> None:
    book = LampBook()
    book.told("a", ON, asked=True)
    book.take(1)
    book.unwatched("a")
    assert told(book) == []
    book.unwatched("a")
    assert told(book) == [("a", None)]
    book.unwatched("a")
    assert told(book) == []


def test_a_success_between_two_failures_starts_the_count_anew() -> None:
    book = LampBook()
    book.told("a", ON, asked=True)
    book.unwatched("a")
    book.told("a", ON, asked=True)
    book.unwatched("a")
    assert book.of("a") is not None


def test_a_pbx_that_tells_by_itself_needs_no_subscription() -> None:
    book = LampBook()
    book.told("a", ON, asked=False)
    for _ in range(3):
        book.unwatched("a")
    assert book.of("a") is not None


@pytest.mark.parametrize("asked", [True, False])
def test_a_line_that_is_not_at_the_pbx_is_unknown_at_once(asked: bool) -> None:
    book = LampBook()
    book.told("a", ON, asked=asked)
    book.take(1)
    book.unwatched("a", absent=True)
    assert told(book) == [("a", None)]


def test_a_line_that_is_gone_is_not_told() -> None:
    book = LampBook()
    book.told("a", ON, asked=True)
    book.forget("a")
    book.tell_all()
    book.tell("a")
    assert told(book) == []
