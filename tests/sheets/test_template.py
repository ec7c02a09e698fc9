"""The empty template of every ledger: filled with the ledger's own rows, it is read back as exactly those rows."""

from __future__ import annotations

import re
from pathlib import Path
from random import Random
from typing import Any

import openpyxl
import pytest

from app.ledgers import contents
from app.ledgers.ledger import Ledger, given
from app.ledgers.listing import Listing
from app.models.faults import Trouble
from app.models.fields import Day, Flag, Link, Money, Whole
from app.models.paths import resolve
from app.models.query import rows
from app.sheets.intake import Intake, open_intake
from app.sheets.read import read_book
from app.sheets.rows import read_rows
from app.sheets.template import CODES, Blank, blanks, write_template
from app.work import own
from app.work.cells import Column, along
from tests import town
from tests.proof import many

LEDGERS = contents.ledgers()
NOT_TOLD = {"postings"}  # nothing that a list can say tells two of them apart where village or grid is blank
NAMES_ARE_NOT_ENOUGH = re.compile("有 [0-9,]+ 个，请|没有叫|已于")  # two of one name; who or what is gone
WRITTEN = [name for name, ledger in LEDGERS.items() if ledger.form]


@pytest.fixture
def filled(file: Any) -> Any:
    town.build(seed=6)
    return file


def fill(path: Path, columns: list[Blank], ledger: Ledger, keys: list[int]) -> None:
    """Write rows of a ledger into its template, as a clerk would who copies them."""
    book = openpyxl.load_workbook(path)
    sheet = book[book.sheetnames[0]]
    paths = [resolve(ledger.record, column.path) for column in columns]
    for at, values in enumerate(rows(ledger.record, paths, keys), 4):
        for number, (known, value) in enumerate(zip(paths, values, strict=True), 1):
            if value is not None:
                cell = sheet.cell(at, number)
                cell.value = written(known.fact, value)
                if isinstance(cell.value, str):
                    cell.data_type = "s"
    book.save(path)


def written(fact: Any, value: Any) -> Any:
    if isinstance(fact, Money):
        return value / 100
    return value if isinstance(fact, Whole | Day) and not isinstance(fact, Flag) else fact.show(value)


@pytest.mark.parametrize("name", WRITTEN)
def test_a_filled_template_is_read_as_the_same_rows(filled: Any, tmp_path: Path, name: str) -> None:
    ledger, path = LEDGERS[name], tmp_path / "模板.xlsx"
    write_template(ledger, path)
    columns = blanks(ledger)
    keys = list(Listing(ledger).keys())
    some = sorted(Random(1).sample(keys, min(len(keys), many(60, 12))), key=keys.index)
    assert some, "the town has nothing to fill in"
    fill(path, columns, ledger, some)
    intake = open_intake(path, ledger.record, every=given(ledger), ledger=ledger)
    (reading,) = [reading for reading in intake.readings if not reading.sheet.hidden]
    assert [reading.mapping.get(column.index) for column in reading.heading.columns] == [one.path for one in columns]
    words = [column for column in reading.heading.columns if column.doubt and "下面的内容" not in column.doubt]
    assert words == [], str([(column.caption, column.path, column.doubt) for column in words])
    paths = [resolve(ledger.record, column.path) for column in columns]
    read_back(intake, reading, columns, rows(ledger.record, paths, some))
    plan = intake.plan()
    counts = plan.counts()
    assert (counts["changed"], counts["decide"]) == (0, 0)
    assert counts["same"] >= len(some) // 2 or name in NOT_TOLD
    assert all(NAMES_ARE_NOT_ENOUGH.search(sentence) for item in plan.items for _, sentence in item.remarks())


def read_back(intake: Intake, reading: Any, columns: list[Blank], known: list[tuple[Any, ...]]) -> None:
    """Every cell is the fact that it was written from; of a row that is linked to, its name stands there."""
    link = along(intake.record)
    parent = intake.record.facts()[link].rel_model if link else None
    for row, values in zip(read_rows(reading.sheet, reading.heading, reading.mapping), known, strict=True):
        for column, value in zip(columns, values, strict=True):
            how, cell = Column(column.path, intake.record, parent), row.values[column.path]
            if isinstance(column.fact, Link):
                assert (cell or "") == (value or ""), column.caption
            else:
                assert (None if cell is None else how.fact.read(cell)) == value, column.caption


def test_ledgers_that_cannot_be_written_in_have_none(file: Any, tmp_path: Path) -> None:
    for name in LEDGERS.keys() - set(WRITTEN):
        with pytest.raises(Trouble, match="没有空表"):
            write_template(LEDGERS[name], tmp_path / "x.xlsx")
    assert not (tmp_path / "x.xlsx").exists()


@pytest.mark.parametrize("name", WRITTEN)
def test_an_empty_template_says_what_may_stand_where(filled: Any, tmp_path: Path, name: str) -> None:
    ledger, path = LEDGERS[name], tmp_path / "模板.xlsx"
    report = write_template(ledger, path)
    book = openpyxl.load_workbook(path)
    sheet, columns = book[book.sheetnames[0]], blanks(ledger)
    assert [str(cell.value).lstrip("*") for cell in sheet[3]] == [column.caption for column in columns]
    assert [str(cell.value).startswith("*") for cell in sheet[3]] == [column.required for column in columns]
    assert report.counts["required"] == sum(column.required for column in columns)
    assert all(cell.comment and cell.comment.text.strip().endswith("。") for cell in sheet[3])
    offered = {next(iter(rule.sqref.ranges)).min_col: rule for rule in sheet.data_validations.dataValidation}
    assert set(offered) == {at for at, column in enumerate(columns, 1) if column.choices}
    for at, rule in offered.items():
        assert choices(book, rule.formula1) == columns[at - 1].choices
        for text in columns[at - 1].choices[:5]:
            if hasattr(columns[at - 1].fact, "codes"):
                assert columns[at - 1].fact.codes.read(text)
    if CODES in book.sheetnames:
        assert book[CODES].sheet_state == "hidden"
    for at, column in enumerate(columns, 1):
        whole = next(one for one in sheet.column_dimensions.values() if one.min <= at <= one.max)
        if getattr(column.fact, "private", False):
            assert whole.number_format == "@", column.caption
    assert [len(one.rows) for one in read_book(path) if not one.hidden] == [3]


def choices(book: Any, formula: str) -> tuple[str, ...]:
    if formula.startswith('"'):
        return tuple(formula.strip('"').split(","))
    sheet, _, cells = formula.lstrip("=").partition("!")
    return tuple(row[0].value for row in book[sheet][cells.replace("$", "")])


def test_own_columns_stand_in_the_template(filled: Any, tmp_path: Path) -> None:
    own.new_column(LEDGERS["persons"].record, title="化肥袋数", kind="2", words=None, note="每年春天发")
    columns = {column.caption: column for column in blanks(LEDGERS["persons"])}
    assert "每年春天发" in columns["化肥袋数"].note
