"""XML to a small immutable tree and back, by lxml, closed against the attacks on XML parsers.

A document type declaration is refused whatever it holds: entities, external subsets and the
billion laughs all need one. Namespaces, attributes, comments and processing instructions are
passed over: names alone carry meaning here (ECMA-323 editions differ only in their namespace).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from lxml import etree

from protocols.csta.errors import LocalError, ParseError
from protocols.csta.limits import DEFAULT_LIMITS, Limits


@dataclass(frozen=True, slots=True)
class Node:
    """An element: local name, its text without surrounding white space, its children."""

    name: str
    text: str = ""
    children: tuple[Node, ...] = ()

    def child(self, name: str) -> Node | None:
        return next((child for child in self.children if child.name == name), None)


@dataclass(frozen=True, slots=True)
class Document:
    """`namespace` is the root's, "" for none."""

    root: Node
    namespace: str


def read_document(data: bytes, limits: Limits = DEFAULT_LIMITS) -> Document:
    """Parse; raises ParseError."""
    if len(data) > limits.frame:
        raise ParseError("document too long")
    # one parser per document: lxml's keep the strings of what they read
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError, LookupError) as error:
        raise ParseError(f"not well-formed: {str(error)[:120]}") from None
    if root is None or root.getroottree().docinfo.internalDTD is not None:
        raise ParseError("document type declaration refused")
    name = etree.QName(root)
    return Document(_Reader(limits).node(root, 1), name.namespace or "")


class _Reader:
    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._left = limits.elements

    def node(self, element: etree._Element, depth: int) -> Node:
        self._left -= 1
        if depth > self._limits.depth or self._left < 0:
            raise ParseError("too many or too deep elements")
        children = tuple(
            self.node(child, depth + 1) for child in element if isinstance(child.tag, str)
        )
        return Node(etree.QName(element).localname, (element.text or "").strip(), children)


def write_document(
    root: Node,
    *,
    namespace: str = "",
    private_parent: str = "",
    private_namespace: str = "",
    private_prefix: str = "",
) -> bytes:
    """Serialise. Children of `private_parent` stand in the private namespace, as vendors do it.

    Raises LocalError for a value that XML cannot hold.
    """

    def fill(element: etree._Element, node: Node, inside: str) -> None:
        element.text = node.text or None
        for child in node.children:
            if node.name == private_parent and private_namespace:
                inner = private_namespace
            else:
                inner = inside
            fill(etree.SubElement(element, _name(inner, child.name)), child, inner)

    prefixes: dict[Any, str] = {None: namespace} if namespace else {}
    if private_namespace:
        prefixes[private_prefix] = private_namespace
    try:
        top = etree.Element(_name(namespace, root.name), nsmap=prefixes)
        fill(top, root, namespace)
        if private_namespace:
            etree.cleanup_namespaces(top)
        body = etree.tostring(top, encoding="UTF-8")
    except ValueError as error:
        raise LocalError(f"{root.name} holds what XML cannot: {error}") from None
    return _DECLARATION[bool(namespace)] + body


#: Without a namespace the sample messages say standalone; with one they do not.
_DECLARATION = {
    True: b'<?xml version="1.0" encoding="UTF-8"?>',
    False: b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>',
}


def _name(namespace: str, name: str) -> str:
    return f"{{{namespace}}}{name}" if namespace else name
