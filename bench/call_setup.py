"""How long a call takes to set up, through every real part, as a person in Chromium feels it.

- click to INVITE: keydown in the page to the INVITE's receipt at the emulator;
- answer to first audio, incoming: click on Answer to the first frame of the caller's tone;
- the same outgoing: telling the desk phone to answer (its sound may set out before its 200) to that
  frame.

Page and emulator run on one machine, so both read the same wall clock. The tone is 1,700 Hz; frames
are recognised by their zero crossings, so ringback (425 Hz) does not count.
"""

from __future__ import annotations

import asyncio
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from playwright.async_api import Page

from bench.figure import Figure, Options, figure

#: Runs in a namespace of its own, hence in a process of its own.
CHILD = "bench.call_setup"
BERTA_HZ = 1700

#: Notes when a key goes down and when a frame of the tone is first heard, in wall-clock ms.
PROBE = """
    (() => {
      const now = () => performance.timeOrigin + performance.now();
      window.__marks = {};
      addEventListener("keydown", e => { if (e.key === "Enter") __marks.key = now(); }, true);
      addEventListener("pointerdown", () => { __marks.click = now(); }, true);
      const context = new AudioContext();
      const Direct = window.RTCPeerConnection;
      window.RTCPeerConnection = class extends Direct {
        constructor(config) {
          super(config);
          this.addEventListener("track", event => listen(event.track));
        }
      };
      function listen(track) {
        const node = context.createAnalyser();
        node.fftSize = 256;
        context.createMediaStreamSource(new MediaStream([track])).connect(node);
        const samples = new Float32Array(256);
        const channel = new MessageChannel();  // faster than timers, which are clamped to 4 ms
        channel.port1.onmessage = () => {
          node.getFloatTimeDomainData(samples);
          let crossings = 0, peak = 0;
          for (let i = 1; i < samples.length; i++) {
            if (samples[i - 1] < 0 !== samples[i] < 0) crossings++;
            peak = Math.max(peak, Math.abs(samples[i]));
          }
          if (peak > 0.02 && crossings >= 14) { __marks.audio = now(); return; }
          if (track.readyState === "live") setTimeout(() => channel.port2.postMessage(0), 0);
        };
        channel.port2.postMessage(0);
      }
    })();
"""


def measure(options: Options) -> list[Figure]:
    """Start the demo in a namespace of its own and place calls both ways."""
    rounds = "8" if options.quick else "30"
    done = subprocess.run(
        [sys.executable, "-m", CHILD, rounds], capture_output=True, text=True, check=True
    )
    rows = {
        name: [float(value) for value in values.split()]
        for name, _, values in (line.partition(":") for line in done.stdout.splitlines())
    }
    return [
        figure("call_setup", "click to INVITE at the PBX, p50", rows["invite"], "ms", limit=30),
        figure("call_setup", "answer to first audio, incoming, p50", rows["in"], "ms", limit=150),
        figure("call_setup", "answer to first audio, outgoing, p50", rows["out"], "ms", limit=150),
    ]


async def mark(page: Page, name: str) -> float:
    await page.wait_for_function("name => window.__marks[name]", arg=name, timeout=10_000)
    value: float = await page.evaluate("name => window.__marks[name]", name)
    return value


async def received_at(console: Any, start: str, after: float) -> float:
    """Wall-clock ms of the first message like this that reached the emulator after ``after``."""
    messages = (await console.get("/api/trace"))["messages"]
    return next(
        float(row["time"]) * 1000
        for row in messages
        if row["direction"] == "in"
        and row["first_line"].startswith(start)
        and row["time"] * 1000 > after
    )


async def outgoing(phone: Any, console: Any) -> tuple[float, float]:
    await phone.page.evaluate("() => { window.__marks = {}; }")
    await phone.dial("102")
    pressed = await mark(phone.page, "key")
    await console.expect_state("102", "ringing")
    answered = time.time() * 1000
    await console.answer("102")
    heard = await mark(phone.page, "audio")
    invite = await received_at(console, "INVITE ", pressed)
    await phone.hang_up()
    await phone.expect_idle()
    await console.expect_state("102", "idle")
    return invite - pressed, heard - answered


async def incoming(phone: Any, console: Any) -> float:
    await phone.page.evaluate("() => { window.__marks = {}; }")
    await console.dial("102", "101")
    await phone.incoming.wait_for()
    await phone.settle_slot()
    await phone.incoming.get_by_role("button", name="Answer").click()
    heard = await mark(phone.page, "audio")
    clicked = await mark(phone.page, "click")
    await phone.hang_up()
    await phone.expect_idle()
    await console.expect_state("102", "idle")
    return heard - clicked


async def run(stack: Any, tone: Path, rounds: int) -> None:
    from tests.support.browsers import chromium
    from tests.support.desk_phones import Console
    from tests.support.softphone import open_softphone

    anna = "anna@example.test"
    async with (
        chromium(tone) as browser,
        open_softphone(browser, stack.url) as phone,
        Console(stack.console) as console,
    ):
        await phone.page.add_init_script(PROBE)
        await phone.page.reload()
        await phone.sign_in(anna, stack.password(anna))
        await console.say("102", f"tone:{BERTA_HZ}")
        await outgoing(phone, console)  # a browser's first call is slower; not counted
        out = [await outgoing(phone, console) for _ in range(rounds)]
        back = [await incoming(phone, console) for _ in range(rounds)]
    print("invite:", *(f"{row[0]:.1f}" for row in out))
    print("out:", *(f"{row[1]:.1f}" for row in out))
    print("in:", *(f"{value:.1f}" for value in back))


def child(rounds: int) -> None:
    from tests.support.browsers import CHROMIUM_TONE_HZ, write_tone
    from tests.support.demo_stack import demo_stack
    from tests.support.netns import own_network

    address = own_network()
    folder = Path(tempfile.mkdtemp(prefix="offhook-bench-"))
    try:
        with demo_stack(folder / "demo", advertise=address) as stack:
            asyncio.run(run(stack, write_tone(folder / "mic.wav", CHROMIUM_TONE_HZ), rounds))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    child(int(sys.argv[1]))
