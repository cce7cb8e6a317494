"""The embedded media engine: an ICE-lite forwarder on one UDP port, in processes of its own.

A parent (gateway, connector) uses :class:`EmbeddedEngine`. Inside a worker process two threads
share the work: the media thread (``plane``, ``forward``) moves packets, the control thread
(``worker``, ``session``, the legs) does STUN, DTLS, SDP and timers. They meet in ``port``.
"""

from media.worker.config import EmbeddedConfig, Limits, TurnServer
from media.worker.embedded import EmbeddedEngine, EmbeddedSession

__all__ = ["EmbeddedConfig", "EmbeddedEngine", "EmbeddedSession", "Limits", "TurnServer"]
