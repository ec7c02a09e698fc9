"""A county's list of doubts, answered in the same file (疑点反馈): its blank columns say what is registered.

Only blank cells are filled, never one that says something. Of whom it is not certain who is meant nothing is written;
those cells are marked and told.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from app.models.codes import table
from app.models.derived import Count
from app.models.faults import Trouble
from app.models.fields import Day, Flag, Money, Remark, Whole
from app.models.here import today
from app.models.paths import labels, resolve
from app.models.people import Person
from app.models.progress import Progress, unwatched
from app.models.query import rows
from app.sheets.captions import bare
from app.sheets.intake import Reading
from app.sheets.lists import ID_NUMBER, NAME, Line, PeopleList, columns_of, open_list
from app.sheets.look_up import People, Wanted, registered
from app.sheets.read import letters
from app.sheets.refused import PALE, own_copy
from app.sheets.report import Part, Report, must_be_xlsx
from app.work.files import not_over, put_in_place
from app.work.outgoing import leave

HERE, ALIVE, DEAD, DIED = "here", "alive", "dead", "died"
QUESTIONS = {  # what is asked of people in words that no register has
    HERE: "是否在册|在册情况|是否在籍|是否为本辖区人员|是否本村人|是否在库",
    ALIVE: "是否在世|是否健在|是否存活|是否生存",
    DEAD: "是否死亡|是否去世|是否已死亡|是否已去世",
    DIED: "去世日期|死亡日期|去世时间|死亡时间",
    "until": "离开日期|迁出日期|注销日期",
    "leaving": "离开原因|迁出原因|注销原因",
    "household.village": "所在村|所属村|核实所在村",
    "household.group": "所在组|所属组",
    "household.head": "所在户户主|户主",
}
FACTS = ("since", "until", "leaving", "id_number", "name")


@dataclass(frozen=True)
class Question:
    """A column to be answered: where it stands (from 1), its caption, and what is asked (a path, or a word above)."""

    sheet: str
    column: int
    caption: str
    asks: str


@dataclass
class Answers:
    """What was written: `filled` cells; `left` are cells that stay blank, each with the reason."""

    filled: int = 0
    left: list[tuple[Line, str, str]] = field(default_factory=list)
    known: int = 0
    unclear: int = 0
    unknown: int = 0


def answer_file(path: Path, out: Path, progress: Progress = unwatched) -> Report:
    """Answer a list of doubts and write it as `out`. Raises Trouble, Reject, Denied."""
    must_be_xlsx(out)
    not_over(out, path)
    found = open_list(path, progress)
    questions = [question for reading in found.intake.readings if reading.use for question in _questions(reading)]
    questions = [one for one in questions if any(_blank(found, line, one) for line in found.lines)]
    if not questions:
        raise Trouble(f"“{path.name}”里没有认得的空列可以填，如“是否在册”“所在村”“去世日期”。")
    whole = any(getattr(_fact(one.asks), "private", False) for one in questions)
    leave("export", f"疑点反馈“{path.name}”", len(found.lines), found.private or whole, Person.seen_by)
    answers = Answers()
    book = own_copy(path, found.intake, progress)
    _answer_all(book, found, questions, answers, progress)
    with put_in_place(out) as beside:
        book.save(beside)
    return _report(found, questions, answers, out)


def _questions(reading: Reading) -> list[Question]:
    """The columns of a sheet that ask for a fact of a person, apart from those by which he is told."""
    words = {word: asks for asks, said in QUESTIONS.items() for word in said.split("|")}
    known = labels(Person)
    assert reading.heading is not None
    captions = {column.index: column.caption for column in reading.heading.columns}
    questions = []
    for index in columns_of(reading):
        caption = bare(captions[index].rpartition("/")[2])
        asks = words.get(caption) or (reading.mapping[index] if index in reading.mapping else known.get(caption))
        if asks and asks not in (ID_NUMBER, NAME) and not isinstance(_fact(asks), Remark):  # 备注 is the county's own
            questions.append(Question(reading.sheet.name, reading.sheet.left + index + 1, captions[index], asks))
    return questions


def _blank(found: PeopleList, line: Line, question: Question) -> bool:
    """Whether a line is to answer this question: it stands in that sheet, and its cell says nothing."""
    if line.sheet != question.sheet:
        return False
    sheet = found.sheets[line.sheet]
    return sheet.rows[line.row - 1 - sheet.top][question.column - 1 - sheet.left] is None


def _answer_all(
    book: Any, found: PeopleList, questions: Sequence[Question], answers: Answers, progress: Progress
) -> None:
    wanted = [Wanted("", line.id_number, line.name, line.village, line.birth, line.faults.get(ID_NUMBER, ""))
              for line in found.lines]  # fmt: skip
    people = registered(wanted)
    meant = [(None, line.nobody) if line.nobody else _meant(people, one)
             for line, one in zip(found.lines, wanted, strict=True)]  # fmt: skip
    asked = sorted({one.asks for one in questions if one.asks not in QUESTIONS or "." in one.asks} | set(FACTS))
    keys = [key for key, _ in meant if key is not None]
    paths = [resolve(Person, path) for path in asked]
    facts = {key: dict(zip(asked, row, strict=True)) for key, row in zip(keys, rows(Person, paths, keys), strict=True)}
    for number, (line, (known, why)) in enumerate(zip(found.lines, meant, strict=True)):
        if number % 500 == 0:
            progress(number, len(found.lines), "填写反馈")
        answers.known += known is not None
        answers.unclear += known is None and why != UNKNOWN
        answers.unknown += known is None and why == UNKNOWN
        for question in questions:
            if _blank(found, line, question):
                value = _value(question, facts.get(known or 0), why)
                _write(book, line, question, value, why or "没有登记这一项。", answers)


UNKNOWN = "没有登记过这个人。"


def _meant(people: People, wanted: Wanted) -> tuple[int | None, str]:
    """The person meant, or why that is not certain."""
    meant = people.meant(wanted)
    found = {known.person for known in meant}
    if len(found) == 1:
        if wanted.name and meant[0].name != wanted.name:
            return None, f"身份证号登记的是{meant[0].name}，姓名不同，请核对号码和姓名。"
        return found.pop(), ""
    if found:
        return None, f"有 {len(found):,} 个人可能是他。"
    if wanted.wrong and not wanted.id_number:
        return None, wanted.wrong
    namesakes = people.meant(Wanted("", "", wanted.name, wanted.village, wanted.birth))
    if namesakes:
        return None, "身份证号没有登记过，登记有姓名相同、号码不同的人，请核对号码。"
    return None, UNKNOWN


def _value(question: Question, facts: Mapping[str, Any] | None, why: str) -> Any:
    """What is written, None where nothing is known; of whom nobody has registered only that he is not."""
    if facts is None:
        return "否" if question.asks == HERE and why == UNKNOWN else None
    gone = facts["until"] is not None and facts["until"] <= today()
    dead = gone and facts["leaving"] in _deaths()
    match question.asks:
        case "here":
            return "否" if gone else "是"
        case "alive":
            return "否" if dead else "是" if not gone else None  # of who moved away the office does not know
        case "dead":
            return "是" if dead else "否" if not gone else None
        case "died":
            return facts["until"] if dead else None
    value, fact = facts[question.asks], _fact(question.asks)
    if value is None or (isinstance(fact, Day | Whole | Count) and not isinstance(fact, Flag)):
        return value
    return value / 100 if isinstance(fact, Money) else fact.show(value)


def _fact(asks: str) -> Any:
    """The fact that is asked for; None for a question in words of its own."""
    return None if asks in (HERE, ALIVE, DEAD, DIED) else resolve(Person, asks).fact


def _deaths() -> frozenset[str]:
    return frozenset(code for code, text in table("leaving").texts.items() if "死" in text or "去世" in text)


def _write(book: Any, line: Line, question: Question, value: Any, why: str, answers: Answers) -> None:
    """Write one answer into its cell with the look that the cell has; mark it where there is none."""
    from openpyxl.cell import MergedCell
    from openpyxl.styles import PatternFill

    cell = book[line.sheet[:31]].cell(line.row, question.column)
    if isinstance(cell, MergedCell):
        answers.left.append((line, question.caption, "这一格合并在别的格里，没有填。"))
        return
    if value in (None, ""):
        if question.asks != DIED or why != "没有登记这一项。":  # who lives has no day of death: that is no lack
            cell.fill = PatternFill("solid", fgColor=PALE)
            answers.left.append((line, question.caption, why))
        return
    cell.value = value
    answers.filled += 1
    if isinstance(value, str):
        cell.data_type, cell.number_format = "s", "@"
    elif isinstance(value, date) and cell.number_format in ("General", "@"):
        cell.number_format = "yyyy-mm-dd"


def _report(found: PeopleList, questions: Sequence[Question], answers: Answers, out: Path) -> Report:
    counts = {
        "asked": len(found.lines), "known": answers.known, "unknown": answers.unknown, "unclear": answers.unclear,
        "filled": answers.filled, "left": len(answers.left),
    }  # fmt: skip
    said = (
        f"{counts['asked']:,} 人：有登记 {counts['known']:,} 人，没有登记 {counts['unknown']:,} 人，"
        f"不能确定 {counts['unclear']:,} 人；填了 {counts['filled']:,} 格，没有填 {counts['left']:,} 格。"
    )
    columns = dict.fromkeys(f"{letters(one.column - 1)} 列“{one.caption}”" for one in questions)
    notes = [f"填写的列：{'、'.join(columns)}。", *found.notes]
    if found.path.suffix.lower() != ".xlsx":
        notes.insert(0, f"{found.name} 不是 .xlsx，内容都在，字体、列宽等样式没有带过去。")
    left = [(line.where, line.name, line.id_number, caption, why) for line, caption, why in answers.left]
    part = Part("没有填的格", ("在原表", "姓名", "身份证号", "列名", "原因"), left)
    return Report(said, counts, notes, (part,), [out], len(answers.left))
