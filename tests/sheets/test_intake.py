"""A stranger's file on its way in: the shipped messy sample, other formats, our own export, and back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from app import tour
from app.ledgers import contents
from app.ledgers.ledger import given
from app.ledgers.listing import Listing
from app.ledgers.people import households, persons
from app.models.faults import Trouble
from app.models.help import HelpRecord
from app.models.here import standing
from app.models.history import facts_hash, last_number, strangers
from app.models.people import Household, Person
from app.sheets.captions import plain
from app.sheets.fields import captions
from app.sheets.headings import find_heading
from app.sheets.intake import Intake, open_intake
from app.sheets.read import Sheet
from app.sheets.write import export
from app.work import people
from app.work.cells import fillable
from app.work.demo import make_demo
from app.work.plan import Plan
from app.work.undo import undo
from tests.work.rows_given import number_of, township

XLS = Path(__file__).resolve().parents[3] / "shared" / "sheets" / "synthetic" / "06_花名册_BIFF.xls"
PLANTED = tour.planted()


def taken(path: Path, record: Any = Person) -> tuple[Intake, Plan]:
    intake = open_intake(path, record)
    return intake, intake.plan()


def counts(plan: Plan) -> tuple[int, ...]:
    told = plan.counts()
    assert sum(told.values()) == len(plan.items)
    return tuple(told.values())


@pytest.fixture
def sample(file: Any) -> Iterator[tuple[Intake, Plan]]:
    tour.found_sample_township()
    yield taken(tour.SAMPLE)


def written(path: Path, *rows: list[Any], sheet: str = "牛街村") -> Path:
    book = openpyxl.Workbook()
    page = book.active
    page.title = sheet
    for row in rows:
        page.append(row)
    book.save(path)
    return path


# --- the sample -------------------------------------------------------------------------------------------------------


def test_the_sample_plants_what_it_says() -> None:
    kinds = {fault["kind"] for fault in PLANTED["faults"]}
    assert len(kinds) >= 30
    assert kinds <= set(range(1, 33))
    book = openpyxl.load_workbook(tour.SAMPLE)
    people = [row for sheet in book.worksheets for row in sheet.iter_rows(values_only=True)
              if any(isinstance(cell, str) and "990001" in cell for cell in row)]  # fmt: skip
    assert 150 <= len(people) <= 250
    assert {fault["sheet"] for fault in PLANTED["faults"]} <= set(book.sheetnames)


def test_every_planted_fault_is_reported_with_its_cell_or_understood(sample: tuple[Intake, Plan]) -> None:
    assert tour.unreported(*sample, PLANTED["faults"]) == []


def test_a_fault_that_is_not_reported_is_noticed(sample: tuple[Intake, Plan]) -> None:
    spoken = [fault for fault in PLANTED["faults"] if "says" in fault and fault["must"] != "nothing"]
    wrong = [{**fault, "says": "这句话没有"} for fault in spoken]
    wrong += [{**fault, "value": "别的"} for fault in PLANTED["faults"] if fault["must"] == "understood"]
    assert len(tour.unreported(*sample, wrong)) == len(wrong)


def test_the_sample_goes_in_whole_and_again_is_all_the_same(sample: tuple[Intake, Plan]) -> None:
    before = facts_hash()
    _, plan = sample
    new, changed, same, decide, refused = counts(plan)
    assert new > 150
    assert (changed, same) == (0, 0)
    plan.commit("导入样表")
    assert Person.select().count() == new
    assert not strangers()
    _, again = taken(tour.SAMPLE)
    assert counts(again) == (0, 0, new, decide, refused)
    undo(last_number())
    assert facts_hash() == before


def test_no_row_of_the_sample_is_lost_unseen(sample: tuple[Intake, Plan]) -> None:
    intake, plan = sample
    told = {(item.given.sheet, item.given.row) for item in plan.items} | {place[:2] for place in intake.skipped}
    for reading in intake.readings:
        if not reading.use or reading.heading is None:
            assert any(f"“{reading.sheet.name}”没有读" in note for note in plan.notes)
            continue
        known = [column.index for column in reading.heading.columns]
        for at, row in enumerate(reading.sheet.rows[reading.heading.rows[1] + 1 :], reading.heading.rows[1] + 1):
            if any(row[index] is not None for index in known):
                assert (reading.sheet.name, reading.sheet.top + at + 1) in told


# --- formats ----------------------------------------------------------------------------------------------------------

ROWS = [
    ["户编号", "户主", "姓名", "与户主关系", "身份证号", "联系电话"],
    ["1", "张建国", "张建国", "户主", number_of(11), "13887654321"],
    ["1", "张建国", "李秀英", "妻", number_of(12), None],
    ["2", "𠮷祥", "𠮷祥", "户主", number_of(13), None],
]


def test_csv_in_gb18030(file: Any, tmp_path: Path) -> None:
    township()
    path = tmp_path / "牛街村.csv"
    text = "\r\n".join(",".join(cell or "" for cell in row) for row in ROWS)
    path.write_bytes(text.encode("gb18030"))
    _, plan = taken(path)
    assert counts(plan) == (3, 0, 0, 0, 0)
    plan.commit("导入")
    assert {person.name for person in Person.select()} == {"张建国", "李秀英", "𠮷祥"}


def test_an_old_xls(file: Any) -> None:
    if not XLS.exists():
        pytest.skip("the sheets to try the import on are not here")
    township()
    intake = open_intake(XLS, Person)
    intake.belongs_to("牛街村")
    plan = intake.plan()
    assert plan.items
    assert sum(counts(plan)) == len(plan.items)
    assert not any("看不出是哪个村" in item.why() for item in plan.items)


@pytest.mark.parametrize("name", ["空.xlsx", "假.xlsx", "名单.xlsx"])
def test_files_that_are_no_list_are_one_sentence(file: Any, tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    if name == "空.xlsx":
        path.write_bytes(b"")
    elif name == "假.xlsx":
        path.write_bytes(b"%PDF-1.4 nothing")
    else:
        written(path, ["关于报送名单的通知"], ["各村："])
    with pytest.raises(Trouble) as told:
        taken(path)
    assert name in str(told.value)


# --- villages and heads -----------------------------------------------------------------------------------------------


def test_the_village_is_said_by_the_title_the_sheet_or_the_clerk(file: Any, tmp_path: Path) -> None:
    township()
    _, plan = taken(written(tmp_path / "a.xlsx", ["牛街乡保邑村农户花名册"], *ROWS, sheet="Sheet1"))
    assert {tour.shown_value(plan, item, "household.village") for item in plan.items} == {"保邑村"}
    assert any("都按“保邑村”读" in note for note in plan.notes)
    path = written(tmp_path / "b.xlsx", *ROWS, sheet="Sheet1")
    _, plan = taken(path)
    assert counts(plan) == (0, 0, 0, 0, 3)
    intake = open_intake(path, Person)
    intake.belongs_to("康朗村")
    assert counts(intake.plan()) == (3, 0, 0, 0, 0)
    _, plan = taken(written(tmp_path / "c.xlsx", *ROWS, sheet="新寨村"))
    assert "没有叫“新寨村”的行政村" in plan.items[0].why()


def test_a_household_name_is_its_head_only_without_accounts(file: Any, tmp_path: Path) -> None:
    township()
    heading = ["户名", "姓名", "与户主关系", "身份证号"]
    _, plan = taken(written(tmp_path / "a.xlsx", heading, ["张一", "张一", "户主", number_of(11)]))
    assert "payee" not in plan.items[0].values
    assert counts(plan) == (1, 0, 0, 0, 0)
    row = ["1", "张代", "张一", "户主", number_of(11), "6217990000000000001"]
    _, plan = taken(written(tmp_path / "b.xlsx", ["户编号", *heading, "账号"], row))
    assert plan.items[0].values["payee"] == "张代"


def test_a_list_of_another_record_and_one_that_is_none_of_it(file: Any, tmp_path: Path) -> None:
    rows = ["帮扶方式", "日期", "事由", "物资折合"], ["走访", "2026.9.1", "中秋走访", 3], ["小计", None, None, 3]
    intake, plan = taken(written(tmp_path / "a.xlsx", *rows), HelpRecord)
    assert counts(plan) == (1, 0, 0, 0, 0)
    assert [reason for _, _, reason in intake.skipped] == ["合计行（小计）"]
    plan.commit("导入帮扶记录")
    assert counts(taken(tmp_path / "a.xlsx", HelpRecord)[1]) == (0, 0, 1, 0, 0)
    with pytest.raises(Trouble, match="没有找到人员名单"):
        taken(written(tmp_path / "b.xlsx", ["行政村", "户数", "联系电话"], ["牛街村", 3, "13887654321"]))


# --- captions ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("record", [Person, Household])
def test_every_label_of_ours_is_read_as_its_own_fact(record: Any) -> None:
    labels = fillable(record)
    sheet = Sheet("表", rows=[list(labels.values()), ["x"] * len(labels)])
    heading = find_heading(sheet, captions(record))
    assert heading is not None
    found = {column.caption: column.path for column in heading.columns}
    assert found == {label: path for path, label in labels.items()}


def test_a_photograph_is_no_column_of_a_list() -> None:
    assert "photo" in Person.facts() and "照片" not in fillable(Person).values()
    assert "photo" not in {caption.path for caption in captions(Person)}


def test_a_word_belongs_to_the_person_before_the_household() -> None:
    said: dict[str, set[str]] = {}
    for caption in captions(Person):
        for name in caption.names:
            said.setdefault(plain(name), set()).add(caption.path)
    assert said["电话"] == said["联系电话"] == {"telephone"}
    assert said["家庭住址"] == {"household.address"}
    assert {word for word, paths in said.items() if len(paths) > 1} == set()
    (own,) = (caption for caption in captions(Household) if caption.path == "telephone")
    assert "联系电话" in own.names


# --- our own export ---------------------------------------------------------------------------------------------------


def test_our_own_export_reads_back_as_all_the_same(sample: tuple[Intake, Plan], tmp_path: Path) -> None:
    _, plan = sample
    plan.commit("导入样表")
    people.record_death([Person.select().where(Person.relation != "02").first().id], day=date(2026, 3, 1))
    listing = Listing(persons, whole=True)
    export(listing, tmp_path / "人员.xlsx")
    _, again = taken(tmp_path / "人员.xlsx")
    assert counts(again) == (0, 0, listing.count(), 0, 0)
    listing = Listing(households, whole=True)
    export(listing, tmp_path / "户.xlsx")
    _, again = taken(tmp_path / "户.xlsx", Household)
    assert counts(again) == (0, 0, listing.count(), 0, 0)


def test_the_export_of_every_ledger_of_the_demonstration_file_changes_nothing(sqlite: Any, tmp_path: Path) -> None:
    """Every row comes back as itself, or is refused because two bear the name that is all the ledger says of one."""
    day = date(2026, 11, 21)
    with standing(day=day):
        make_demo(1, day, "village")
        before, rows, refused = facts_hash(), 0, 0
        for ledger in (ledger for ledger in contents.ledgers().values() if ledger.form):
            path = tmp_path / f"{ledger.title}.xlsx"
            listing = Listing(ledger, whole=True)
            export(listing, path)
            plan = open_intake(path, ledger.record, every=given(ledger), ledger=ledger).plan()
            new, changed, same, decide, left = counts(plan)
            assert (new, changed, decide, same + left) == (0, 0, 0, listing.count()), ledger.title
            assert all(re.search("有 [0-9,]+ 个，请", item.why()) for item in plan.of_kind("refused")), ledger.title
            plan.commit("导回来")
            assert facts_hash() == before, ledger.title
            rows, refused = rows + same, refused + left
    assert rows > 1900 and refused < 0.01 * rows


def test_a_masked_export_is_refused(sample: tuple[Intake, Plan], tmp_path: Path) -> None:
    _, plan = sample
    plan.commit("导入样表")
    export(Listing(persons), tmp_path / "人员.xlsx")
    with pytest.raises(Trouble, match="隐去了部分内容"):
        open_intake(tmp_path / "人员.xlsx", Person)
