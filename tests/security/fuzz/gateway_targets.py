"""What clients, admins and operators write: commands, JSON bodies, cursors, configuration."""

from __future__ import annotations

import contextlib
import json
import tempfile
from collections.abc import Iterable
from pathlib import Path

from tests.security.fuzz.registry import Run, target

COMMANDS = (
    b'["dial",{"command_id":"1","to":"+49 (30) 123-45"}]',
    b'["media.offer",{"call_id":"c","sdp":"v=0\\r\\na=fingerprint:sha-256 AB","generation":2}]',
    b'["dtmf",{"command_id":"2","call_id":"c","digits":"12#*AB"}]',
    b'["answer",{"command_id":"3","call_id":"c"}]',
    b'["mute",{"command_id":"4","call_id":"c","take":true}]',
)


@target(lambda: COMMANDS)
def commands() -> Run:
    from gateway.calls.commands import dial_target, parse_command
    from gateway.ports import Problem
    from gateway.realtime import verbs
    from gateway.realtime.transport import StrictJson

    def run(data: bytes) -> None:
        try:
            packet = StrictJson.loads(data.decode("utf-8", "replace"))
        except ValueError:
            return
        if not isinstance(packet, list) or not packet or not isinstance(packet[0], str):
            return
        try:
            command = verbs.parse(packet[0], tuple(packet[1:]))
            if command.verb == "dial":
                dial_target(command.body)
            else:
                parse_command(command.verb, "device", command.body)
        except Problem as problem:
            json.dumps(problem.to_json())

    return run


BODIES = (
    b'{"email":"a@b.example","password":"x","device":{"id":"d","name":"n","kind":"browser"}}',
    b'{"to":"101","device_id":"d"}',
    b'{"instance":"00000000-0000-4000-8000-000000000001","version":"1","profile":"business"}',
    b'{"refresh_token":"x"}',
    b'{"limit":"5","cursor":"WyIxIl0","filter":"missed"}',
    b"WyJhIiwiYiJd",
)


@target(lambda: BODIES)
def rest_json() -> Run:
    import gateway.features.connectors.api
    import gateway.features.directory.api
    import gateway.features.journal.api
    import gateway.features.login.api
    import gateway.features.users.api
    import gateway.http.calls_api  # noqa: F401
    from gateway.http import cursor
    from gateway.http.app import _validate
    from gateway.http.endpoint import RequestModel
    from gateway.ports import Problem

    models = RequestModel.__subclasses__()
    assert len(models) > 5

    def run(data: bytes) -> None:
        for parts in (1, 2):
            with contextlib.suppress(Problem):
                cursor.decode(data.decode("utf-8", "surrogateescape"), parts)
        try:
            value = json.loads(data)
        except (ValueError, RecursionError):
            return
        for model in models:
            try:
                _validate(model, value, "body")
            except Problem as problem:
                json.dumps(problem.to_json())

    return run


@target(
    lambda: [
        b'{"to": "+49 30 123"}',
        b"tel:+49-30-123;ext=5",
        b"sip:101@pbx.test",
        b"00 49 30 123",
        b"*21*0301234#",
    ],
    max_len=200,
)
def numbers() -> Run:
    """Whatever is typed or comes over the link has three forms, none of which can break a URI."""
    from connector.profiles import PROFILES
    from gateway.numbers import NumberRules
    from gateway.ports import Problem, SiteProfile
    from protocols.sip.uri import SipUri, parse_uri

    site = SiteProfile("t", "s", "business", "de", "30", 3)
    rules = NumberRules()
    plan = PROFILES["business"].numbers

    def run(data: bytes) -> None:
        text = data.decode("utf-8", "replace")
        for read in (rules.normalise, rules.from_wire):
            try:
                found = read(text, site)
            except Problem:
                continue
            if not found.canonical:
                continue  # a caller without a number
            parse_uri(str(SipUri.of(found.canonical, "h")))
            parse_uri(str(SipUri.of(plan.to_pbx(found.canonical), "h")))
        plan.to_canonical(text)

    return run


CONFIGURATIONS = (
    b'[http]\nport = 8080\ntrusted_proxies = ["10.0.0.0/8"]\n[sip_edge]\nport = 65061\n',
    b'[gateway]\nurl = "https://g.example"\napi_key = "gwc_x"\n[pbx]\nhost = "10.0.0.1"\n',
    b'[[extensions]]\nnumber = "101"\nname = "A"\n[media]\nport = 3\nworkers = 2\n',
)


def _configurations() -> Iterable[bytes]:
    return CONFIGURATIONS


@target(_configurations)
def configuration() -> Run:
    from connector.config import ConnectorConfig
    from emulator.config import EmulatorConfig
    from gateway.config import GatewayConfig
    from settings import faults

    folder = tempfile.TemporaryDirectory()  # lives as long as the target
    file = Path(folder.name) / "fuzz.toml"
    kinds = (GatewayConfig, ConnectorConfig, EmulatorConfig)

    def run(data: bytes, _keep: object = folder) -> None:
        file.write_bytes(data)
        for kind in kinds:
            try:
                kind.load(file)
            except ValueError as error:
                assert faults(kind, error)

    return run
