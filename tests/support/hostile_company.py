"""A company whose people, callers, contacts and keys have names that are markup or formulas."""

from __future__ import annotations

from gateway.ports import Numbers, UserKey
from gateway.storage.ids import new_id, utc_now
from tests.support.callers import signed_in
from tests.support.gateway_platform import Bench

NAMES = (
    "<img src=x onerror=alert(1)>",
    "</script><script>alert(1)</script>",
    '"><svg onload=alert(1)>',
    "{{7*7}}${7*7}",
    '=HYPERLINK("http://evil.example";"x")',
    "+1+1",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(1+1)",
    ";=1+1",
    "\uff1d1+1",
)


async def hostile_company(bench: Bench) -> str:
    """People, a caller, keys and a company with such names; an admin's token."""
    admin = await signed_in(bench, "admin", "ada@walls.test")
    for number, name in enumerate(NAMES):
        person = {"email": f"p{number}@walls.test", "name": name, "department": name[:60]}
        status, reply, _ = await bench.call("POST", "/admin/people", admin, json=person)
        assert status == 201 and reply["name"] == name.strip(), reply
        wanted = {"name": name[:60], "kind": "admin", "scopes": ["audit.read"]}
        status, reply, _ = await bench.call("POST", "/admin/keys", admin, json=wanted)
        assert status in (201, 409), reply
        contact = {"name": name, "numbers": [{"kind": "work", "number": f"+4989555012{number:02}"}]}
        status, reply, _ = await bench.call("POST", "/admin/contacts", admin, json=contact)
        assert status == 201, reply
    _, me, _ = await bench.call("GET", "/me", admin)
    ada, journal = UserKey(bench.demo.tenant_id, me["user"]["id"]), bench.gateway.features.journal
    for name in NAMES:
        call_id = new_id()
        await journal.open(
            ada,
            call_id,
            direction="in",
            numbers=Numbers(name, name, name),
            name=name,
            started_at=utc_now(),
        )
        await journal.settle(
            ada,
            call_id,
            kind="missed",
            reason="no_answer",
            name=None,
            device_id=None,
            ended_at=utc_now(),
            duration_ms=0,
        )
    return admin
