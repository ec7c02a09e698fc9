"""Rows inserted in sheets made at random, against a slow reference: where each cell went, what each sum comes to."""

from __future__ import annotations

import re
import zipfile
from io import BytesIO
from typing import Any

import openpyxl
from hypothesis import example, given, settings
from hypothesis import strategies as st
from openpyxl.comments import Comment
from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter, range_boundaries
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.pagebreak import Break

from app.sheets.insertion import insert_rows
from app.sheets.package import Package
from app.sheets.references import Insertion
from tests.sheets.blank_forms import cells, look

ROWS, COLUMNS = 14, 6
HERE, THERE = "花名册 '1'", "汇总&<2>"
QUOTED = "'花名册 ''1'''"

areas = st.tuples(
    st.integers(1, ROWS), st.integers(1, ROWS), st.integers(1, COLUMNS), st.integers(1, COLUMNS),
).map(lambda four: (*sorted(four[:2]), *sorted(four[2:])))  # fmt: skip


def name_of(top: int, bottom: int, left: int, right: int, lock: str = "") -> str:
    first, last = (f"{lock}{get_column_letter(c)}{lock}{r}" for r, c in ((top, left), (bottom, right)))
    return f"{first}:{last}"


@st.composite
def forms(draw: st.DrawFn) -> dict[str, Any]:
    """What a form is made of: everything by its place."""
    merges: list[tuple[int, ...]] = []
    for one in draw(st.lists(areas, max_size=6)):
        apart = all(one[1] < m[0] or m[1] < one[0] or one[3] < m[2] or m[3] < one[2] for m in merges)
        if apart and (one[0], one[2]) != (one[1], one[3]):
            merges.append(one)
    places = st.tuples(st.integers(1, ROWS), st.integers(1, COLUMNS))
    like = draw(st.integers(1, ROWS))
    return {
        "merges": merges,
        "numbers": draw(st.dictionaries(places, st.integers(-99, 99), max_size=30)),
        "sums": draw(st.dictionaries(places, st.tuples(areas, st.sampled_from(["", "$"])), max_size=8)),
        "beyond": draw(st.lists(areas, min_size=1, max_size=5)),
        "heights": draw(st.dictionaries(st.integers(1, ROWS), st.integers(8, 60), max_size=8)),
        "bold": draw(st.sets(places, max_size=20)),
        "rules": draw(st.lists(areas, max_size=3)),
        "conditions": draw(st.lists(areas, max_size=3)),
        "notes": draw(st.sets(places, max_size=3)),
        "breaks": draw(st.sets(st.integers(1, ROWS), max_size=3)),
        "name": draw(areas),
        "move": Insertion(draw(st.integers(like + 1, ROWS + 2)), draw(st.integers(1, 9)), like),
    }


def build(form: dict[str, Any]) -> Any:
    book = openpyxl.Workbook()
    sheet, other = book.active, book.create_sheet(THERE)
    sheet.title = HERE
    for (row, column), number in form["numbers"].items():
        sheet.cell(row, column, number)
    for (row, column), (area, lock) in form["sums"].items():
        sheet.cell(row, column, f"=SUM({name_of(*area, lock)})")
    for number, area in enumerate(form["beyond"], 1):
        other.cell(number, 1, f"=SUM({QUOTED}!{name_of(*area)})+A{number + 5}")
    for row, height in form["heights"].items():
        sheet.row_dimensions[row].height = height
    for row, column in form["bold"]:
        cell = sheet.cell(row, column)
        cell.font, cell.fill = Font(b=True, sz=row + column), PatternFill("solid", fgColor=f"FF{row:02d}00{column:02d}")
        cell.alignment = Alignment(horizontal="center", textRotation=row)
    for area in form["rules"]:
        rule = DataValidation(type="whole", operator="greaterThan", formula1=f"$A${area[0]}", sqref=name_of(*area))
        sheet.add_data_validation(rule)
    for area in form["conditions"]:
        sheet.conditional_formatting.add(name_of(*area), FormulaRule([f"A{area[0]}>1"], font=Font(i=True)))
    for row, column in form["notes"]:
        sheet.cell(row, column).comment = Comment(f"{row} {column}", "")
    for row in form["breaks"]:
        sheet.row_breaks.append(Break(id=row))
    book.defined_names["名"] = DefinedName("名", attr_text=f"{QUOTED}!{name_of(*form['name'], '$')}")
    sheet.print_area = name_of(*form["name"])
    sheet.print_title_rows = f"1:{form['name'][1]}"
    for top, bottom, left, right in form["merges"]:
        sheet.merge_cells(name_of(top, bottom, left, right))
    return book


