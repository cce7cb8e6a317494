"""The whole code flow over HTTP with a real OpenID provider (npm oidc-provider)."""

from __future__ import annotations

from pathlib import Path

import pytest
from yarl import URL

from tests.support.oidc_provider import Browser, oidc_provider
from tests.support.sign_on import SignOnBench, sign_on_bench

ACCOUNTS = {
    "nina": {
        "email": "nina@example.test",
        "email_verified": True,
        "name": "Nina Neu",
        "groups": ["phones", "Phone Admins"],
    },
    "anna": {"email": "anna@example.test", "email_verified": True, "name": "Anna König"},
    "outsider": {"email": "boss@other.test", "email_verified": True, "name": "Boss"},
}
SCOPES = "openid email profile groups"


async def refresh(bench: SignOnBench, browser: Browser) -> tuple[int, dict[str, str]]:
    url = f"{bench.public_url}/api/v1/auth/refresh"
    headers = {"Origin": bench.public_url}
    async with browser.http.post(url, json={}, headers=headers) as response:
        return response.status, await response.json(content_type=None)


async def test_from_the_button_to_the_session(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with sign_on_bench(tmp_path, monkeypatch) as bench:
        callback = f"{bench.public_url}/api/v1/auth/sso/callback"
        async with oidc_provider(callback, ACCOUNTS) as issuer:
            made = await bench.connect(
                issuer, scopes=SCOPES, role_by_group={"Phone Admins": "help_desk"}
            )
            start = made["start_url"]
            async with Browser() as browser:
                back = await browser.sign_in(start, "nina", until=callback)
                ended, _ = await browser.step(back)
                assert ended == bench.home
                status, grant = await refresh(bench, browser)
                assert status == 200
                _, me, _ = await bench.bench.call("GET", "/me", grant["access_token"])
                assert (me["user"]["name"], me["user"]["role"]) == ("Nina Neu", "help_desk")
                # The code has been used, and so has the attempt that waited for it.
                again, _ = await browser.step(back)
                assert again == f"{bench.public_url}/#sign_in_error=attempt_unknown"
            async with Browser() as thief, Browser() as victim:
                back = await victim.sign_in(start, "nina", until=callback)
                ended, _ = await thief.step(back)
                assert ended.endswith("#sign_in_error=attempt_unknown")
                assert (await refresh(bench, thief))[0] == 401
            async with Browser() as browser:
                back = await browser.sign_in(start, "outsider", until=callback)
                ended, _ = await browser.step(back)
                assert ended.endswith("#sign_in_error=domain_foreign")
            await _wrong_secret(bench, made["id"], callback, start)
            await _tried_out(bench, made["id"], callback)
            await _proven_anew(bench, issuer, callback, start)


async def _wrong_secret(bench: SignOnBench, connection_id: str, callback: str, start: str) -> None:
    path = f"/admin/sso/{connection_id}"
    _, shown, headers = await bench.bench.call("GET", path, bench.token)
    wanted = {
        name: shown[name]
        for name in ("name", "issuer", "client_id", "scopes", "role_by_group", "active")
    }
    for secret, code in (("wrong", "code_refused"), ("a secret/of+the client:", "")):
        tag = {"If-Match": headers["ETag"]}
        status, _, headers = await bench.bench.call(
            "PUT", path, bench.token, json=wanted | {"client_secret": secret}, headers=tag
        )
        assert status == 200
        async with Browser() as browser:
            back = await browser.sign_in(start, "nina", until=callback)
            ended, _ = await browser.step(back)
        assert ended == f"{bench.public_url}/#" + (f"sign_in_error={code}" if code else "signed_in")


async def _tried_out(bench: SignOnBench, connection_id: str, callback: str) -> None:
    test = await bench.admin("POST", f"/admin/sso/{connection_id}/test")
    async with Browser() as browser:
        back = await browser.sign_in(test["url"], "nina", until=callback)
        ended, _ = await browser.step(back)
        assert ended == f"{bench.public_url}/admin/#sso_test={connection_id}"
    result = (await bench.admin("GET", f"/admin/sso/{connection_id}"))["last_test"]
    assert (result["ok"], result["email"]) == (True, "nina@example.test")
    assert result["groups"] == ["phones", "Phone Admins"]


async def _proven_anew(bench: SignOnBench, issuer: str, callback: str, start: str) -> None:
    """Core 3.1.2.1: who asks with ``max_age`` is told when the person last gave a proof there."""
    async with Browser() as browser:
        back = await browser.sign_in(start, "anna", until=callback)
        assert (await browser.step(back))[0] == bench.home
        status, body = await bench.ask_for_much(browser)
        assert (status, body["code"]) == (403, "step_up_required")
        again = f"{bench.public_url}{body['sign_on']}?to=admin&fresh=true"
        await browser.step(f"{issuer}/an-hour-later")
        # Whoever sits at the device, and cannot sign in, changes what the provider is asked.
        for asked, code in (({"max_age": "86400"}, "proof_old"), ({}, "proof_missing")):
            address = URL((await browser.step(again))[0])
            assert (address.query["prompt"], address.query["max_age"]) == ("login", "0")
            address = address.without_query_params("prompt", "max_age").update_query(asked)
            back, page = await browser.step(str(address))
            assert back.startswith(callback), page
            ended, _ = await browser.step(back)
            assert ended == f"{bench.public_url}/admin/#sign_in_error={code}"
            assert (await bench.ask_for_much(browser))[0] == 403
        back = await browser.sign_in(again, "anna", until=callback)
        assert (await browser.step(back))[0] == f"{bench.public_url}/admin/#signed_in"
        assert (await bench.ask_for_much(browser))[0] == 201
