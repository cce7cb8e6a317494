"""Messages as OpenScape platforms write them, long and short, against their typed form.

The texts were written by hand from the names and shapes that captures and clients show, not by our
own encoder: they judge it.
"""

from __future__ import annotations

import pytest

from protocols.csta.codec import EDITIONS, Style, decode, encode
from protocols.csta.dialects import BUSINESS, VOICE
from protocols.csta.framing import Frame, StreamFramer
from protocols.csta.message import Message
from protocols.csta.services import features as ft
from protocols.csta.services import system as sy
from protocols.csta.tree import Node, read_document
from tests.support.csta_samples import EVENTS, REQUESTS, RESPONSES

SAMPLES = [
    pytest.param(text, typed, id=f"{kind} {name} {style}")
    for kind, table in (("request", REQUESTS), ("response", RESPONSES), ("event", EVENTS))
    for name, (long, short, typed) in table.items()
    for style, text in (("long", long), ("short", short))
    if text
]


@pytest.mark.parametrize(("text", "typed"), SAMPLES)
@pytest.mark.parametrize("edition", [0, 2, 3, 4, 5, 6])
def test_reading(text: str, typed: Message, edition: int) -> None:
    if edition:  # the namespace goes into the root, as a platform has it
        head, mark, tail = text.partition(
            "/>" if text.endswith("/>") and text.count("<") == 1 else ">"
        )
        text = f'{head} xmlns="{EDITIONS[edition]}"{mark}{tail}'
    decoded = decode(text.encode())
    assert decoded.message == typed
    assert decoded.namespace == EDITIONS.get(edition, "")


def names(node: Node) -> set[str]:
    return {node.name}.union(*(names(child) for child in node.children))


#: Elements of the samples that we do not keep.
PASSED_OVER = {"correlatorData", "string", "mediaCallCharacteristics", "mediaClass", "voice"}


@pytest.mark.parametrize(("text", "typed"), SAMPLES)
def test_writing_uses_the_names_of_the_platform(text: str, typed: Message) -> None:
    """Same elements as the sample, none of our own making. Order is judged elsewhere."""
    root = read_document(text.encode())
    short = root.root.name not in {type(typed).__name__, "TransferedEvent", "CSTAErrorCode"}
    short = short or "<oprt>" in text or "<sRAy>" in text
    style = Style(
        namespace="" if short else EDITIONS[4],
        short=short,
        spellings=() if short else VOICE.style.spellings,
        left_out_empty=BUSINESS.style.left_out_empty | {"callAssociatedServices"}
        if short
        else frozenset(),
    )
    written = names(read_document(encode(typed, style)).root)
    expected = names(root.root) - PASSED_OVER
    ours = {"requestSystemStatus"} if isinstance(typed, sy.SystemRegister) else set()
    assert written - ours == expected - ours - {"zsiHo"}


@pytest.mark.parametrize("host", ["www.ecmainternational.org", "www.ecma-international.org"])
@pytest.mark.parametrize("prefix", ["", "ns3:"])
def test_prefixed_roots_and_a_misspelt_host(host: str, prefix: str) -> None:
    declared = f"xmlns:{prefix[:-1]}" if prefix else "xmlns"
    text = (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><{prefix}GetForwarding '
        f'{declared}="http://{host}/standards/ecma-323/csta/ed5"><{prefix}device>100</{prefix}device>'
        f"</{prefix}GetForwarding>"
    )
    assert decode(text.encode()).message == ft.GetForwarding(device="100")


def test_a_captured_length_is_the_whole_frame() -> None:
    """Two frames captured from an OpenScape Voice say 0x03EB and 0x0443: 1003 and 1091 bytes."""
    framer = StreamFramer()
    for length in (1003, 1091):
        payload = b"<SSR>" + b" " * (length - 8 - 11) + b"</SSR>"
        head = b"\x00\x00" + length.to_bytes(2, "big") + b"9999"
        assert framer.feed(head + payload) == [Frame(9999, payload)]
        assert not framer.pending
