"""References after an insertion, against a slow reference that asks of each cell where it went."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.sheets.references import (
    Insertion,
    box,
    cell_at,
    letters_of,
    moved_area,
    moved_areas,
    moved_formula,
    renamed_formula,
    shifted_formula,
)  # fmt: skip

AFTER_FIVE = Insertion(at=6, number=3, like=5)


@pytest.mark.parametrize(
    ("before", "own", "other"),
    [
        ("SUM(C5:C5)", "SUM(C5:C8)", "SUM(C5:C5)"),
        ("C5+C6", "C5+C9", "C5+C6"),
        ("SUM(C3:C20)/$B$7", "SUM(C3:C23)/$B$10", "SUM(C3:C20)/$B$7"),
        ("'表 1'!A7+'表 1'!$B$8:C9", "'表 1'!A10+'表 1'!$B$11:C12", "'表 1'!A10+'表 1'!$B$11:C12"),
        ("SUM('表 1'!A:A,'表 1'!3:9)", "SUM('表 1'!A:A,'表 1'!3:12)", "SUM('表 1'!A:A,'表 1'!3:12)"),
        ('IF(A6="A9 表!A9",1,[1]表!A9)', 'IF(A9="A9 表!A9",1,[1]表!A9)', 'IF(A6="A9 表!A9",1,[1]表!A9)'),
        ("LOG10(A7)+T1[[#This Row],[A7]]", "LOG10(A10)+T1[[#This Row],[A7]]", "LOG10(A7)+T1[[#This Row],[A7]]"),
        ("SUM(A7 A6:B8)-A6%", "SUM(A10 A9:B11)-A9%", "SUM(A7 A6:B8)-A6%"),
        ("SUM(A6:INDEX(A:A,A7))", "SUM(A9:INDEX(A:A,A10))", "SUM(A6:INDEX(A:A,A7))"),
        ("SUM(B9:B6)", "SUM(B12:B9)", "SUM(B9:B6)"),
    ],
)
def test_formulas_follow(before: str, own: str, other: str) -> None:
    assert moved_formula(before, "表 1", "表 1", AFTER_FIVE) == own
    assert moved_formula(before, "表 1", "汇总", AFTER_FIVE) == other


def test_a_sum_over_the_line_itself_stays_in_its_line() -> None:
    assert moved_formula("SUM(D5:F5)", "表", "表", AFTER_FIVE, row=5) == "SUM(D5:F5)"
    assert moved_formula("SUM(D5:F5)", "表", "表", AFTER_FIVE, row=9) == "SUM(D5:F8)"


def test_a_copied_formula_and_a_renamed_sheet() -> None:
    assert shifted_formula("SUM($A5:B$5)*汇总!C5", (5, 4), (7, 4)) == "SUM($A7:B$5)*汇总!C7"
    assert renamed_formula("SUM(表1!A1:'表1'!A2)+'表 2'!A1&\"表1!\"", "表1", "杨's") == (
        "SUM('杨''s'!A1:'杨''s'!A2)+'表 2'!A1&\"表1!\""
    )


def test_rules_of_the_sample_row_hold_for_the_new_rows() -> None:
    move = Insertion(at=20, number=2, like=5)
    assert moved_areas("A5:C9 D30 E1:F4", move) == "A5:C9 A20:C21 D32 E1:F4"
    assert moved_areas("B5", AFTER_FIVE) == "B5 B6:B8"


def test_the_sample_row_stands_above() -> None:
    with pytest.raises(ValueError, match="sample row"):
        Insertion(at=5, number=1, like=5)


moves = st.builds(
    lambda like, gap, number: Insertion(like + gap, number, like),
    st.integers(1, 20), st.integers(1, 10), st.integers(1, 40),
)  # fmt: skip
rows = st.integers(1, 40)


@given(moves, rows, rows, st.integers(1, 30), st.integers(1, 30))
def test_an_area_holds_the_same_cells_and_perhaps_the_new_ones(
    move: Insertion, one: int, two: int, three: int, four: int
) -> None:
    (top, bottom), (left, right) = sorted((one, two)), sorted((three, four))
    area = f"${letters_of(left)}{top}:{letters_of(right)}${bottom}"
    after = box(moved_area(area, move))
    went = {row if row < move.at else row + move.number for row in range(top, bottom + 1)}
    held = set(range(after[0], after[2] + 1))
    assert went <= held
    assert held - went <= set(move.new)
    spanned = top < move.at <= bottom
    assert (set(move.new) <= held) == (spanned or bottom == move.like == move.at - 1)
    assert (after[1], after[3]) == (left, right)


@given(moves, rows, st.integers(1, 800))
def test_a_cell_goes_where_it_goes(move: Insertion, row: int, column: int) -> None:
    after = moved_area(f"{letters_of(column)}${row}", move)
    assert after == f"{letters_of(column)}${row if row < move.at else row + move.number}"
    assert cell_at(after)[1] == column
