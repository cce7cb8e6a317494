"""XML: names and text come through, attacks do not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocols.csta.errors import LocalError, ParseError
from protocols.csta.limits import Limits
from protocols.csta.tree import Node, read_document, write_document

ED4 = "http://www.ecma-international.org/standards/ecma-323/csta/ed4"


@pytest.mark.parametrize(
    "data",
    [
        f'<A xmlns="{ED4}"><b> x </b></A>',
        f'<n:A xmlns:n="{ED4}"><n:b>x</n:b></n:A>',
        f'<?xml version="1.0" encoding="UTF-8"?><A xmlns="{ED4}"><!-- c --><b k="v">x</b></A>',
        f'<A xmlns="{ED4}"><b><![CDATA[x]]></b><?pi data?></A>',
        f'<?xml version="1.0" encoding="UTF-16"?><A xmlns="{ED4}"><b>x</b></A>',
    ],
)
def test_prefixes_attributes_and_comments_do_not_matter(data: str) -> None:
    encoded = data.encode("utf-16" if "UTF-16" in data else "utf-8")
    document = read_document(encoded)
    assert document.namespace == ED4
    assert document.root == Node("A", children=(Node("b", "x"),))


def test_a_comment_inside_text_does_not_cut_it() -> None:
    assert read_document(b"<A>12<!-- x -->34</A>").root.text == "1234"


LAUGHS = (
    b'<!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">'
    b'<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]><A>&c;</A>'
)


@pytest.mark.parametrize(
    "data",
    [
        LAUGHS,
        b'<!DOCTYPE A [<!ENTITY x SYSTEM "file:///etc/hostname">]><A>&x;</A>',
        b'<!DOCTYPE A SYSTEM "http://192.0.2.1/a.dtd"><A/>',
        b'<!DOCTYPE A [<!ENTITY % p SYSTEM "http://192.0.2.1/p"> %p;]><A/>',
        b"<!DOCTYPE A><A/>",
        "<!DOCTYPE A><A/>".encode("utf-16"),
    ],
)
def test_a_document_type_declaration_is_refused(data: bytes) -> None:
    with pytest.raises(ParseError):
        read_document(data)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b" ",
        b"text",
        b"<A>",
        b"<A/><B/>",
        b"<A>&nbsp;</A>",
        b"<A>\xff</A>",
        b"<A>\x00</A>",
        b"<A>&#0;</A>",
        b"<a:A/>",
        b'<?xml version="1.0" encoding="no-such"?><A/>',
    ],
)
def test_what_is_not_well_formed_is_refused(data: bytes) -> None:
    with pytest.raises(ParseError):
        read_document(data)


def test_limits() -> None:
    limits = Limits(frame=400, depth=4, elements=10)
    assert read_document(b"<a><b><c><d/></c></b></a>", limits).root.name == "a"
    for data in (b"<a>" * 5 + b"</a>" * 5, b"<a>" + b"<b/>" * 10 + b"</a>", b"<a>" + b" " * 400):
        with pytest.raises(ParseError):
            read_document(data, limits)


def test_depth_of_a_whole_frame_of_open_tags_is_refused() -> None:
    with pytest.raises(ParseError):
        read_document(b"<a>" * 9000 + b"</a>" * 9000)


@pytest.mark.parametrize("text", ["\x00", "\x1b[2J", "\ud800", "￾"])
def test_text_that_xml_cannot_hold_is_not_written(text: str) -> None:
    with pytest.raises(LocalError):
        write_document(Node("A", text))


NODES = st.recursive(
    st.builds(
        Node,
        st.sampled_from(["a", "bC", "d-e"]),
        st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S"]), max_size=8),
    ),
    lambda inner: st.builds(
        lambda name, children: Node(name, children=tuple(children)),
        st.sampled_from(["x", "y"]),
        st.lists(inner, min_size=1, max_size=4),
    ),
    max_leaves=12,
)


@given(NODES, st.sampled_from(["", ED4]))
def test_what_is_written_is_read(root: Node, namespace: str) -> None:
    document = read_document(write_document(root, namespace=namespace))
    assert (document.root, document.namespace) == (root, namespace)
