"""Conditions (条件): which rows are meant, as a small tree that is also a sentence.

    年龄 >= 80 且 行政村 = 牛街村 且 没有(帮扶明细: 日期 >= 2026-01-01)

`read(text, record)` and `show(condition, record)` are exact opposites. `models/frame.py` compiles the tree to SQL;
there is no other way in the program to say which rows are meant.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from app.models.fields import Birth, Code, Day, Month
from app.models.here import today
from app.models.paths import Path, label_of, labels, reached, related, resolve

PARTS = ("含", "开头是")  # compare with a part of a text
DEEPEST = 30  # brackets within brackets
COMPARISONS = ("=", "!=", ">=", "<=", ">", "<", *PARTS)
_SPELLINGS = {"≠": "!=", "<>": "!=", "≥": ">=", "≤": "<=", "==": "=", "＝": "=", "＞": ">", "＜": "<", "包含": "含"}
_TOKEN = re.compile(
    r'\s*("(?:[^"\\]|\\.)*"|>=|<=|!=|<>|==|[=<>≠≥≤＝＞＜(),:（），：、]|[^\s=<>≠≥≤＝＞＜!(),:（），：、"]+)'
)
_PLAIN = re.compile(r'[^\s=<>≠≥≤＝＞＜!(),:（），：、"\\]+')
_WORDS = {"且", "或", "非", "有", "没有", "属于", "名为", "为空", "不为空", "含", "包含", "开头是", "搜索", "关于"}
_WIDE = str.maketrans("（），：、", "(),:,")


@dataclass(frozen=True)
class Today:
    """The day that counts, so many days before or after it: 今天, 今天-30."""

    days: int = 0

    def __str__(self) -> str:
        return f"今天{self.days:+d}" if self.days else "今天"

    def value(self, day: Any = None) -> Any:
        return (day or today()) + timedelta(days=self.days)


@dataclass(frozen=True)
class Compare:
    """A fact compared with a value of its own kind."""

    path: str
    operator: str
    value: Any


@dataclass(frozen=True)
class OneOf:
    """A fact that has one of several values (属于); what is `named` so is not also found by former names (名为)."""

    path: str
    values: tuple[Any, ...]
    named: bool = False


@dataclass(frozen=True)
class Empty:
    """A fact that is not known (为空)."""

    path: str


@dataclass(frozen=True)
class Has:
    """A related row that meets a condition (有), named by the clerk's word for it."""

    word: str
    where: Condition | None


@dataclass(frozen=True)
class Finds:
    """What the search box finds (搜索): name, initials, part of an ID number, telephone, village."""

    text: str


@dataclass(frozen=True)
class Of:
    """What belongs, or once did, to one row by whatever links (关于): its word and key; `called` is only said."""

    word: str
    key: int
    called: str = field(default="", compare=False)


@dataclass(frozen=True)
class Not:
    part: Condition


@dataclass(frozen=True)
class And:
    parts: tuple[Condition, ...]


@dataclass(frozen=True)
class Or:
    parts: tuple[Condition, ...]


Condition = Compare | OneOf | Empty | Has | Finds | Of | Not | And | Or


def both(*conditions: Condition | None) -> Condition | None:
    """All of these that are given, as one condition."""
    parts = tuple(part for part in conditions if part is not None)
    flat = tuple(one for part in parts for one in (part.parts if isinstance(part, And) else (part,)))
    return And(flat) if len(flat) > 1 else flat[0] if flat else None


def parts_of(condition: Condition | None) -> tuple[Condition, ...]:
    """The conditions that are all to be met."""
    return condition.parts if isinstance(condition, And) else () if condition is None else (condition,)


def paths_of(condition: Condition | None) -> frozenset[str]:
    """The paths that a condition speaks of, outside its 有(…)."""
    match condition:
        case Compare(path) | OneOf(path) | Empty(path):
            return frozenset((path,))
        case Not(part):
            return paths_of(part)
        case And(parts) | Or(parts):
            return frozenset().union(*map(paths_of, parts))
    return frozenset()


# --- written for a person ---------------------------------------------------------------------------------------------


