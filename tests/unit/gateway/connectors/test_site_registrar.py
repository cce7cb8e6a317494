"""The registrar for connectors: who may speak for a site, over which flow, until when."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from gateway.connectors.registrar import SiteKey, SiteRegistrar
from gateway.ports import ConnectorIdentity
from protocols.sip.message import Request

DOMAIN = "calls.test"
ONE = "11111111-0000-4000-8000-000000000001"
TWO = "22222222-0000-4000-8000-000000000002"
SITE = SiteKey("t", "s1")
NOW = 1000.0


def who(site: str = "s1", instance: str = ONE, key: str = "k1") -> ConnectorIdentity:
    return ConnectorIdentity("t", site, key, instance, datetime.now(UTC))


def register(
    *,
    site: str = "s1",
    instance: str = ONE,
    reg_id: str = "1",
    expires: str = "300",
    domain: str = DOMAIN,
    cseq: int = 1,
    call_id: str = "reg",
    contact: str | None = None,
    from_site: str | None = None,
) -> Request:
    aor = f"<sip:{site}@{domain}>"
    contact = contact or (
        f'<sip:{site}@{domain};transport=tls;ob>;+sip.instance="<urn:uuid:{instance}>"'
        f";reg-id={reg_id}"
    )
    return Request(
        "REGISTER",
        f"sip:{domain}",
        [
            ("Via", "SIP/2.0/TLS x;branch=z9hG4bKa"),
            ("From", f"<sip:{from_site or site}@{domain}>;tag=a"),
            ("To", aor),
            ("Call-ID", call_id),
            ("CSeq", f"{cseq} REGISTER"),
            ("Contact", contact),
            ("Expires", expires),
        ],
    )


@pytest.fixture
def registrar() -> SiteRegistrar:
    return SiteRegistrar(DOMAIN)


def test_two_flows_of_one_installation(registrar):
    first = registrar.register(register(), who(), "f1", NOW)
    second = registrar.register(register(reg_id="2", call_id="b"), who(), "f2", NOW)
    assert (first.status, second.status) == (200, 200)
    headers = dict(first.headers)
    assert headers["Flow-Timer"] == "20"
    assert headers["Require"] == "outbound"
    assert headers["Contact"].endswith("reg-id=1;expires=300")
    assert [b.flow_id for b in registrar.of_site(SITE)] == ["f1", "f2"]
    assert [b.flow_id for b in registrar.of_key("s1", "k1")] == ["f1", "f2"]
    assert registrar.of_key("s1", "other") == []


def test_a_second_installation_is_refused_and_raises_an_alert(registrar):
    registrar.register(register(), who(), "f1", NOW)
    verdict = registrar.register(register(instance=TWO, call_id="b"), who(instance=TWO), "f2", NOW)
    assert verdict.status == 403
    assert TWO in verdict.alert
    assert [b.flow_id for b in registrar.of_site(SITE)] == ["f1"]


def test_a_site_set_to_two_connectors_takes_two_but_not_three():
    registrar = SiteRegistrar(DOMAIN, frozenset({SITE}))
    three = "33333333-0000-4000-8000-000000000003"
    statuses = [
        registrar.register(
            register(instance=instance, call_id=instance), who(instance=instance), instance, NOW
        ).status
        for instance in (ONE, TWO, three)
    ]
    assert statuses == [200, 200, 403]


def test_a_new_flow_with_the_same_reg_id_replaces_the_old_one(registrar):
    registrar.register(register(), who(), "f1", NOW)
    verdict = registrar.register(register(call_id="b"), who(), "f2", NOW)
    assert verdict.closed_flows == ("f1",)
    assert [b.flow_id for b in registrar.of_site(SITE)] == ["f2"]


def test_refresh_keeps_the_flow_and_moves_the_end(registrar):
    registrar.register(register(), who(), "f1", NOW)
    verdict = registrar.register(register(cseq=2), who(), "f1", NOW + 100)
    assert verdict.status == 200
    assert verdict.closed_flows == ()
    assert registrar.expired(NOW + 399) == []
    assert [b.flow_id for b in registrar.expired(NOW + 400)] == ["f1"]
    assert registrar.of_site(SITE) == []


def test_an_older_cseq_is_out_of_order(registrar):
    registrar.register(register(cseq=5), who(), "f1", NOW)
    assert registrar.register(register(cseq=4), who(), "f1", NOW).status == 500


def test_signing_off(registrar):
    registrar.register(register(), who(), "f1", NOW)
    verdict = registrar.register(register(cseq=2, expires="0"), who(), "f1", NOW)
    assert verdict.status == 200
    assert registrar.of_site(SITE) == []


@pytest.mark.parametrize(
    ("request_", "identity", "status"),
    [
        (register(site="s2"), who(), 403),
        (register(instance=TWO), who(), 403),
        (register(from_site="s2"), who(), 400),
        (register(domain="elsewhere.test"), who(), 400),
        (register(reg_id="0"), who(), 400),
        (register(reg_id="99"), who(), 400),
        (register(reg_id="x"), who(), 400),
        (register(contact="*"), who(), 400),
        (register(contact="<sip:s1@calls.test>;reg-id=1"), who(), 400),
        (register(contact='<sip:s1@calls.test>;+sip.instance="<x>";reg-id=1'), who(), 400),
    ],
)
def test_what_does_not_fit_is_refused(registrar, request_, identity, status):
    verdict = registrar.register(request_, identity, "f1", NOW)
    assert verdict.status == status
    assert registrar.of_site(SITE) == []


def test_a_flow_speaks_for_one_site_only(registrar):
    registrar.register(register(), who(), "f1", NOW)
    verdict = registrar.register(register(site="s2", call_id="b"), who("s2"), "f1", NOW)
    assert verdict.status == 403


@pytest.mark.parametrize(("asked", "granted"), [("30", 30), ("60", 60), ("99999", 300)])
def test_expiry_is_shortened_to_the_limit(registrar, asked, granted):
    verdict = registrar.register(register(expires=asked), who(), "f1", NOW)
    assert verdict.binding is not None
    assert verdict.binding.expires_at == NOW + granted


@pytest.mark.parametrize("asked", ["1", "29"])
def test_too_brief_an_interval_is_423_and_changes_nothing(registrar, asked):
    """RFC 3261 10.3 step 7, 21.4.17: Min-Expires says what would do; zero means signing off."""
    registrar.register(register(), who(), "f1", NOW)
    verdict = registrar.register(register(cseq=2, expires=asked), who(), "f1", NOW + 100)
    assert verdict.status == 423
    assert dict(verdict.headers) == {"Min-Expires": "30"}
    assert [b.expires_at for b in registrar.of_site(SITE)] == [NOW + 300]


def test_a_lost_flow_takes_its_binding_along(registrar):
    registrar.register(register(), who(), "f1", NOW)
    assert registrar.drop_flow("f1") is not None
    assert registrar.drop_flow("f1") is None
    assert registrar.of_site(SITE) == []
