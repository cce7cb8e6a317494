"""RTP and RTCP (RFC 3550), DTMF events (RFC 4733), SRTP keys (RFC 3711, 5764, 7714): no IO."""
