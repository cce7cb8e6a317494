"""The trace keeps messages and no secrets."""

from emulator.console.trace import TraceLog, scrub

INVITE = (
    b"INVITE sip:101@127.0.0.1 SIP/2.0\r\nCall-ID: abc@x\r\nCSeq: 2 INVITE\r\n"
    b'Proxy-Authorization: Digest username="6101",\r\n response="c0ffee"\r\n'
    b"Content-Type: application/sdp\r\n\r\n"
    b"a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:c2VjcmV0\r\na=ice-pwd:hidden\r\nm=audio 1 x 8\r\n"
)


def raw(data: bytes, direction: str = "in") -> dict[str, object]:
    return {
        "time": 1.0,
        "direction": direction,
        "transport": "UDP",
        "peer": "127.0.0.1:5070",
        "data": data,
    }


def test_a_message_is_kept_without_its_secrets() -> None:
    log = TraceLog()
    seen = []
    log.on_entry = seen.append
    log.feed(raw(INVITE))
    (entry,) = log.of(["abc@x"])
    assert seen == [entry]
    assert entry.first_line == "INVITE sip:101@127.0.0.1 SIP/2.0"
    assert entry.cseq == "2 INVITE"
    for secret in ("c0ffee", "c2VjcmV0", "hidden"):
        assert secret not in entry.text
    assert "m=audio 1 x 8" in entry.text and "a=crypto:1 AES_CM_128_HMAC_SHA1_80" in entry.text


def test_keep_alives_and_fragments_are_no_messages() -> None:
    log = TraceLog()
    for data in (b"\r\n\r\n", b"\r\n", b"half of a bo", b"\xff\xfe"):
        log.feed(raw(data))
    assert log.latest() == []


def test_compact_call_id_and_the_limit() -> None:
    log = TraceLog()
    for number in range(3100):
        log.feed(raw(b"OPTIONS sip:x SIP/2.0\r\ni: c%d\r\n\r\n" % number))
    assert log.of(["c0"]) == []
    assert [entry.call_id for entry in log.latest(1)] == ["c3099"]


def test_scrub_leaves_other_headers() -> None:
    assert scrub("Authorization: Bearer x\r\nTo: a\r\n") == "Authorization: (removed)\r\nTo: a\r\n"
