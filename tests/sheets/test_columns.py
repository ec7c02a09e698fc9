"""Which column fills which field: by words, by cells, by the ledger; and how sure that is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from app.ledgers.contents import ledgers
from app.ledgers.ledger import given
from app.sheets.columns import Column, read_columns
from app.sheets.fields import fields
from app.sheets.headings import find_heading
from app.sheets.read import Sheet
from app.sheets.rows import SheetRow, read_rows
from app.work.packs import bring_packs
from tests.work.rows_given import number_of, township

pytestmark = pytest.mark.usefixtures("file")
Row = Sequence[Any]


def read(ledger: str, captions: Sequence[str], *rows: Row) -> list[Column]:
    """The columns of a list taken into a ledger; 上级/下级 are two levels of a heading."""
    into = ledgers()[ledger]
    known = fields(into.record, into, given(into))
    return read_columns(known, {c: caption.split("/") for c, caption in enumerate(captions)}, rows)


def paths(columns: Sequence[Column]) -> list[str | None]:
    return [column.path for column in columns]


def persons(captions: Sequence[str], *rows: Row) -> list[SheetRow]:
    sheet = Sheet("牛街村", rows=[list(captions), *map(list, rows)], merges=[])
    heading = find_heading(sheet, fields(ledgers()["persons"].record, ledgers()["persons"]))
    assert heading is not None
    return list(read_rows(sheet, heading))


def test_the_same_words_mean_what_the_ledger_keeps() -> None:
    bring_packs()
    captions = ["姓名", "监护人", "监护人电话"]
    rows = [["王一", "王二", "19900001234"], ["李一", "李二", "19900001235"]]
    assert paths(read("disabled", captions, *rows))[1:] == ["disability.guardian", "disability.guardian_telephone"]
    assert paths(read("orphans", captions, *rows))[1:] == ["orphan.guardian", "orphan.guardian_telephone"]
    found = read("left_behind", captions, *rows)[1:]  # there it is often who looks after the child
    assert paths(found) == ["child.carer", "child.carer_telephone"] and all(column.doubt for column in found)


def test_words_that_are_in_no_list_are_understood() -> None:
    found = read("left_behind", ["孩子叫什么", "爸爸/在哪打工", "妈妈/手机", "现由谁照看", "在哪上学"])
    wanted = ["person.name", "child.father_place", "child.mother_telephone", "child.carer", "child.school"]
    assert paths(found) == wanted


def test_of_whom_is_said_by_the_columns_before() -> None:
    found = read("empty_nest", ["老人姓名", "有事找谁", "和老人什么关系", "他的电话"])
    assert paths(found) == ["person.name", "elder.contact", "elder.contact_relation", "elder.contact_telephone"]
    assert not found[1].doubt and found[2].doubt


def test_a_bare_telephone_is_his_whose_name_stands_before_it() -> None:
    rows = [["王一", "王二", "祖母", "19900001234"], ["李一", "李二", "祖父", "19900001235"]]
    found = read("orphans", ["儿童姓名", "监护人", "关系", "手机"], *rows)
    assert paths(found)[1:] == ["orphan.guardian", "orphan.guardian_relation", "orphan.guardian_telephone"]
    assert found[2].doubt and found[3].doubt
    assert paths(read("persons", ["户主姓名", "姓名", "手机"], ["王一", "王二", "19900001234"]))[2] == "telephone"


def test_brackets_say_of_whom_or_what() -> None:
    found = read("orphans", ["姓名", "父（状态）", "联系电话（监护人）"], ["王一", "死亡", "19900001234"])
    assert paths(found)[1:] == ["orphan.father_state", "orphan.guardian_telephone"]
    found = read("persons", ["姓名", "证号（身份）", "小区（组）"], ["王一", number_of(11), "三组"])
    assert paths(found)[1:] == ["id_number", "household.group"]


def test_cells_speak_where_words_do_not() -> None:
    rows = [["王国强", "男"], ["李桂香", "女"], ["赵大勇", "男"]]
    found = read("persons", ["应到", "栏"], *rows)
    assert paths(found) == ["name", "sex"] and all(column.doubt for column in found)
    assert paths(read("persons", ["姓名", "应到"], ["王一", "王国强"], ["李一", "李桂香"])) == ["name", None]
    assert paths(read("persons", ["姓名", "得分"], ["王一", "71"], ["李一", "20"])) == ["name", None]
    assert paths(read("persons", ["姓名", "工资发放"], ["王一", "男"], ["李一", "女"])) == ["name", None]


def test_a_caption_may_name_the_values_it_asks_for() -> None:
    found = read("destitute", ["姓名", "甲栏（集中、分散）"])
    assert found[1].path == "care.keeping" and found[1].doubt


def test_relatives_beside_the_head_are_members() -> None:
    captions = ["户主/姓名", "户主/身份证号", "配偶/姓名", "配偶/身份证号", "长子/姓名", "长子/身份证号"]
    row = ["王一", number_of(11), "李一", number_of(12), "王二", number_of(13)]
    assert [column.member for column in read("persons", captions, row)] == ["", "", "1", "1", "2", "2"]


def test_another_s_telephone_is_nobody_s() -> None:
    found = read("departed", ["死者姓名", "家属联系电话"], ["王一", "19900001234"])
    assert paths(found) == ["name", None]


def test_what_another_ledger_keeps_is_known_and_left_out() -> None:
    found = read("empty_nest", ["姓名", "性别", "序号"])
    assert paths(found) == ["person.name", None, None]
    assert found[1].why == "是“性别”，不在这本台账里填"


def test_cells_decide_between_words_and_speak_against_them() -> None:
    sure, doubtful = (read("persons", ["姓名", "联系电话"], *[["王一", cell]] * 3)[1]
                      for cell in ("19900001234", "没有电话机"))
    assert (sure.path, sure.doubt) == ("telephone", "")
    assert doubtful.path == "telephone" and doubtful.doubt == "下面的内容不像“联系电话”，请核对"


def test_id_numbers_are_known_by_their_look_but_not_whose_they_are() -> None:
    rows = ["王一", number_of(11)], ["王二", number_of(12)]
    number = read("persons", ["名字", "备案码"], *rows)[1]
    assert number.path == "id_number" and number.doubt and number.why == "下面的内容像“公民身份号码”"
    assert read("persons", ["名字", "经办人号"], *rows)[1].path is None
    assert read("persons", ["名字", "备案码"], ["王一", "1234"], ["王二", "1235"])[1].path is None


def test_a_word_spelled_by_its_sound_is_taken_with_doubt() -> None:
    found = read("persons", ["姓明", "身分证号码"], ["王一", number_of(11)])
    assert paths(found) == ["name", "id_number"]
    assert all(column.doubt for column in found)


def test_heads_without_another_name_are_whom_the_list_is_about() -> None:
    township()
    found = read("monitored", ["户主", "户主身份证号"], ["王一", number_of(11)])
    assert paths(found) == ["person.name", "person.id_number"]
    assert all("户主" in column.doubt for column in found)
    captions = ["户主姓名", "户主身份证号", "姓名", "身份证号"]
    found = read("persons", captions, ["王一", number_of(11), "王二", number_of(12)])
    assert paths(found) == ["household.head", None, "name", "id_number"]


def test_sideways_members_become_rows_of_one_household() -> None:
    captions = ["户号", "户主姓名", "身份证号", "电话", "成员一姓名", "成员一身份证号", "成员二姓名", "成员二身份证号"]
    found = persons(
        captions,
        ["7", "王一", number_of(11), "19900001234", "王二", number_of(12), "王三", number_of(13)],
        ["8", "李一", number_of(14), None, None, None, None, None],
    )
    assert [row.values["name"] for row in found] == ["王一", "王二", "王三", "李一"]
    assert [row.block for row in found] == [1, 1, 1, 2]
    assert [row.values.get("telephone") for row in found] == ["19900001234", None, None, None]
    assert {row.values["household.number"] for row in found[:3]} == {"7"}
    assert found[0].values["relation"] == "户主" and "relation" not in found[1].values
    assert found[2].address("id_number") == "牛街村!H2"


def test_the_head_named_among_his_members_is_one_person() -> None:
    captions = ["户主姓名", "身份证号", "成员姓名", "身份证号", "成员姓名", "身份证号"]
    row = ["王一", number_of(11), "王一", number_of(11), "王二", number_of(12)]
    assert [found.values["name"] for found in persons(captions, row)] == ["王一", "王二"]


def test_several_in_one_cell_are_parted_where_they_agree() -> None:
    captions = ["户主姓名", "所属村", "家庭成员姓名", "家庭成员身份证号"]
    found = persons(
        captions,
        ["王一", "牛街村", "王一、王二", f"{number_of(11)}、{number_of(12)}"],
        ["李一", "牛街村", "李一,李二", f"{number_of(13)},{number_of(14)}"],
        ["张一", "牛街村", "张一、张二", number_of(15)],
    )
    assert [row.values["name"] for row in found] == ["王一", "王二", "李一", "李二", "张一、张二"]
    assert {row.values["household.head"] for row in found[:2]} == {"王一"}
    assert [row.block for row in found] == [1, 1, 2, 2, 3]


def test_the_rest_of_a_list_is_not_forced() -> None:
    words = ["劳力状况", "责任片区", "死亡证明", "是否火化", "工资（元/年）", "农户确认签字", "敲门日期"]
    assert not any(paths(read("persons", ["姓名", *words]))[1:])