def moved(book: Any, move: Insertion) -> Any:
    """The workbook after our insertion, and back through a file."""
    whole = BytesIO()
    book.save(whole)
    package = Package(whole.getvalue())
    insert_rows(package, HERE, move)
    after = BytesIO()
    with zipfile.ZipFile(after, "w") as written:
        for name, data in package.parts.items():
            written.writestr(name, data)
    return openpyxl.load_workbook(after)


def rows_of(area: str, move: Insertion | None = None) -> tuple[set[int], set[int]]:
    """The rows and columns of an area; with a move, where its rows went."""
    left, top, right, bottom = range_boundaries(area.replace("$", ""))
    rows = set(range(top, bottom + 1))
    if move is not None:
        rows = {row if row < move.at else row + move.number for row in rows}
    return rows, set(range(left or 1, (right or 1) + 1))


def value(sheet: Any, at: tuple[int, int], depth: int = 0) -> float | None:
    """What a cell comes to; None where sums go in a circle."""
    held = sheet.cell(*at).value
    if not isinstance(held, str):
        return held or 0
    found = re.fullmatch(r"=SUM\((.*)\)", held)
    assert found, held
    if depth > 4:
        return None
    rows, columns = rows_of(found[1])
    results = [value(sheet, (row, column), depth + 1) for row in rows for column in columns]
    return None if None in results else sum(result or 0 for result in results)


# A merge that grows over the new row, below a sample row with a merge of its own: two merges must not overlap.
OVERLAPPING = {
    "merges": [(1, 1, 1, 2), (2, 3, 1, 1)], "numbers": {}, "sums": {(1, 1): ((1, 1, 1, 1), "")},
    "beyond": [(1, 1, 1, 1)], "heights": {}, "bold": set(), "rules": [], "conditions": [], "notes": set(),
    "breaks": set(), "name": (1, 1, 1, 1), "move": Insertion(at=3, number=1, like=1),
}  # fmt: skip


@example(OVERLAPPING)
@settings(max_examples=60, deadline=None)
@given(forms())
def test_everything_goes_where_it_goes(form: dict[str, Any]) -> None:
    move: Insertion = form["move"]
    before = build(form)
    after = moved(build(form), move)
    old, new = before[HERE], after[HERE]

    def came(row: int) -> int | None:
        """From which row a row came; None for a new one."""
        return None if row in move.new else row if row < move.at else row - move.number

    hidden = {at for merge in new.merged_cells.ranges for at in merge.cells} - {
        (merge.min_row, merge.min_col) for merge in new.merged_cells.ranges
    }
    for (row, column), cell in cells(new).items():
        was = came(row)
        twin = old.cell(was or move.like, column)
        if (row, column) in hidden:
            continue  # of these nothing is shown, and openpyxl forgets them
        assert look(cell) == look(twin), (row, column)
        if isinstance(twin.value, str):
            assert isinstance(cell.value, str)
        else:
            assert cell.value == (twin.value if was else None), (row, column)
        assert (cell.comment and cell.comment.text) == (twin.comment and was and twin.comment.text)
    for row in range(1, ROWS + move.number + 1):
        assert new.row_dimensions[row].height == old.row_dimensions[came(row) or move.like].height, row
    breaks = {one.id for one in new.row_breaks.brk}
    assert breaks == {row if row + 1 < move.at else row + move.number for row in form["breaks"]}


