"""One's own settings on several devices."""

from __future__ import annotations

from tests.support.gateway_platform import PASSWORD, Bench

LOGIN = {"email": "anna@example.test", "password": PASSWORD, "device": {"kind": "web"}}


class TestSettings:
    async def test_two_devices_do_not_overwrite_each_other(self, bench: Bench) -> None:
        token = (await bench.login())["access_token"]
        _, before, headers = await bench.call("GET", "/me/settings", token)
        tag = {"If-Match": headers["ETag"]}
        wanted = {**before["settings"], "theme": "dark"}
        status, after, changed = await bench.call(
            "PUT", "/me/settings", token, json=wanted, headers=tag
        )
        assert status == 200 and after["settings"]["theme"] == "dark"
        assert changed["ETag"] != headers["ETag"]
        status, body, _ = await bench.call("PUT", "/me/settings", token, json=wanted, headers=tag)
        assert (status, body["code"]) == (412, "changed_meanwhile")
        status, body, _ = await bench.call("PUT", "/me/settings", token, json=wanted)
        assert (status, body["code"]) == (428, "if_match_required")
        for odd in ("*", 'W/"1"', "1", '"x"'):
            got = await bench.call(
                "PUT", "/me/settings", token, json=wanted, headers={"If-Match": odd}
            )
            assert got[0] == 412

    async def test_only_known_settings_with_allowed_values(self, bench: Bench) -> None:
        token = (await bench.login())["access_token"]
        for bad in ({"role": "admin"}, {"theme": "pink"}, {"ring_volume": 101}):
            status, body, _ = await bench.call(
                "PUT", "/me/settings", token, json=bad, headers={"If-Match": '"1"'}
            )
            assert (status, body["code"]) == (422, "invalid")