def show(condition: Condition | None, record: Any, *, masked: bool = False) -> str:
    """The condition as a sentence that `read` reads back; not so with private values `masked`, as lists show them."""
    if condition is None:
        return ""
    match condition:
        case Compare(path, operator, value):
            return f"{_quoted(label_of(record, path))} {operator} {_show_value(record, path, operator, value, masked)}"
        case OneOf(path, values, named):
            listed = ", ".join(_show_value(record, path, "=", value, masked) for value in values)
            return f"{_quoted(label_of(record, path))} {'名为' if named else '属于'}({listed})"
        case Empty(path):
            return f"{_quoted(label_of(record, path))} 为空"
        case Not(Empty(path)):
            return f"{_quoted(label_of(record, path))} 不为空"
        case Has(word, where):
            return f"有({_show_has(record, word, where, masked)})"
        case Not(Has(word, where)):
            return f"没有({_show_has(record, word, where, masked)})"
        case Finds(text):
            return f"搜索({_quoted(text)})"
        case Of(word, key, called):
            return f"关于({word}: {f'{_quoted(called)} ' if called else ''}{key})"
        case Not(part):
            return f"非 ({show(part, record, masked=masked)})"
        case And(parts):
            return " 且 ".join(_bracketed(part, record, masked) for part in parts)
        case Or(parts):
            return " 或 ".join(_bracketed(part, record, masked) for part in parts)


def _bracketed(part: Condition, record: Any, masked: bool) -> str:
    shown = show(part, record, masked=masked)
    return f"({shown})" if isinstance(part, And | Or) else shown


def _show_has(record: Any, word: str, where: Condition | None, masked: bool) -> str:
    return f"{word}: {show(where, related(record)[word][0], masked=masked)}" if where else word


def _show_value(record: Any, path: str, operator: str, value: Any, masked: bool) -> str:
    if isinstance(value, Today):
        return str(value)
    fact = resolve(record, path).fact
    if masked and fact.private and operator not in PARTS:
        return str(fact.mask(value))
    return _quoted(value if operator in PARTS else fact.show(value))


def _quoted(text: str) -> str:
    plain = _PLAIN.fullmatch(text) and text not in _WORDS and not text.startswith("今天")
    return text if plain else '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


# --- read from a person -----------------------------------------------------------------------------------------------


def read(text: str, record: Any) -> Condition | None:
    """The condition a clerk wrote; None for nothing. ValueError with one sentence that says where it went wrong."""
    reader = _Reader(_tokens(text), record)
    if not reader.tokens:
        return None
    condition = reader.any_of()
    if reader.at < len(reader.tokens):
        raise ValueError(f"条件在“{reader.tokens[reader.at]}”处读不懂，两个条件之间请写“且”或“或”。")
    return condition


def _tokens(text: str) -> list[str]:
    found, at = [], 0
    text = text.strip()
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise ValueError(f"条件在“{text[at:at + 8]}”处读不懂，引号要成对。")
        token = match.group(1)
        found.append(_SPELLINGS.get(token, token.translate(_WIDE) if len(token) == 1 else token))
        at = match.end()
    return found