@example(OVERLAPPING)
@settings(max_examples=60, deadline=None)
@given(forms())
def test_merges_and_rules_hold_for_the_same_cells_and_the_new_rows(form: dict[str, Any]) -> None:
    move: Insertion = form["move"]
    after = moved(build(form), move)
    sheet = after[HERE]
    expected = set()
    grown = [(left, right) for top, bottom, left, right in form["merges"] if top < move.at <= bottom]
    for top, bottom, left, right in form["merges"]:
        went = rows_of(name_of(top, bottom, left, right), move)[0]
        expected.add((min(went), max(went), left, right))
        if top == bottom == move.like and all(right < first or last < left for first, last in grown):
            expected |= {(row, row, left, right) for row in move.new}
    merges = {(one.min_row, one.max_row, one.min_col, one.max_col) for one in sheet.merged_cells.ranges}
    assert merges == expected

    def reach(area: tuple[int, ...]) -> set[tuple[int, int]]:
        top, bottom, left, right = area
        rows = rows_of(name_of(*area), move)[0]
        if top <= move.like <= bottom or top < move.at <= bottom:
            rows |= set(move.new)
        return {(row, column) for row in rows for column in range(left, right + 1)}

    rules = [{at for one in rule.sqref.ranges for at in one.cells} for rule in sheet.data_validations.dataValidation]
    assert rules == [reach(area) for area in form["rules"]]
    told = [{at for one in rule.cells.ranges for at in one.cells} for rule in sheet.conditional_formatting]
    assert sorted(map(sorted, told)) == sorted(sorted(reach(area)) for area in dict.fromkeys(form["conditions"]))
    for text in (after.defined_names["名"].attr_text, sheet.print_area):
        rows, columns = rows_of(text.rpartition("!")[2])
        top, bottom, left, right = form["name"]
        grows = top < move.at <= bottom or (bottom == move.like == move.at - 1 and ":" in text)  # one cell is no range
        went = rows_of(name_of(*form["name"]), move)[0] | (set(move.new) if grows else set())
        assert (rows, columns) == (went, set(range(left, right + 1)))


@settings(max_examples=60, deadline=None)
@given(forms())
def test_sums_come_to_the_same_and_take_the_new_rows_in(form: dict[str, Any]) -> None:
    form = {**form, "merges": []}
    move: Insertion = form["move"]
    before, after = build(form), moved(build(form), move)
    old, new = before[HERE], after[HERE]
    for number in move.new:  # the sums that were copied into new rows are another matter
        for column in range(1, COLUMNS + 1):
            new.cell(number, column).value = None
    for row, column in form["sums"]:
        now = (row if row < move.at else row + move.number, column)
        assert value(new, now) == value(old, (row, column))
    for number, area in enumerate(form["beyond"], 1):
        text = after[THERE].cell(number, 1).value
        found = re.fullmatch(rf"=SUM\({re.escape(QUOTED)}!(.*)\)\+A{number + 5}", text)
        assert found, text
        top, bottom, left, right = area
        grows = bottom == move.like == move.at - 1 or top < move.at <= bottom
        rows = rows_of(name_of(*area), move)[0] | (set(move.new) if grows else set())
        assert rows_of(found[1]) == (rows, set(range(left, right + 1)))


@given(st.integers(1, 30), st.integers(1, 8))
def test_the_formulas_of_the_sample_row_are_copied_downwards(number: int, gap: int) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = HERE
    sheet["C5"], sheet["D5"], sheet["E5"] = "=A5*$B$2", "=SUM(A5:C5)", "=E4+1"
    sheet["F20"] = "=SUM(C5:C9)"
    move = Insertion(5 + gap, number, 5)
    after = moved(book, move)[HERE]
    for row in move.new:
        assert [after.cell(row, column).value for column in (3, 4, 5)] == [
            f"=A{row}*$B$2", f"=SUM(A{row}:C{row})", f"=E{row - 1}+1",
        ]  # fmt: skip
