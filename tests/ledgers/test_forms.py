"""Forms: a record with its lines, loaded, saved, refused and merged."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from app.ledgers import forms
from app.ledgers.help import help_records
from app.ledgers.people import households, persons
from app.models.database import DataFile
from app.models.dates import PartialDate
from app.models.faults import Reject, Stale
from app.models.help import HelpLine, HelpRecord
from app.models.history import HistoryLine, changes_of, last_number
from app.models.operation import operation
from app.models.people import Household, Person
from app.models.places import Place
from app.models.rules import id_check_digit
from app.models.scans import content, name_of
from app.work import choices
from app.work.undo import undo


def number(first17: str) -> str:
    return first17 + id_check_digit(first17)


ID1, ID2 = number("99000119550512301"), number("99000119570301302")


@pytest.fixture
def village(file: DataFile) -> Place:
    with operation("村组"):
        town = Place(name="牛街乡", level="2")
        town.save()
        place = Place(name="牛街村", level="3", parent=town)
        place.save()
        other = Place(name="大水村", level="3", parent=town)
        other.save()
        for name in ("一组", "二组"):
            Place(name=name, level="4", parent=place).save()
        Place(name="一组", level="4", parent=other).save()
    return place


def filled(village: Place, *members: dict[str, Any], **values: Any) -> forms.Filled:
    form = forms.empty(households)
    form.values.update({"number": "02-0061", "village": village.id} | values)
    form.lines["members"] = list(members)
    return form


HEAD = {"name": "杨德福", "relation": "02", "id_number": ID1}
WIFE = {"name": "普秀珍", "relation": "12", "id_number": ID2}


def test_a_household_and_its_members_are_one_operation(village: Place) -> None:
    key = forms.save(households, filled(village, HEAD, WIFE))
    assert HistoryLine.get_by_id(last_number()).title == "登记户"
    assert [change[0] for change in changes_of(last_number())] == ["household", "person", "person"]
    back = forms.load(households, key)
    assert back.values["number"] == "02-0061" and back.values["village"] == village.id
    assert [(line["name"], str(line["birth"]), line["sex"]) for line in back.lines["members"]] == [
        ("杨德福", "1955-05-12", "1"), ("普秀珍", "1957-03-01", "2"),
    ]  # fmt: skip
    undo(last_number())
    assert Household.select().count() == Person.select().count() == 0


def test_lines_are_changed_added_and_removed_together(village: Place) -> None:
    form = forms.load(households, forms.save(households, filled(village, HEAD, WIFE)))
    form.values["telephone"] = "13888880000"
    form.lines["members"][0]["away"] = True
    form.lines["members"][1]["removed"] = True
    form.lines["members"].append({"name": "杨永昌", "relation": "20", "birth": PartialDate(1985), "no_id_reason": "5"})
    form.lines["members"].append({"name": "没登记的", "removed": True})
    key = forms.save(households, form)
    assert HistoryLine.get_by_id(last_number()).title == "修改户"
    back = forms.load(households, key)
    assert back.values["telephone"] == "13888880000"
    assert [(line["name"], line["away"]) for line in back.lines["members"]] == [("杨德福", True), ("杨永昌", None)]
    before = last_number()
    assert forms.save(households, back) == key
    assert last_number() == before, "nothing changed, nothing written"


def test_everything_wrong_is_told_at_once_with_its_place(village: Place) -> None:
    form = filled(village, HEAD, {"name": "普秀珍", "birth": PartialDate(2030)}, number=None)
    with pytest.raises(Reject) as told:
        forms.save(households, form)
    paths = [fault.path for fault in told.value.faults]
    assert paths == ["number", "members[1].relation", "members[1].id_number", "members[1].birth"]
    assert Household.select().count() == Person.select().count() == 0
    form.values["number"] = "1"
    with pytest.raises(Reject) as told:
        forms.save(households, form)
    assert [fault.path for fault in told.value.faults] == paths[1:]


def test_what_is_used_elsewhere_cannot_be_removed_as_a_line(village: Place) -> None:
    key = forms.save(households, filled(village, HEAD))
    person = Person.get()
    with operation("帮扶"):
        record = HelpRecord(kind="1", day=date(2026, 11, 1), subject="走访")
        record.save()
        HelpLine(help=record, person=person).save()
    form = forms.load(households, key)
    form.lines["members"][0]["removed"] = True
    with pytest.raises(Reject, match="不能删除") as told:
        forms.save(households, form)
    assert told.value.faults[0].path == "members[0]"
    assert forms.load(help_records, record.id).lines["lines"][0]["person"] == person.id


def test_facts_outside_the_form_stay_and_a_scan_is_kept(village: Place) -> None:
    form = forms.load(persons, _person(village))
    picture = b"\xff\xd8\xff" + bytes(1000)
    form.values["photo"] = sha = name_of(picture)
    form.scans = {sha: picture}
    with operation("工作"):
        person = Person.get()
        person.until, person.leaving = date(2026, 11, 1), "2"
        person.save()
    form.rev = person.rev
    forms.save(persons, form)
    again = Person.get()
    assert (str(again.until), again.leaving) == ("2026-11-01", "2")
    assert content(again.photo) == picture


def _person(village: Place) -> int:
    forms.save(households, filled(village, HEAD))
    key: int = Person.get().id
    return key


def test_two_clerks_cannot_overwrite_each_other_unseen(village: Place) -> None:
    key = forms.save(households, filled(village, HEAD, WIFE, telephone="13888880000", address="老屋"))
    base, mine, theirs = forms.load(households, key), forms.load(households, key), forms.load(households, key)
    theirs.values.update(telephone="13999990000", address="新屋")
    theirs.lines["members"][0]["away"] = True
    theirs.lines["members"].append({"name": "杨永昌", "relation": "20", "no_id_reason": "5"})
    forms.save(households, theirs)
    mine.values.update(telephone="13777770000", note="我写的")
    with pytest.raises(Stale):
        forms.save(households, mine)
    merged, found = forms.merge(households, base, mine, forms.load(households, key))
    assert [(one.path, one.mine, one.theirs, one.open) for one in found] == [
        ("telephone", "13777770000", "13999990000", True),
        ("address", "老屋", "新屋", False),
        ("members[0].away", None, True, False),
    ]
    assert merged.values["telephone"] == "13777770000" and merged.values["address"] == "新屋"
    assert merged.values["note"] == "我写的"
    assert len(merged.lines["members"]) == 3 and merged.lines["members"][0]["away"] is True
    forms.save(households, merged)
    assert forms.load(households, key).values["telephone"] == "13777770000"


def test_a_stale_line_alone_is_noticed_and_a_line_they_removed_stays_away(village: Place) -> None:
    key = forms.save(households, filled(village, HEAD, WIFE))
    base, mine = forms.load(households, key), forms.load(households, key)
    with operation("删除"):
        Person.get(Person.name == "普秀珍").remove()
        head = Person.get(Person.name == "杨德福")
        head.telephone = "13888880000"
        head.save()
    mine.lines["members"][0]["away"] = False
    with pytest.raises(Stale):
        forms.save(households, mine)
    merged, _ = forms.merge(households, base, mine, forms.load(households, key))
    assert [(line["name"], line["telephone"], line["away"]) for line in merged.lines["members"]] == [
        ("杨德福", "13888880000", False)
    ]
    mine.lines["members"][1]["telephone"] = "13999990000"
    merged, _ = forms.merge(households, base, mine, forms.load(households, key))
    assert "id" not in merged.lines["members"][1], "what I typed is not lost: it comes as a new row"


def test_a_row_that_is_gone_is_told(village: Place) -> None:
    key = forms.save(households, filled(village))
    with operation("删除"):
        Household.by_key(key).remove()
    with pytest.raises(Stale, match="已被删除"):
        forms.load(households, key)


def test_links_are_found_by_part_initials_and_village(village: Place) -> None:
    forms.save(households, filled(village, HEAD, WIFE))
    link = Household.facts()["village"]
    assert [one.title for one in choices.choices(link, "")] == ["大水村", "牛街村"]
    assert [one.title for one in choices.choices(link, "nj")] == ["牛街村"]
    group = Household.facts()["group"]
    assert [one.more for one in choices.choices(group, "一", village.id)] == ["牛街村 · 组"]
    assert len(choices.choices(group, "1组")) == 2
    assert choices.meant(group, "第一组", village.id) == choices.choices(group, "一", village.id)[0].key
    with pytest.raises(ValueError, match="不止一个"):
        choices.meant(group, "一组")
    with pytest.raises(ValueError, match="没有找到"):
        choices.meant(link, "无此村")
    person = HelpLine.facts()["person"]
    assert [one.title for one in choices.choices(person, "ydf")] == ["杨德福"]
    assert [one.title for one in choices.choices(person, ID2[-4:])] == ["普秀珍"]
    home = Person.facts()["household"]
    assert [one.whole for one in choices.choices(home, "pxz")] == ["杨德福 · 牛街村 · 02-0061"]
    assert choices.called(Person, Person.get(Person.name == "杨德福").id) == "杨德福"
    assert choices.called(Place, village.id) == "牛街村"
    assert ID1 not in str(choices.choices(person, "ydf"))
