"""The event stream (Server-Sent Events): every change of a phone, call or device, every message."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from aiohttp import web

from emulator.calls.call import CallState, PbxCall
from emulator.console.guard import HEADERS
from emulator.console.history import History
from emulator.console.trace import Entry, TraceLog
from emulator.console.views import call_view, extension_view
from emulator.pbx import Pbx
from emulator.phones.phone import VirtualPhone
from emulator.switch.model import SettingEvent

_QUEUE = 500  # a reader that falls behind so far is cut off; the page reconnects and reloads
_PING_SECONDS = 15.0


def _event(name: str, data: dict[str, Any]) -> str:
    return f"event: {name}\ndata: {json.dumps(data)}\n\n"


class EventStream:
    def __init__(self, pbx: Pbx, trace: TraceLog, history: History) -> None:
        self._pbx = pbx
        self._history = history
        self._readers: set[asyncio.Queue[str | None]] = set()
        self._lines: dict[str, set[str]] = {}  # call -> the numbers whose line lamp it lights
        pbx.watchers.append(self._changed)
        trace.on_entry = self._traced

    def _changed(self, what: str, about: Any) -> None:
        if isinstance(about, PbxCall):
            self._history.note(about)
            self._send("call", call_view(about))
            self._light(about)
        elif isinstance(about, VirtualPhone):
            self._send("phone", extension_view(self._pbx, about.extension))
        elif isinstance(about, SettingEvent):
            self._show(about.device)
        elif what == "device":
            extension = self._pbx.plan.of_device(about)
            if extension is not None:
                self._show(extension.number)

    def _light(self, call: PbxCall) -> None:
        """Every device of a number shows when one of them is in a call."""
        before = self._lines.pop(call.id, set())
        now = {end.party.number for end in call.ends if end.present}
        if call.state is not CallState.ENDED:
            self._lines[call.id] = now
        for number in sorted(before | now):
            self._show(number)

    def _show(self, number: str) -> None:
        extension = self._pbx.plan.extension(number)
        if extension is not None and self._readers:
            self._send("phone", extension_view(self._pbx, extension))

    def _traced(self, entry: Entry) -> None:
        self._send("message", entry.to_json())

    def _send(self, event: str, data: dict[str, Any]) -> None:
        if not self._readers:
            return
        text = _event(event, data)
        for reader in list(self._readers):
            if reader.qsize() >= _QUEUE:
                self._readers.discard(reader)
                text_or_end: str | None = None
            else:
                text_or_end = text
            reader.put_nowait(text_or_end)

    def _snapshot(self) -> str:
        """Every phone and every call that is known, then the mark that this was all."""
        phones = [extension_view(self._pbx, extension) for extension in self._pbx.plan]
        calls = [*self._history.ended(), *(call_view(call) for call in self._pbx.calls.values())]
        rows = [("phone", row) for row in phones] + [("call", row) for row in calls]
        return "".join(_event(name, row) for name, row in (*rows, ("ready", {})))

    async def handle(self, request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={**HEADERS, "Content-Type": "text/event-stream"})
        await response.prepare(request)
        reader: asyncio.Queue[str | None] = asyncio.Queue()
        # In one step: no change is between the snapshot and what follows it.
        snapshot = self._snapshot()
        self._readers.add(reader)
        try:
            await response.write(snapshot.encode())
            while True:
                try:
                    async with asyncio.timeout(_PING_SECONDS):
                        text = await reader.get()
                except TimeoutError:
                    text = ": ping\n\n"
                if text is None:
                    break
                await response.write(text.encode())
        except ConnectionError:
            pass  # the page went away
        finally:
            self._readers.discard(reader)
        return response

    def close(self) -> None:
        for reader in list(self._readers):
            reader.put_nowait(None)
