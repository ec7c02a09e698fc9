"""Checks over the whole file: the SQL against a slow and obvious reading, and what an answer holds to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import date
from random import Random
from typing import Any

import pytest

from app.ledgers.contents import ledger_called
from app.ledgers.listing import Listing
from app.models import findings, history, rules
from app.models.checks import Seen, checks_of, met
from app.models.conditions import read, show
from app.models.database import DataFile
from app.models.faults import Reject, Stale
from app.models.findings import Answer, Finding
from app.models.help import HelpLine, HelpRecord
from app.models.here import here
from app.models.id_checks import not_begun_by
from app.models.operation import operation
from app.models.paths import resolve
from app.models.people import MEN, WOMEN, Household, Person
from app.models.places import Place
from app.models.record import Check, put_all
from app.models.settle import as_key, same
from app.work.check import check_up, explain, mend, not_mended, take_back
from app.work.undo import undo_last
from tests import town
from tests.proof import many
from tests.walk import World

ID1, ID2 = "99000119460512123X", "990001195003074324"


# --- against a slow walk ----------------------------------------------------------------------------------------------


def right_number(text: str) -> bool:
    try:
        return rules.read_id_number(text) == text
    except ValueError:
        return False


def has_shape(text: str | None) -> bool:
    return bool(text and len(text) == 18 and text[:17].isdigit() and text[17] in "0123456789X")


def born_otherwise(row: Any) -> bool:
    if row["birth"] is None or not has_shape(row["id_number"]):
        return False
    year, month, day = row["id_number"][6:10], row["id_number"][10:12], row["id_number"][12:14]
    return not f"{year}-{month}-{day}".startswith(str(row["birth"]))


OBVIOUS: dict[str, Callable[[Any], bool]] = {  # what the checks say that are not said in words
    "身份证号有误": lambda row: row["id_number"] is not None and not right_number(row["id_number"]),
    "出生日期与身份证不符": born_otherwise,
    "性别与身份证不符": lambda row: has_shape(row["id_number"])
    and row["sex"] in ("1", "2") and row["sex"] != rules.id_sex(row["id_number"]),
    "关系与性别不符": lambda row: (row["sex"] == "2" and row["relation"] in MEN)
    or (row["sex"] == "1" and row["relation"] in WOMEN),
}  # fmt: skip


def slow(world: World, record: Any, check: Check) -> set[frozenset[int]]:
    def meets(row: Any) -> bool:
        if check.where == "":
            return True
        if check.name == "残疾证号与身份证不符":
            number = world.value(record, row, resolve(record, "enrolment.person.id_number"))
            return row["card"] is not None and number is not None and row["card"][:18] != number
        if check.name in OBVIOUS:
            return OBVIOUS[check.name](row)
        if isinstance(check.where, str):
            return world.meets(read(check.where, record), record, row)
        if check.name == f"{record.word}重复登记":  # lacks a fact of every earlier way to know it again
            ways = same(record)
            earlier = ways[: [" ".join(way) for way in ways].index(check.same)]
            return all(any(world.value(record, row, resolve(record, text)) is None for text in way) for way in earlier)
        (link,) = [fact for fact in record.facts().values() if check.name == f"{getattr(fact, 'label', '')}不对"]
        linked = row[link.name]
        target = world.rows[link.rel_model].get(linked)
        return linked is not None and not world.meets(read(link.among, link.rel_model), link.rel_model, target)

    rows = [row for row in world.rows[record].values() if check.gone or world.present(record, row)]
    if not check.same:
        return {frozenset([row["id"]]) for row in rows if meets(row)}
    sharing = defaultdict(list)
    for row in rows:
        values = tuple(world.value(record, row, as_key(resolve(record, text))) for text in check.same.split())
        if None not in values:
            sharing[values].append(row)
    found = set()
    for some in sharing.values():
        told = {next((row[name] for name in check.differ.split("|") if row[name]), "") for row in some if check.differ}
        strange = len(some) >= check.many and any(map(meets, some)) and (not check.differ or len(told) > 1)
        if strange:
            found.add(frozenset(row["id"] for row in some))
    return found


def disturb(rng: Random, people: list[int], homes: list[int]) -> None:
    """One thing that no door would let in, or that only the check-up minds."""
    run, key, home = here().file.run, rng.choice(people), rng.choice(homes)
    number = town.id_number(date(rng.randint(1930, 2020), rng.randint(1, 12), rng.randint(1, 28)), rng.randrange(999))
    spoilt = list(number)
    spoilt[rng.randrange(18)] = rng.choice("0123456789Xx")
    numbers = (
        number, "".join(spoilt), number[:15], number + "1", "abc", "", ID1, f"{number[:10]}0229{number[14:]}",
        town.id_number(date(2030, 1, 1), 5), "990001184912310017", f"{number[:10]}1301{number[14:]}", f"X{number[1:]}",
    )  # fmt: skip
    values = {
        "id_number": rng.choice((*numbers, None)), "sex": rng.choice(("1", "2", "9", None)),
        "birth": rng.choice(("1946", "1946-05", "1946-05-12", "1960", None)), "name": rng.choice(("杨一", "杨二")),
        "relation": rng.choice((*MEN, *WOMEN, "02", "02", "10", "80")), "household_id": home,
        "telephone": rng.choice(("13800000000", "13900000000", None)), "account": rng.choice(("990000000001", None)),
        "payee": rng.choice(("杨一", "普二", None)), "away": rng.choice((0, 1, None)),
        "away_place": rng.choice(("昆明", None)), "until": rng.choice(("2026-01-01", "2027-01-01", None)),
    }  # fmt: skip
    column = rng.choice(list(values))
    run(f'UPDATE person SET "{column}" = ? WHERE id = ?', (values[column], key))
    if rng.random() < 0.2:  # a second card of somebody
        copied = "name, birth, household_id, id_number" if rng.random() < 0.5 else "name, birth, household_id"
        values = run(f"SELECT {copied} FROM person WHERE id = ?", (rng.choice(people),)).fetchone()
        settings = ", ".join(f"{name} = ?" for name in copied.split(", "))
        run("UPDATE person SET id_number = NULL, birth = ?, telephone = ? WHERE id = ?", ("1946", "13800000000", key))
        run(f"UPDATE person SET {settings} WHERE id = ?", (*values, key))
    places = [row[0] for row in run("SELECT id FROM place").fetchall()]
    changes = {
        "village_id": rng.choice(places), "group_id": rng.choice((*places, None)), "number": rng.choice(("0001", "2")),
        "until": rng.choice(("2026-01-01", None)),
    }  # fmt: skip
    column = rng.choice(list(changes))
    run(f'UPDATE household SET "{column}" = ? WHERE id = ?', (changes[column], home))
    run("UPDATE place SET until = ? WHERE id = ?", (rng.choice(("2025-01-01", None, None)), rng.choice(places)))


def test_every_check_finds_what_a_slow_walk_finds(file: DataFile) -> None:
    town.build(seed=3)
    rng, found = Random(11), defaultdict(int)
    people = town.everyone()
    homes = [row[0] for row in file.run("SELECT id FROM household").fetchall()]
    for _ in range(many(60, 6)):
        with file.writing():
            for _ in range(30):
                disturb(rng, people, homes)
        world = World()
        for record in history.records().values():
            for check in checks_of(record):
                groups = met(record, check)
                assert {frozenset(group) for group in groups} == slow(world, record, check), check.name
                assert len(groups) == len({frozenset(group) for group in groups}), "each is told once"
                found[check.name] += len(groups)
                if groups:  # asked again about these rows alone, it says the same of them
                    some = rng.sample(groups, min(3, len(groups)))
                    keys = [key for group in some for key in group]
                    assert {frozenset(group) for group in met(record, check, keys)} == set(map(frozenset, some))
    never = {check.name for check in (*Person.checks, *Household.checks)} - {name for name in found if found[name]}
    assert not never, "what is never found is not tested"


# --- what checks can say ----------------------------------------------------------------------------------------------


@pytest.fixture
def home(file: DataFile) -> Household:
    with operation("建村"):
        town = Place(name="牛街乡", level="2")
        town.save()
        village = Place(name="牛街村", level="3", parent=town)
        village.save()
        household = Household(number="0001", village=village)
        household.save()
    return household


def person(home: Household, name: str = "杨德福", **facts: Any) -> int:
    row = {"name": name, "household": home.id, "relation": "02", "no_id_reason": "5", **facts}
    with operation("登记"):
        return put_all(Person, [row])[0]


def test_a_check_may_speak_of_related_rows_and_sees_when_they_change(home: Household) -> None:
    """As 特困 working away: 有(纳入: 类别 = 特困) 且 外出 = 是."""
    check = Check("有(受助明细: 资金 >= 500) 且 外出 = 是", "外出的人不应领大额救助，请核对。", title="外出领救助")
    key = person(home, away=True)
    with operation("帮扶"):
        (help,) = put_all(HelpRecord, [{"kind": "5", "day": date(2026, 1, 1), "subject": "救助"}])
        (line,) = put_all(HelpLine, [{"help": help, "person": key, "cash": 60_000}])
    assert met(Person, check) == [(key,)]
    seen = Seen(Person, check, [key])
    assert seen.looked_at((key,)) == {key, line}
    before = seen.digest((key,))
    with operation("改"):
        row = Person.by_key(key)
        row.note = "与此无关"
        row.save()
    assert Seen(Person, check, [key]).digest((key,)) == before
    with operation("又一次"):
        put_all(HelpLine, [{"help": help, "person": key, "cash": 70_000, "goods": "大米"}])
    assert Seen(Person, check, [key]).digest((key,)) != before


def test_a_check_may_speak_of_the_row_it_hangs_on(home: Household) -> None:
    """As a child over age, or the dead still enrolled: 人员.离开日期 不为空."""
    check = Check("受助人.离开日期 不为空", "已离开的人还有受助记录。", title="离开")
    key = person(home, until=date(2026, 5, 1), leaving="1")
    with operation("帮扶"):
        (help,) = put_all(HelpRecord, [{"kind": "5", "day": date(2026, 1, 1), "subject": "救助"}])
        (line,) = put_all(HelpLine, [{"help": help, "person": key}])
    assert met(HelpLine, check) == [(line,)]
    assert Seen(HelpLine, check, [line]).looked_at((line,)) == {line, key}, "a change of the person may put it right"


def test_a_card_number_begins_with_the_identity_number(home: Household) -> None:
    check = Check(not_begun_by("document_number", "id_number"), "残疾人证号与身份证号不符。")
    assert check.name == "残疾人证号与身份证号不符"
    person(home, id_number=ID1, document="97", document_number=f"{ID1}43")
    wrong = person(home, "普秀珍", id_number=ID2, document="97", document_number=f"{ID1}43", relation="12")
    assert met(Person, check) == [(wrong,)]


# --- findings and answers ---------------------------------------------------------------------------------------------


def told() -> dict[str, str]:
    """The findings that lie open: check → title."""
    ledger = ledger_called("findings")
    keys = Listing(ledger).keys()
    return {row[0]: row[2] for row in Listing(ledger).cells(keys)}


def key_of(check: str) -> int:
    return int(Finding.get(Finding.check == check).id)


def test_a_finding_is_answered_and_stays_so_until_its_facts_change(home: Household) -> None:
    key = person(home, id_number=ID1, sex="2")
    before = history.last_number(), history.facts_hash()
    assert check_up() == "体检完毕，发现 1 处问题。" and told() == {"性别与身份证不符": "杨德福"}
    assert (history.last_number(), history.facts_hash()) == before, "findings are notes of the desk"
    assert "已说明 1 条" in explain([key_of("性别与身份证不符")], reason="身份证录错，派出所正在更正")
    assert told() == {} and check_up() == "体检完毕，没有发现问题，另有 1 处已说明无误。" and told() == {}
    with operation("改"):
        row = Person.by_key(key)
        row.telephone = "13812345678"
        row.save()
    check_up()
    assert told() == {}, "a fact that the check did not look at"
    with operation("改号码"):
        row = Person.by_key(key)
        row.id_number = "990001194605121213"
        row.birth = None
        row.sex = "2"
        row.save()
    assert told() == {"性别与身份证不符": "杨德福"}, "looked at again with the change itself"
    assert check_up() == "体检完毕，发现 1 处问题。"


def test_an_answer_is_a_fact_that_can_be_undone_and_taken_back(home: Household) -> None:
    person(home, id_number=ID1, sex="2")
    check_up()
    explain([key_of("性别与身份证不符")], reason="核对过")
    with pytest.raises(Reject, match="已有"):
        explain([key_of("性别与身份证不符")], reason="再说一次")
    undo_last("测试员")
    assert set(told()) == {"性别与身份证不符"}
    explain([key_of("性别与身份证不符")], reason="核对过")
    (answer,) = Answer.select()
    assert (answer.village_id, answer.subject, answer.reason) == (home.village_id, "人员", "核对过")
    assert take_back([answer.id]) == "已收回 1 条说明。" and set(told()) == {"性别与身份证不符"}
    assert history.strangers() == []


def test_what_is_put_right_goes_at_once(home: Household) -> None:
    key = person(home, relation="20", away=False, away_place="昆明")
    check_up()
    assert told() == {"没有户主": "户编号 0001", "务工地与外出不符": "杨德福"}
    with operation("改"):
        row = Person.by_key(key)
        row.away = True
        row.save()
    assert set(told()) == {"没有户主"}
    with operation("改"):
        row = Person.by_key(key)
        row.relation = "02"
        row.save()
    assert told() == {}, "a change of a member puts its household right"
    with operation("立空户"):
        put_all(Household, [{"number": "0002", "village": home.village_id}])
    assert told() == {}, "what became wrong is found by the next check-up"
    check_up()
    assert set(told()) == {"空户"}
    empty = Household.get(Household.number == "0002")
    person(empty, "普秀珍")
    assert told() == {}, "and so does a new member"


def test_two_cards_lead_to_their_list_and_to_the_merge(home: Household) -> None:
    first = person(home, id_number=ID1)
    other = person(home, "杨得福", id_number=ID2, relation="12")
    as_first = "id_number = ?, birth = '1946-05-12', sex = '1', relation = '80'"
    here().file.run(f"UPDATE person SET {as_first} WHERE id = ?", (ID1, other))
    check_up()
    assert told() == {"同一人两张卡": "杨德福、杨得福"}
    key = key_of("同一人两张卡")
    lead = Finding.leads_to(key)
    assert lead.record is Person and set(lead.keys) == {first, other} and lead.action == "合并两张卡"
    assert list(Listing(ledger_called("persons"), lead.where, gone=lead.gone).keys()) == sorted(lead.keys)
    assert show(lead.where, Person, masked=True) == "公民身份号码 = 990001**********3X"
    assert not_mended([key]) is None and mend([key]) == lead
    with operation("删去一张"):
        Person.by_key(other).remove()
    assert told() == {}
    with pytest.raises(Stale, match="已改正"):
        Finding.leads_to(key)


def test_nine_people_with_one_telephone_are_one_finding(home: Household) -> None:
    keys = [person(home, f"杨{sign}", relation="80", telephone="13812345678") for sign in "一二三四五六七八"]
    person(home, "杨德福")
    check_up()
    assert told() == {}
    keys.append(person(home, "杨九", relation="80", telephone="13812345678"))
    check_up()
    assert told() == {"多人共用电话": "杨一、杨二、杨三等 9 条"}
    lead = Finding.leads_to(key_of("多人共用电话"))
    assert set(lead.keys) == set(keys) and not lead.action
    assert not_mended([key_of("多人共用电话")]) == "这一项没有现成的办理方法，请打开来改。"
    explain([key_of("多人共用电话")], reason="养老院的电话")
    person(home, "杨十", relation="80", telephone="13812345678")
    check_up()
    assert told() == {"多人共用电话": "杨一、杨二、杨三等 10 条"}, "the tenth was not answered"


def test_many_findings_are_kept_and_looked_at_again_in_parts(file: DataFile) -> None:
    town.build(seed=4, persons=700, households=300)
    with file.writing():
        file.run("UPDATE person SET away_place = '昆明', away = 0")
    found = findings.find()
    findings.keep(found)
    assert file.run("SELECT count(*) FROM finding").fetchone()[0] == len(found) > 600
    with operation("全部改正"):
        put_all(Person, [{**row.__data__, "away": True} for row in Person.select()])
    assert "务工地与外出不符" not in told()
