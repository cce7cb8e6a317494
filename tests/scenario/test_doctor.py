"""The doctor beside the running system: it goes the ways that gateway and connector go."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from connector.config import ConnectorConfig
from gateway.config import TurnConfig
from gateway.features.turn_credentials.service import TurnCredentials
from offhook.doctor.relay import relays
from offhook.doctor.site import examine_site
from offhook.doctor.verdict import State, Verdict
from tests.support.call_stack import call_stack
from tests.support.coturn import SECRET, relay_as_configured


def changed(config: ConnectorConfig, **changes: Any) -> ConnectorConfig:
    return config.model_copy(update=changes)


def by_subject(rows: list[Verdict]) -> dict[str, Verdict]:
    return {row.subject: row for row in rows}


async def test_a_site_that_is_in_order_and_what_may_be_wrong(tmp_path: Path) -> None:
    async with call_stack(tmp_path, connector=False, csta=True) as parts:
        good = by_subject(await examine_site(parts.connector_config))
        assert {row.state for row in good.values()} == {State.OK}, good
        assert good.keys() == {"gateway", "SIP edge", "lines", "PBX", "PBX control"}
        assert "speaks CSTA" in good["PBX control"].words
        assert "3 to register" in good["lines"].words and "200" in good["PBX"].words

        link = parts.connector_config.gateway
        no_file = changed(link, api_key_file=tmp_path / "lost.key")
        rows = by_subject(await examine_site(changed(parts.connector_config, gateway=no_file)))
        assert rows["gateway"].state is State.FAIL and "lost.key" in rows["gateway"].words
        assert rows["PBX"].state is State.OK

        (tmp_path / "wrong.key").write_text("gwc_wrong")
        wrong = changed(link, api_key_file=tmp_path / "wrong.key")
        rows = by_subject(await examine_site(changed(parts.connector_config, gateway=wrong)))
        assert rows["gateway"].state is State.FAIL and "API key" in rows["gateway"].advice

        unset = changed(parts.connector_config.control, port=None)
        rows = by_subject(await examine_site(changed(parts.connector_config, control=unset)))
        assert rows["PBX control"].state is State.OK and "configured" in rows["PBX control"].words

        await parts.stop_pbx()
        rows = by_subject(await examine_site(parts.connector_config))
        assert rows["PBX control"].state is State.FAIL
        assert "control.host" in rows["PBX control"].advice
        assert rows["gateway"].state is State.OK
        assert rows["PBX"].state is State.FAIL and "pbx.host" in rows["PBX"].advice


@pytest.mark.parametrize("way", ["udp", "tcp"])
async def test_a_relay_is_really_asked_for_an_address(tmp_path: Path, way: str) -> None:
    async with relay_as_configured(tmp_path) as relay:
        url = f"turn:{relay.address}:{relay.port}?transport={way}"
        for secret, state, words in ((SECRET, State.OK, "relays"), ("x", State.FAIL, "secret")):
            config = TurnConfig(urls=(url,), secret=secret)  # type: ignore[arg-type]
            (row,) = await relays(TurnCredentials(config).issue("doctor"))
            assert row.state is state and words in row.words


async def test_a_stun_server_tells_our_address(tmp_path: Path) -> None:
    async with relay_as_configured(tmp_path) as relay:
        (row,) = await relays({"urls": [f"stun:{relay.address}:{relay.port}"]})
        assert row.state is State.OK and relay.address in row.words
