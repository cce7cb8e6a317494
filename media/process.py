"""A media worker's process: ``python -m media.process '<WorkerConfig as JSON>'``.

Prints one line when it is ready. Ends on SIGTERM, on ``quit``, and when its
controller is gone.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import json
import os
import resource
import signal
import sys
from functools import partial

import aioice.ice

from media.engine import MediaEvent
from media.full_ice.leg import FullIceLeg
from media.worker import logs
from media.worker.config import WorkerConfig
from media.worker.control import ControlServer
from media.worker.worker import Worker

# The media thread must not wait 5 ms for the interpreter while the control thread computes.
SWITCH_INTERVAL_S = 0.0005


def _from_other_thread(loop: asyncio.AbstractEventLoop, done: asyncio.Event) -> None:
    loop.call_soon_threadsafe(done.set)


async def serve(config: WorkerConfig) -> None:
    loop = asyncio.get_running_loop()
    done = asyncio.Event()
    control: ControlServer

    def emit(session_id: str, event: MediaEvent) -> None:
        control.emit(session_id, event)

    if config.rtp_bind not in ("0.0.0.0", "::"):  # noqa: S104 - compared
        # Full ICE offers what the operator bound, not every interface (and loopback if asked to).
        aioice.ice.get_host_addresses = lambda use_ipv4, use_ipv6: [config.rtp_bind]
    worker = Worker(config, loop, emit, through_turn=FullIceLeg)
    control = ControlServer(worker, config.control_path, done.set)
    # Without its media thread the process would answer and carry nothing: end, to be replaced.
    worker.plane.on_death = partial(_from_other_thread, loop, done)
    worker.start()
    await control.start()
    loop.add_signal_handler(signal.SIGTERM, done.set)
    # Ctrl-C reaches the whole process group: the parent decides when calls end.
    loop.add_signal_handler(signal.SIGINT, lambda: None)
    print("ready", flush=True)
    try:
        await done.wait()
    finally:
        worker.stop()
        await control.stop()


def _before_everything_else() -> None:
    """Real-time priority where the system grants it, else a better nice value where it does.

    On a machine short of processors calls then stay clean and the rest waits. Both threads get it:
    a control thread that is put aside while it holds the interpreter would stop the media.
    """
    try:
        os.sched_setscheduler(0, os.SCHED_RR, os.sched_param(1))
    except (OSError, AttributeError):
        with contextlib.suppress(OSError):
            os.nice(-10)


def main() -> None:
    config = WorkerConfig.from_json(json.loads(sys.argv[1]))
    logs.install(config.index)
    sys.setswitchinterval(SWITCH_INTERVAL_S)
    if config.realtime:
        _before_everything_else()
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))  # two sockets per RTP leg
    gc.collect()
    gc.freeze()  # what is loaded now is never garbage: full collections stay short
    gc.set_threshold(10_000, 20, 50)  # and are rare: they hold the interpreter
    asyncio.run(serve(config))


if __name__ == "__main__":
    main()
