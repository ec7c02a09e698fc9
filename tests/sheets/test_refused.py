"""The copy of the clerk's file with what could not be taken in: marked, reasoned, mended and taken in again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest

from app import tour
from app.models.faults import Cancelled
from app.models.operation import operation
from app.models.people import Person
from app.sheets.intake import Intake, open_intake
from app.sheets.refused import REASON, write_refused
from app.work.plan import Plan
from tests.work.rows_given import number_of, township


def taken(path: Path) -> tuple[Intake, Plan]:
    intake = open_intake(path, Person)
    return intake, intake.plan()


@pytest.fixture
def returned(file: Any, tmp_path: Path) -> tuple[Plan, Path]:
    """The sample taken in, and the copy with what was not."""
    tour.found_sample_township()
    intake, plan = taken(tour.SAMPLE)
    plan.commit("导入样表")
    write_refused(tour.SAMPLE, intake, plan, tmp_path / "退回.xlsx")
    return plan, tmp_path / "退回.xlsx"


def test_every_returned_row_is_shown_with_its_reason_and_the_others_are_hidden(returned: tuple[Plan, Path]) -> None:
    plan, path = returned
    book = openpyxl.load_workbook(path)
    told = [item for item in plan.items if item.kind in ("refused", "decide") or item.left_out]
    assert len(told) > 25
    for item in plan.items:
        sheet = book[item.given.sheet]
        reasons = [cell.value for cell in sheet[item.given.row] if cell.column == _reason_column(sheet)]
        if item in told:
            assert reasons[0]
            assert all(sentence in reasons[0] for _, sentence in item.remarks())
            assert not sheet.row_dimensions[item.given.row].hidden
        elif any(other.given.sheet == item.given.sheet for other in told):
            assert reasons == [None]
            assert sheet.row_dimensions[item.given.row].hidden


def _reason_column(sheet: Any) -> int:
    return next((cell.column for row in sheet.iter_rows(max_row=6) for cell in row if cell.value == REASON), 0)


def test_the_marked_cells_are_those_told(returned: tuple[Plan, Path]) -> None:
    plan, path = returned
    book = openpyxl.load_workbook(path)
    item = next(item for item in plan.items if item.faults and item.faults[0].path == "id_number")
    sheet, _, cell = item.where().partition("!")
    assert book[sheet][cell].fill.fgColor.rgb == "FFFBEAE9"
    assert book[sheet]["A1"].value == openpyxl.load_workbook(tour.SAMPLE)[sheet]["A1"].value


def test_mended_and_taken_in_again_the_rows_go_in(returned: tuple[Plan, Path], tmp_path: Path) -> None:
    plan, path = returned
    mended = 0
    book = openpyxl.load_workbook(path)
    for item in plan.of_kind("refused"):
        if [fault.path for fault in item.faults] == ["id_number"] and "重复" not in item.why():
            sheet, _, cell = item.where().partition("!")
            mended += 1
            book[sheet][cell].value = number_of(600 + mended)
            book[sheet][cell].data_type = "s"
    assert mended > 8
    book.save(tmp_path / "改好.xlsx")
    before = Person.select().count()
    _, again = taken(tmp_path / "改好.xlsx")
    told, first = again.counts(), plan.counts()
    assert (told["new"], told["changed"], told["same"]) == (mended, 0, first["new"])
    assert told["refused"] == first["refused"] - mended
    again.commit("再导入")
    assert Person.select().count() == before + mended
    _, last = taken(tmp_path / "改好.xlsx")
    assert last.counts()["same"] == before + mended


def test_an_earlier_reason_is_written_over(returned: tuple[Plan, Path], tmp_path: Path) -> None:
    _, path = returned
    intake, plan = taken(path)
    write_refused(path, intake, plan, tmp_path / "再退回.xlsx")
    for sheet in openpyxl.load_workbook(tmp_path / "再退回.xlsx").worksheets:
        assert sum(cell.value == REASON for row in sheet.iter_rows(max_row=6) for cell in row) <= 1


def test_of_a_csv_a_workbook_is_built(file: Any, tmp_path: Path) -> None:
    township()
    lines = ["户编号,姓名,与户主关系,身份证号,备注", f"1,张一,户主,{number_of(11)},=好", "1,李二,妻,123,"]
    (tmp_path / "牛街村.csv").write_bytes("\r\n".join(lines).encode("gb18030"))
    intake, plan = taken(tmp_path / "牛街村.csv")
    said = write_refused(tmp_path / "牛街村.csv", intake, plan, tmp_path / "退回.xlsx")
    assert said.startswith("1 行")
    sheet = openpyxl.load_workbook(tmp_path / "退回.xlsx").active
    assert "少了 15 位" in sheet["F3"].value
    assert sheet["F1"].value == REASON
    assert not [cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]


def test_a_clerk_can_stop_while_his_own_file_is_being_opened(file: Any, tmp_path: Path) -> None:
    tour.found_sample_township()
    intake, plan = taken(tour.SAMPLE)
    asked = 0

    def progress(done: int, total: int, what: str) -> None:
        nonlocal asked
        assert what == "打开原表", "long before anything is marked"
        asked += 1
        if asked == 20:
            raise Cancelled

    with pytest.raises(Cancelled):
        write_refused(tour.SAMPLE, intake, plan, tmp_path / "退回.xlsx", progress)
    assert not list(tmp_path.glob("*退回*"))


def test_what_was_changed_since_is_not_put_back_by_the_mended_copy(returned: tuple[Plan, Path]) -> None:
    plan, path = returned
    went_in = [item for item in plan.of_kind("new") if item.values.get("telephone")][:2]
    changed = [Person.get(Person.id_number == item.values["id_number"]) for item in went_in]
    with operation("换了电话"):
        for person in changed:
            person.telephone = "19912345678"
            person.save()
    intake, again = taken(path)
    mine = [item for item in again.items if item.key in {person.id for person in changed}]
    assert len(mine) == 2 and all(item.kind == "same" for item in mine)
    assert not any(REASON in sentence for sentence in intake.told())
    again.commit("改好再导入")
    assert [Person.by_key(person.id).telephone for person in changed] == ["19912345678"] * 2
