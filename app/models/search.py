"""The one search box (搜索): names, pinyin initials, parts of ID and telephone numbers, villages.

The words of each searchable row stand in the plain table `search`, kept by the doors and rebuilt at will; in SQLite a
trigram index (FTS5) stands beside it. A trigram has three characters and a clerk types one: names and initials stand
there with a dot around each character (`.张.建.国.`, `.z.j.g.`), so that `.张.` and `建.国` are trigrams too. Parts of
numbers need three figures; shorter ones are scanned for.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import peewee

from app.models import words
from app.models.fields import PersonName, Text
from app.models.frame import FALSE, TRUE, Frame, escaped, like
from app.models.here import here
from app.models.paths import resolve
from app.models.text import squash

TRIGRAM = 3  # characters below which the trigram index cannot answer
PART = 5_000  # rows in one statement: the trigram index is written out for each of them


def refresh(record: Any, keys: Sequence[int]) -> None:
    """Write the search words of these rows anew; rows that are gone lose theirs."""
    run, names = here().file.run, record.search_by.split()
    named = ", ".join(f'"{record.facts()[name].column_name}"' for name in names)
    called = [isinstance(record.facts()[name], PersonName) for name in names]
    for start in range(0, len(keys), PART):
        part = list(keys[start : start + PART])
        marks = ", ".join("?" * len(part))
        run(f'DELETE FROM search WHERE "key" IN ({marks})', part)
        found = run(f'SELECT id, {named} FROM "{record._meta.table_name}" WHERE id IN ({marks})', part).fetchall()
        if found:
            rows = ", ".join(["(?, ?, ?, ?)"] * len(found))
            words_of = [value for row in found for value in (row[0], *_words(row[1:], called))]
            run(f'INSERT INTO search ("key", names, initials, digits) VALUES {rows}', words_of)


def _words(values: Sequence[Any], called: Sequence[bool]) -> tuple[str, str, str]:
    """Names, their initials, and other words, in small letters: the databases differ in what they call the same."""
    names: list[str] = []
    others: list[str] = []
    for value, is_name in zip(values, called, strict=True):
        if value:
            (names if is_name else others).append(value.lower())
    return dotted(*names), dotted(*[part for name in names for part in words.initials(name)]), " ".join(others)


def dotted(*names: str) -> str:
    """`.张.建.国. .李.` for 张建国 and 李."""
    return " ".join([f".{'.'.join(name)}." for name in names])


def rebuild(records: Sequence[Any]) -> None:
    """Write all search words anew, as after a restore from an older program."""
    here().file.run("DELETE FROM search")
    for record in records:
        if record.search_by:
            refresh(record, [row[0] for row in here().file.run(f'SELECT id FROM "{record._meta.table_name}"')])


def terms(text: str) -> list[str]:
    return squash(text).lower().split()


def _column(term: str) -> str:
    if term.isascii() and term.isalpha():
        return "initials"
    return "names" if not any(sign.isdigit() for sign in term) else "digits"


def _matches(term: str) -> tuple[str, str]:
    """SQL over `search` for one term, and its value."""
    if here().file.is_server or _too_short(term):
        return f"{_column(term)} LIKE ? ESCAPE '\\'", f"%{escaped(_part(term))}%"
    return '"key" IN (SELECT rowid FROM search_words WHERE search_words MATCH ?)', _phrase(term)


def _too_short(term: str) -> bool:
    """Whether the trigram index cannot answer for this term."""
    return len(_part(term)) < TRIGRAM


def _part(term: str) -> str:
    """The term as it stands in its column."""
    if _column(term) == "digits":
        return term
    return f".{term}." if len(term) == 1 else ".".join(term)


def _phrase(term: str) -> str:
    quoted = _part(term).replace('"', '""')
    return f'{_column(term)} : "{quoted}"'


def found_by(frame: Frame, text: str) -> Any:
    """The WHERE that a search box means: every term is a word of the row, or its village or group."""
    condition = TRUE
    for term in terms(text):
        sql, value = _matches(term)
        meets = _told_of(frame, term, peewee.SQL(f'(SELECT "key" FROM search WHERE {_spelled(sql)})', (value,)))
        places = _places(term)
        for path in frame.record.placed_by.split() if places else ():
            meets |= frame.column(resolve(frame.record, f"{path}.id")).in_(places)
        condition &= meets
    return condition


def _told_of(frame: Frame, term: str, keys: Any) -> Any:
    """Rows that a term names: by their search words, else by their short texts or by what `search_in` leads to."""
    record = frame.record
    if record.search_by:
        return frame.root.id.in_(keys)
    pattern = like(f"%{escaped(term)}%")
    texts = [getattr(frame.root, name) for name, fact in record.facts().items() if type(fact) in (Text, PersonName)]
    meets = FALSE
    for column in texts:
        meets |= column.is_null(False) & peewee.Expression(column, peewee.OP.ILIKE, pattern)
    via = record.search_in or record.of
    if not via:
        return meets
    if via in record.facts():
        linked = record.facts()[via].rel_model
        inner = Frame(linked, frame.day)
        found = keys if linked.search_by else inner.select(inner.root.id, where=_told_of(inner, term, keys))
        return meets | getattr(frame.root, via).in_(found)
    lines = getattr(record, via)
    inner = Frame(lines.record(), frame.day)
    return meets | frame.root.id.in_(inner.select(getattr(inner.root, lines.link), where=_told_of(inner, term, keys)))


def _spelled(sql: str) -> str:
    return sql.replace("%", "%%").replace("?", "%s") if here().file.is_server else sql


def _places(term: str) -> list[int]:
    """Keys of places whose name, or a former name, begins with the term."""
    begins = "name LIKE ? ESCAPE '\\'"
    sql = f"SELECT id FROM place WHERE {begins} UNION SELECT place_id FROM former_place WHERE {begins}"
    return [row[0] for row in here().file.run(sql, [f"{escaped(term)}%"] * 2)]


def suggest(text: str, limit: int = 12) -> list[int]:
    """Keys of rows for the list under the search box while one types: names that begin so first, then the rest."""
    wanted = terms(text)
    if not wanted:
        return []
    found: list[int] = []
    if len(wanted) == 1 and _column(wanted[0]) != "digits":
        column, begins = _column(wanted[0]), dotted(wanted[0])
        sql = f'SELECT "key" FROM search WHERE {column} >= ? AND {column} < ? ORDER BY {column}, "key" LIMIT ?'
        found = [row[0] for row in here().file.run(sql, (begins, begins + "\U0010ffff", limit))]
    if len(wanted) == 1 and len(found) < limit:
        found += _words_with(wanted[0], limit)
        found += _living_in(_places(wanted[0]), limit)
    elif len(found) < limit:
        parts = [_suggestion(term) for term in wanted]
        sql = f'SELECT "key" FROM search WHERE {" AND ".join(part for part, _ in parts)} ORDER BY "key" LIMIT ?'
        values = [value for _, some in parts for value in some]
        found += [row[0] for row in here().file.run(sql, (*values, limit + len(found)))]
    return list(dict.fromkeys(found))[:limit]


def _words_with(term: str, limit: int) -> list[int]:
    if here().file.is_server or _too_short(term):
        if not term.isascii() and _column(term) == "digits":
            return []  # 第3 is a village or nobody: not worth a look at every number
        sql, value = _matches(term)
        sql = f'SELECT "key" FROM search WHERE {sql} ORDER BY "key" LIMIT ?'
    else:  # asked of the index itself, which stops at the limit
        sql, value = "SELECT rowid FROM search_words WHERE search_words MATCH ? ORDER BY rowid LIMIT ?", _phrase(term)
    return [row[0] for row in here().file.run(sql, (value, 2 * limit))]


def _living_in(places: Sequence[int], limit: int) -> list[int]:
    """Some who stand in a household of these villages or groups, found from the households on."""
    found: list[int] = []
    for place in places[:limit]:
        for link in ("village_id", "group_id"):
            sql = (
                "SELECT person.id FROM household JOIN person ON person.household_id = household.id "
                f"WHERE household.{link} = ? LIMIT ?"
            )
            found += [row[0] for row in here().file.run(sql, (place, limit))]
        if len(found) >= limit:
            break
    return found


def _suggestion(term: str) -> tuple[str, list[Any]]:
    sql, value = _matches(term)
    places = _places(term)
    if not places:
        return sql, [value]
    marks = ", ".join("?" * len(places))
    inside = (
        '"key" IN (SELECT person.id FROM person JOIN household ON household.id = person.household_id '
        f"WHERE household.village_id IN ({marks}) OR household.group_id IN ({marks}))"
    )
    return f"({sql} OR {inside})", [value, *places, *places]
