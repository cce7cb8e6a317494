"""The first day of a company, as its administrator lives it: from the letter with the invitation to
the first call of somebody who was imported. Every part is real, and the letters go by SMTP."""

from __future__ import annotations

import asyncio
import re
import sys
import time
import tomllib
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import tomli_w
from playwright.async_api import Browser, Page, expect

from offhook.demo.plan import DemoPlan
from offhook.demo.supervisor import Child
from tests.support.browsers import CHROMIUM_TONE_HZ
from tests.support.desk_phones import Console
from tests.support.mail_server import MailServer, mail_server, text_of
from tests.support.softphone import Softphone

pytestmark = pytest.mark.asyncio(loop_scope="session")

ADA, BRUNO = "ada@acme.example", "bruno@acme.example"
PASSWORD = "seven herons over the quiet harbour"
PATIENCE_MS = 20_000


@dataclass
class Platform:
    """PBX and gateway run; the connector is what the administrator starts."""

    plan: DemoPlan
    letters: MailServer
    children: AsyncExitStack

    def file(self, name: str) -> Path:
        return self.plan.state / f"{name}.toml"

    def change(self, name: str, changes: dict[str, Any]) -> None:
        content = tomllib.loads(self.file(name).read_text())
        for section, values in changes.items():
            content.setdefault(section, {}).update(values)
        self.file(name).write_text(tomli_w.dumps(content))

    async def start(self, name: str) -> None:
        command = next(one for one in self.plan.commands() if one.name == name)
        child = Child(command, self.plan.log(name))
        self.children.push_async_callback(child.stop)
        await child.start("info")

    async def shell(self, *words: str) -> None:
        """``offhook ...``, as the operator types it."""
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "offhook", *words, "--config", str(self.file("gateway"))),
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        said, _ = await process.communicate()
        assert process.returncode == 0, said.decode()

    async def invitation(self, to: str) -> str:
        found = re.search(r"http\S+/welcome#token=\S+", text_of(await self.letters.letter(to)))
        assert found is not None
        return found[0]


@asynccontextmanager
async def platform(folder: Path, network: str) -> AsyncIterator[Platform]:
    plan = DemoPlan.make(state=folder / "demo", http_port=0, https_port=0, advertise=(network,))
    await plan.prepare()
    async with mail_server(folder, starttls=False) as letters, AsyncExitStack() as children:
        running = Platform(plan, letters, children)
        mail = {"host": "127.0.0.1", "port": letters.port, "tls": "none"}
        running.change("gateway", {"mail": mail})
        await running.start("pbx")
        await running.start("gateway")
        yield running


async def accept_invitation(page: Page, link: str, *, terms: bool) -> None:
    await page.goto(link)
    await page.get_by_label("New password", exact=True).fill(PASSWORD)
    if terms:
        await page.get_by_role("checkbox", name="I agree to the terms of use.").check()
    await page.get_by_role("button", name="Begin", exact=True).click()
    await expect(page.get_by_label("Name or number")).to_be_visible(timeout=PATIENCE_MS)


async def add_site_and_key(page: Page) -> str:
    """The site's page is open then; the key as it was shown, once."""
    await page.get_by_role("link", name="Sites and connector").click()
    await page.get_by_role("button", name="New site").click()
    await page.get_by_label("Name", exact=True).fill("Munich")
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_role("heading", name="Munich", level=1)).to_be_visible()
    await page.get_by_role("button", name="New key").click()
    await page.get_by_label("Name", exact=True).fill("Connector")
    await page.get_by_role("button", name="Make the key").click()
    secret = page.get_by_role("dialog").locator("code")
    await expect(secret).to_be_visible()
    key = await secret.inner_text()
    await page.get_by_label("I have stored it").check()
    await page.get_by_role("button", name="Done").click()
    return key


async def import_bruno(page: Page, pbx_password: str) -> None:
    await page.get_by_role("link", name="Import", exact=True).click()
    file = (
        "email;name;number;device_id;desk_number;auth_user;auth_password\r\n"
        f"{BRUNO};Bruno Bürger;103;6103;5103;6103;{pbx_password}\r\n"
    )
    await page.locator('input[type="file"]').set_input_files(
        {"name": "people.csv", "mimeType": "text/csv", "buffer": file.encode("cp1252")}
    )
    await page.get_by_role("button", name="Make the plan").click()
    await page.get_by_role("button", name="Apply 1 change").click(timeout=PATIENCE_MS)
    await expect(page.get_by_text("1 row was applied.")).to_be_visible(timeout=PATIENCE_MS)
    await page.get_by_role("button", name="Send the invitations").click()
    await page.get_by_role("button", name="Invite all of them").click()
    await page.get_by_role("button", name="Send invitation", exact=True).click()
    await expect(page.get_by_text("1 invitation is on its way.")).to_be_visible()


@pytest.mark.timeout(180)
async def test_from_the_first_letter_to_the_first_call(
    network: str, browser: Browser, tmp_path: Path
) -> None:
    async with platform(tmp_path, network) as running:
        plan, began = running.plan, time.monotonic()
        await running.shell("tenant", "invite", "Acme", ADA, "--admin-name", "Ada Admin")
        hers = await browser.new_context(locale="en-GB", permissions=["microphone"])
        page = await hers.new_page()
        await accept_invitation(page, await running.invitation(ADA), terms=True)
        await page.goto(f"{plan.web}/admin/")
        await expect(page.get_by_role("heading", name="Overview")).to_be_visible()
        key = await add_site_and_key(page)
        running.change("connector", {"gateway": {"api_key": key}})
        await running.start("connector")
        registered = page.get_by_role("listitem").filter(has_text="Registration")
        await expect(registered).to_contain_text("Working", timeout=PATIENCE_MS)
        await import_bruno(page, plan.facts()["pbx"]["password"])

        his = await browser.new_context(locale="en-GB", permissions=["microphone"])
        phone = Softphone(await his.new_page())
        await accept_invitation(phone.page, await running.invitation(BRUNO), terms=False)
        await phone.page.goto(f"{plan.web}/?diag=1")
        await phone.page.wait_for_function("() => window.__offhook?.state().link === 'online'")
        await phone.dial("715")
        await phone.expect_in_call()
        await phone.expect_tone(440)
        async with Console(plan.console) as console:
            await console.expect_heard("715", CHROMIUM_TONE_HZ)
        print(f"from the first letter to the first call: {time.monotonic() - began:.1f} s")
        await phone.hang_up()
        await phone.expect_idle()
        await his.close()
        await hers.close()
