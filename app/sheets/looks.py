"""The cell formats of a workbook (styles.xml): which one shows a date, and another like it that does."""

from __future__ import annotations

from functools import cache

from app.sheets.markup import Node, Part, with_attributes

PALE = "FFFFF2CC"
TEXT_FORMAT = 49  # "@"
DAY, MOMENT = "yyyy\\-mm\\-dd", "yyyy\\-mm\\-dd\\ hh:mm"


class Looks:
    """The formats by number, as the cells name them. New ones are added at the end, so no number changes."""

    def __init__(self, data: bytes | None) -> None:
        """`data` is the part styles.xml; None where a workbook has none, and then nothing can be added."""
        self._part = Part(data) if data else None
        self._added: list[bytes] = []
        self._codes: dict[int, str] = {}
        self._formats: list[Node] = []
        self._like: dict[tuple[int, str], int] = {}
        self._new_codes: dict[str, int] = {}
        self._marked: dict[int, int] = {}
        if self._part is not None:
            root = self._part.root
            held = root.child("cellXfs")
            self._formats = held.children if held else []
            named = root.child("numFmts")
            for node in named.children if named else []:
                self._codes[int(node.said["numFmtId"])] = node.said["formatCode"]

    @property
    def changed(self) -> bool:
        return bool(self._added)

    def dated(self, look: int, moment: bool) -> int | None:
        """The format in which a cell of format `look` shows a day (or a moment); None where it has to be text.

        A format that shows dates already is left as the form has it.
        """
        if not look < len(self._formats):
            return None
        number = int(self._formats[look].said.get("numFmtId") or 0)
        if number == TEXT_FORMAT or self._codes.get(number) == "@":
            return None
        if _shows_a_date(number, self._codes.get(number, "")):
            return look
        code = MOMENT if moment else DAY
        if (look, code) not in self._like:
            self._like[look, code] = self._add(look, numFmtId=str(self._number(code)), applyNumberFormat="1")
        return self._like[look, code]

    def marked(self, look: int) -> int:
        """The format `look` on a pale ground, for a cell that somebody has to see to."""
        fills = self._part.root.child("fills") if self._part is not None else None
        if fills is None or not look < len(self._formats):
            return look
        if look not in self._marked:
            self._marked[look] = self._add(look, fillId=str(len(fills.children)), applyFill="1")
        return self._marked[look]

    def _number(self, code: str) -> int:
        known = {text: number for number, text in self._codes.items()}
        if code not in known:
            number = max([163, *self._codes]) + 1
            self._codes[number] = code
            self._new_codes[code] = number
            return number
        return known[code]

    def _add(self, look: int, **said: str) -> int:
        assert self._part is not None
        like = self._formats[look]
        self._added.append(with_attributes(self._part.tag(like), **said) + self._part.data[like.inside : like.end])
        return len(self._formats) + len(self._added) - 1

    def done(self) -> bytes:
        """The part with what was added."""
        assert self._part is not None
        part, root = self._part, self._part.root
        lines = b"".join(
            f'<{part.prefix}numFmt numFmtId="{number}" formatCode="{code}"/>'.encode()
            for code, number in self._new_codes.items()
        )
        named, formats = root.child("numFmts"), root.child("cellXfs")
        assert formats is not None
        if named is not None and named.end > named.inside:
            part.put(named, count=str(len(named.children) + len(self._new_codes)))
            part.add_inside(named, lines)
        elif lines:
            whole = f'<{part.prefix}numFmts count="{len(self._new_codes)}">'.encode() + lines
            start, end = (named.start, named.end) if named else (root.inside, root.inside)
            part.replace(start, end, whole + f"</{part.prefix}numFmts>".encode())
        fills = root.child("fills")
        if self._marked and fills is not None:
            p = part.prefix
            ground = f'<{p}patternFill patternType="solid"><{p}fgColor rgb="{PALE}"/></{p}patternFill>'
            part.put(fills, count=str(len(fills.children) + 1))
            part.add_inside(fills, f"<{p}fill>{ground}</{p}fill>".encode())
        part.put(formats, count=str(len(self._formats) + len(self._added)))
        part.add_inside(formats, b"".join(self._added))
        return part.done()


@cache
def _shows_a_date(number: int, code: str) -> bool:
    from openpyxl.styles.numbers import is_date_format

    if not code:  # built in, those of Chinese workbooks among them
        return 14 <= number <= 22 or 27 <= number <= 36 or 45 <= number <= 47 or 50 <= number <= 58
    return bool(is_date_format(code))
