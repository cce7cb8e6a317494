"""Full ICE with TURN for a connector that cannot reach the gateway's media port directly.

``leg`` puts an ``aioice.Connection`` under the same DTLS, SRTP, bridge and statistics as every
other leg of a worker, so this is a leg kind rather than a second engine. An embedded engine uses it
for its ``WEBRTC_FULL`` legs as soon as it was given a TURN server.

Deviation from the first plan, which named aiortc's ORTC classes: their DTLS transport has none of
the repeats and guards of ours, and their RTP path costs several times the CPU. Only aioice stayed.
"""
