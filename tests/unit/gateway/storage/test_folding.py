"""One address has one key, however it is written."""

from __future__ import annotations

import unicodedata

import pytest

from gateway.storage.folding import domain_of, email_hash, one_form, same_address


@pytest.mark.parametrize(
    "spelled",
    [
        "jurg@müller.test",
        "JURG@Müller.test",
        " jurg@MÜLLER.TEST ",
        unicodedata.normalize("NFD", "jurg@müller.test"),
        "jurg@xn--mller-kva.test",
        "Jurg@XN--MLLER-KVA.test",
    ],
)
def test_every_spelling_of_an_address_is_one(spelled: str) -> None:
    assert email_hash(spelled) == email_hash("jurg@müller.test")
    assert same_address(spelled, "jurg@müller.test")
    assert domain_of(spelled) in ("xn--mller-kva.test", "XN--MLLER-KVA.test".lower())


@pytest.mark.parametrize("other", ["jurg@muller.test", "jurg@mueller.test", "jürg@müller.test"])
def test_other_addresses_are_others(other: str) -> None:
    assert email_hash(other) != email_hash("jurg@müller.test")


def test_a_domain_is_that_of_dns() -> None:
    """ß is a letter of its own (RFC 5892): a domain with ss belongs to somebody else."""
    assert domain_of("a@straße.test") == "xn--strae-oqa.test"
    assert domain_of("a@Example.TEST.") == "example.test"
    assert domain_of("a@\u2603 \u2603.test") == ""


def test_what_is_no_address_stays_as_it_is() -> None:
    assert one_form(" näh ") == "näh"
    assert email_hash("näh") != email_hash("nah")
