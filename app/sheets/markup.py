"""A part of a workbook's package as its bytes, and where each element stands in them.

What is not edited keeps every byte: prefixes, order of attributes, blanks, elements that nobody here knows. A tree
that is written anew could not promise that, and a workbook refuses to open when a prefix that it names is gone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr


class Node:
    """One element: `data[start:end]` is all of it, `data[inside:outside]` what stands between its tags.

    `name` and the names of `said` (its attributes) are without prefix; `id` of a relationship is so the r:id.
    """

    __slots__ = ("children", "end", "inside", "name", "outside", "said", "start")

    def __init__(self, name: str, said: dict[str, str], start: int, inside: int) -> None:
        self.name, self.said, self.start, self.inside = name, said, start, inside
        self.outside = self.end = inside
        self.children: list[Node] = []

    def walk(self) -> Iterator[Node]:
        """This element and all below it, as they stand."""
        yield self
        for child in self.children:
            yield from child.walk()

    def child(self, name: str) -> Node | None:
        return next((child for child in self.children if child.name == name), None)

    def all(self, *names: str) -> Iterator[Node]:
        return (node for node in self.walk() if node.name in names)


_ATTRIBUTE = re.compile(rb"""\s([\w:.-]+)\s*=\s*("[^"]*"|'[^']*')""")
_TAG_CLOSE = re.compile(rb"\s*/?>$")
_TAG_END = re.compile(rb"""(?:[^"'>]|"[^"]*"|'[^']*')*>""")


class Part:
    """The bytes of one part and its elements. Edits are gathered and made all at once by `done`."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.root = _parse(data)
        match = re.match(rb"<([\w.-]+:)?", data[self.root.start :])
        self.prefix = (match[1] or b"").decode() if match else ""
        self._edits: list[tuple[int, int, bytes]] = []

    def text(self, node: Node) -> str:
        """The text of an element that holds nothing but text."""
        raw = self.data[node.inside : node.outside].decode()
        if raw.startswith("<![CDATA["):
            return raw[9 : raw.rfind("]]>")]
        return unescape(raw)

    def tag(self, node: Node) -> bytes:
        """Its opening tag, as it stands."""
        return self.data[node.start : node.inside]

    def put_text(self, node: Node, text: str) -> None:
        self.replace(node.inside, node.outside, escape(text).encode())

    def put(self, node: Node, **said: str | None) -> None:
        """Change attributes; None takes one out."""
        self.replace(node.start, node.inside, with_attributes(self.tag(node), **said))

    def add_inside(self, node: Node, xml: bytes) -> None:
        """Put `xml` behind everything that stands in an element."""
        if node.end == node.inside:  # <rows/>
            name = re.match(rb"<([^\s/>]+)", self.tag(node))
            assert name is not None
            self.replace(node.start, node.end, opened(self.tag(node)) + xml + b"</" + name[1] + b">")
        else:
            self.replace(node.outside, node.outside, xml)

    def cut(self, node: Node) -> None:
        self.replace(node.start, node.end, b"")

    def replace(self, start: int, end: int, xml: bytes) -> None:
        self._edits.append((start, end, xml))

    def done(self) -> bytes:
        """The bytes with all edits made. Edits at one place stand in the order in which they were asked for."""
        pieces, at = [], 0
        for start, end, xml in sorted(self._edits, key=lambda edit: edit[:2]):
            assert start >= at, "two edits of one place"
            pieces += [self.data[at:start], xml]
            at = end
        return b"".join([*pieces, self.data[at:]])


def with_attributes(tag: bytes, **said: str | None) -> bytes:
    """An opening tag with attributes changed, added or (None) taken out; prefixed ones are never meant."""
    for name, value in said.items():
        found = next((one for one in _ATTRIBUTE.finditer(tag) if one[1] == name.encode()), None)
        written = b"" if value is None else f" {name}={quoteattr(value)}".encode()
        start, end = found.span() if found else 2 * (_TAG_CLOSE.search(tag).start(),)  # type: ignore[union-attr]
        tag = tag[:start] + written + tag[end:]
    return tag


def with_last(data: bytes, xml: bytes) -> bytes:
    """A part with `xml` as the last thing in its outermost element, without reading it."""
    at = data.rfind(b"</")
    if at < 0:
        part = Part(data)
        part.add_inside(part.root, xml)
        return part.done()
    return data[:at] + xml + data[at:]


def opened(tag: bytes) -> bytes:
    """An opening tag that something may follow: <c/> → <c>."""
    return re.sub(rb"\s*/>$", b">", tag)


def closed(tag: bytes) -> bytes:
    """An opening tag that nothing follows: <c> → <c/>."""
    return re.sub(rb"\s*/?>$", b"/>", tag)


def _parse(data: bytes) -> Node:
    """The tree of elements. Raises ExpatError when it is no XML, ValueError when it is not in UTF-8."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise ValueError("not in UTF-8")
    top = Node("", {}, 0, 0)
    open_ones = [top]
    parser = expat.ParserCreate()
    parser.buffer_text = True

    def start(name: str, said: dict[str, str]) -> None:
        at = parser.CurrentByteIndex
        end = _TAG_END.match(data, at)
        assert end is not None
        plain = {key.rpartition(":")[2]: value for key, value in said.items() if not key.startswith("xmlns")}
        node = Node(name.rpartition(":")[2], plain, at, end.end())
        open_ones[-1].children.append(node)
        open_ones.append(node)

    def end(name: str) -> None:
        node = open_ones.pop()
        if data[node.inside - 2 : node.inside] == b"/>":
            node.outside = node.end = node.inside
        else:
            node.outside = parser.CurrentByteIndex
            node.end = data.index(b">", node.outside) + 1

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.Parse(data, True)
    return top.children[0]
