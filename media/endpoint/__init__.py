"""An RTP audio endpoint for virtual phones and tests: plain RTP or SDES-SRTP over UDP.

``stream`` is the pure part (packets in, PCM out and back), ``endpoint`` the socket around it,
``pacer`` the one 20 ms clock of the process, ``sources`` and ``sinks`` what is said and heard.
This is no media engine: one party, G.711 only, no jitter buffer beyond placing by timestamp.
"""

from media.endpoint.endpoint import EndpointStats, RtpEndpoint
from media.endpoint.pacer import LoopPacer, ManualPacer, Pacer
from media.endpoint.sinks import Recorder, Sink
from media.endpoint.sources import EchoSource, LiveSource, PcmSource, Silence, Source, ToneSource

__all__ = [
    "EchoSource",
    "EndpointStats",
    "LiveSource",
    "LoopPacer",
    "ManualPacer",
    "Pacer",
    "PcmSource",
    "Recorder",
    "RtpEndpoint",
    "Silence",
    "Sink",
    "Source",
    "ToneSource",
]