class _Reader:
    """Recursive descent over the tokens: 或 binds weakest, then 且, then 非."""

    def __init__(self, tokens: list[str], record: Any) -> None:
        self.tokens, self.record, self.at, self.deep = tokens, record, 0, 0

    def peek(self) -> str:
        return self.tokens[self.at] if self.at < len(self.tokens) else ""

    def take(self, *expected: str) -> str:
        token = self.peek()
        if not token or (expected and token not in expected):
            wanted = "”或“".join(expected) or "值"
            raise ValueError(f"条件在“{token or '末尾'}”处缺少“{wanted}”。")
        self.at += 1
        return token

    def any_of(self) -> Condition:
        parts = [self.all_of()]
        while self.peek() == "或":
            self.take()
            parts.append(self.all_of())
        return Or(tuple(parts)) if len(parts) > 1 else parts[0]

    def all_of(self) -> Condition:
        parts = [self.one()]
        while self.peek() == "且":
            self.take()
            parts.append(self.one())
        return And(tuple(parts)) if len(parts) > 1 else parts[0]

    def one(self) -> Condition:
        self.deep += 1
        if self.deep > DEEPEST:
            raise ValueError(f"条件里的括号套得太深，最多 {DEEPEST} 层，请分成几步来筛选。")
        condition = self.one_inside()
        self.deep -= 1
        return condition

    def one_inside(self) -> Condition:
        token = self.take()
        if token == "非":
            return Not(self.one())
        if token == "(":
            inside = self.any_of()
            self.take(")")
            return inside
        following = self.peek()
        if token in ("有", "没有") and following == "(":
            has = self.has()
            return has if token == "有" else Not(has)
        if token == "搜索" and following == "(":
            self.take("(")
            found = Finds(self.text())
            self.take(")")
            return found
        if token == "关于" and following == "(":
            return self.of()
        return self.comparison(token)

    def of(self) -> Of:
        self.take("(")
        word, _ = self.take(), self.take(":")
        said = [self.text(), *([] if self.peek() == ")" else [self.text()])]
        self.take(")")
        if word not in reached(self.record) or not re.fullmatch(r"[0-9]{1,18}|[0-8][0-9]{18}", said[-1]):
            raise ValueError(f"“关于({word}: {' '.join(said)})”在这个台账里指不到哪一行，请从那一行的页面打开。")
        return Of(word, int(said[-1]), said[0] if len(said) > 1 else "")

    def has(self) -> Has:
        self.take("(")
        word, where = self.take(), None
        if word not in (known := related(self.record)):
            raise ValueError(f"没有叫“{word}”的登记，可以写：{'、'.join(known)}。")
        if self.peek() == ":":
            self.take()
            outer, self.record = self.record, known[word][0]
            where = self.any_of()
            self.record = outer
        self.take(")")
        return Has(word, where)

    def comparison(self, label: str) -> Condition:
        path = labels(self.record).get(_unquoted(label))
        if path is None:
            raise ValueError(f"没有叫“{label}”的数据项，请用列标题上的名称。")
        operator = self.take(*COMPARISONS, "属于", "名为", "为空", "不为空")
        if operator == "为空":
            return Empty(path)
        if operator == "不为空":
            return Not(Empty(path))
        if operator in ("属于", "名为"):
            self.take("(")
            values = [self.value(path, "=")]
            while self.peek() == ",":
                self.take()
                values.append(self.value(path, "="))
            self.take(")")
            return OneOf(path, tuple(values), operator == "名为")
        return Compare(path, operator, self.value(path, operator))

    def fits(self, path: Path, operator: str, value: Any) -> None:
        """Refuse what no row could ever be compared with."""
        fact = getattr(path.fact, "fact", path.fact)
        if operator in PARTS and (getattr(fact, "field_type", "") != "TEXT" or isinstance(fact, Code)):
            raise ValueError(f"“{path.label}”不是文字，不能用“{operator}”，请用“=”、“属于”或比较大小。")
        if isinstance(value, Today) and not isinstance(fact, Day | Month | Birth):
            raise ValueError(f"“{path.label}”不是日期，不能与“今天”比较；要找这两个字请加引号。")
        if isinstance(value, tuple) and operator not in ("=", "!="):
            raise ValueError("年龄的范围只能用“=”或“!=”比较。")

    def text(self) -> str:
        return _unquoted(self.take())

    def value(self, path: str, operator: str) -> Any:
        token, resolved = self.take(), resolve(self.record, path)
        text = _unquoted(token)
        value: Any = text
        if match := re.fullmatch(r"今天([+-]\d{1,4})?", token):
            value = Today(int(match.group(1) or 0))
        elif operator not in PARTS:
            value = resolved.fact.read(text)
        self.fits(resolved, operator, value)
        if value is None:
            raise ValueError(f"“{text}”不是{resolved.label}的值；没有填写的，请写“{resolved.label} 为空”。")
        return value


def _unquoted(token: str) -> str:
    return re.sub(r"\\(.)", r"\1", token[1:-1]) if token.startswith('"') else token
