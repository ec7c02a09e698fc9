"""The check-up of the demonstration township: nothing is found in it, and of 200 planted faults every one."""

from __future__ import annotations

from datetime import date
from random import Random
from typing import Any

import pytest

from app.ledgers.contents import ledger_called
from app.ledgers.listing import Listing
from app.models import findings
from app.models.conditions import read
from app.models.database import DataFile
from app.models.operation import operation
from app.models.people import Household, Person
from app.models.query import keys
from app.models.rules import id_check_digit
from app.work.check import check, check_up
from app.work.demo import make_demo
from app.work.last import told_of_check_up
from app.work.undo import undo_last
from tests import town

DAY = date(2026, 11, 21)
PLANTED = 200
LEDGER = ledger_called("findings")


class Planter:
    """Puts faults into rows that none was put into before, past every door, as old data has them."""

    def __init__(self, rng: Random, file: DataFile) -> None:
        self.rng, self.run = rng, file.run
        enrolled = "SELECT person_id FROM enrolment UNION SELECT person_id FROM covered_person"
        kept_out = f"SELECT DISTINCT household_id FROM person WHERE id IN ({enrolled})"  # a fault there is several
        self.used: set[int] = {row[0] for row in self.run(kept_out).fetchall()}

    def one(self, record: Any, where: str) -> Any:
        """A row that meets a condition and whose household nothing was planted into yet."""
        found = list(keys(record, read(where, record)))
        self.rng.shuffle(found)
        for key in found:
            row = record.by_key(key)
            home = row.household_id if record is Person else row.id
            if home not in self.used:
                self.used.add(home)
                return row
        raise LookupError(where)

    def put(self, row: Any, **values: Any) -> set[int]:
        named = ", ".join(f'"{name}" = ?' for name in values)
        self.run(f'UPDATE "{row._meta.table_name}" SET {named} WHERE id = ?', (*values.values(), row.id))
        return {row.id}

    def two_heads(self) -> set[int]:
        row = self.one(Person, "与户主关系 属于(妻, 夫)")
        self.put(row, relation="02")
        return {row.household_id}

    def no_head(self) -> set[int]:
        row = self.one(Person, "与户主关系 = 户主 且 性别 = 男")
        self.put(row, relation="71")
        return {row.household_id}

    def nobody(self) -> set[int]:
        home = self.one(Household, "家庭人口 = 1")
        self.run("UPDATE person SET until = '2026-01-01', leaving = '2' WHERE household_id = ?", (home.id,))
        return {home.id}

    def wrong_digit(self) -> set[int]:
        row = self.one(Person, "公民身份号码 不为空")
        return self.put(row, id_number=row.id_number[:17] + ("0" if row.id_number[17] != "0" else "1"))

    def cut_short(self) -> set[int]:
        row = self.one(Person, "公民身份号码 不为空")
        return self.put(row, id_number=row.id_number[:15])

    def other_sex(self) -> set[int]:
        row = self.one(Person, "公民身份号码 不为空 且 与户主关系 = 户主 且 性别 = 男")
        return self.put(row, sex="2")

    def other_birth(self) -> set[int]:
        row = self.one(Person, "公民身份号码 不为空 且 年龄 >= 30")
        return self.put(row, birth=f"{row.birth.year - 1}")

    def wife_is_a_man(self) -> set[int]:
        row = self.one(Person, "与户主关系 = 妻 且 公民身份号码 不为空")
        first = row.id_number[:14] + "999"  # a man's number, so that only relation and sex disagree
        return self.put(row, sex="1", id_number=first + id_check_digit(first))

    def two_cards(self) -> set[int]:
        row, other = self.one(Person, "公民身份号码 不为空 且 性别 = 男"), self.one(Person, "与户主关系 = 子")
        return {row.id} | self.put(other, id_number=row.id_number, birth=str(row.birth), sex=row.sex)

    def maybe_the_same(self) -> set[int]:
        row = self.one(Person, "公民身份号码 不为空 且 与户主关系 = 子")
        other = self.one(Person, f"与户主关系 = 子 且 所属户.行政村 = {row.household.village.name}")
        return {row.id} | self.put(other, id_number=None, no_id_reason="5", name=row.name, birth=str(row.birth))

    def one_telephone(self) -> set[int]:
        number = f"1990000{self.rng.randrange(10**4):04}"
        some = [self.put(self.one(Person, "联系电话 不为空"), telephone=number) for _ in range(9)]
        return set[int]().union(*some)

    def one_account(self) -> set[int]:
        row, other = self.one(Person, "账号 不为空 且 户名 为空"), self.one(Person, "账号 为空 且 年龄 >= 30")
        return {row.id} | self.put(other, account=row.account)

    def household_gone(self) -> set[int]:
        home = self.one(Household, "家庭人口 = 1")
        self.put(home, until="2026-01-01", ending="1")
        return set(keys(Person, read(f"户编号 = {home.number} 且 行政村 = {home.village.name}", Person)))

    def place_without_away(self) -> set[int]:
        return self.put(self.one(Person, "外出 = 否"), away_place="昆明")

    def no_village(self) -> set[int]:
        home = self.one(Household, "村民小组 不为空")
        return self.put(home, village_id=home.village.parent_id, group_id=None)

    def destitute_and_away(self) -> set[int]:
        key, person = self.enrolled("destitute")
        self.run("UPDATE person SET away = 1 WHERE id = ?", (person,))
        return {key}

    def other_card(self) -> set[int]:
        sql = "SELECT id FROM disability WHERE card IS NOT NULL AND card NOT LIKE '99%99' ORDER BY id DESC"
        key = next(row[0] for row in self.run(sql).fetchall() if row[0] not in self.used)
        self.used.add(key)
        self.run("UPDATE disability SET card = '99000119500101001943' WHERE id = ?", (key,))
        return {key}

    def enrolled(self, code: str) -> tuple[int, int]:
        sql = "SELECT e.id, e.person_id FROM enrolment e JOIN category c ON c.id = e.category_id WHERE c.code = ?"
        found = next(row for row in self.run(f"{sql} ORDER BY e.id", (code,)).fetchall() if row[0] not in self.used)
        self.used.add(found[0])
        return found[0], found[1]

    def group_gone(self) -> set[int]:
        village = self.run("SELECT p.name FROM place g JOIN place p ON p.id = g.parent_id WHERE g.merged_into_id > 0")
        home = self.one(Household, f"行政村 = {village.fetchone()[0]}")
        return self.put(home, group_id=self.run("SELECT id FROM place WHERE merged_into_id IS NOT NULL").fetchone()[0])


KINDS = {  # what is planted, and the one finding that must tell of it
    Planter.two_heads: "一户两个户主", Planter.no_head: "没有户主", Planter.nobody: "空户",
    Planter.wrong_digit: "身份证号有误", Planter.cut_short: "身份证号有误", Planter.other_sex: "性别与身份证不符",
    Planter.other_birth: "出生日期与身份证不符", Planter.wife_is_a_man: "关系与性别不符",
    Planter.two_cards: "同一人两张卡", Planter.maybe_the_same: "疑似同一人", Planter.one_telephone: "多人共用电话",
    Planter.one_account: "账号户名不一", Planter.household_gone: "户已注销人在册",
    Planter.place_without_away: "务工地与外出不符", Planter.no_village: "行政村不对",
    Planter.group_gone: "所属组已撤销", Planter.destitute_and_away: "特困人员外出务工",
    Planter.other_card: "残疾证号与身份证不符",
}  # fmt: skip


@pytest.mark.parametrize("seed", [1, 2])
def test_nothing_is_found_in_the_clean_township_and_every_planted_fault(file: DataFile, seed: int) -> None:
    make_demo(seed, DAY, size="township" if seed == 1 else "village")
    assert findings.find() == [], "no false alarm"
    assert check(quick=True) == []
    number = PLANTED if seed == 1 else len(KINDS)
    planter = Planter(Random(seed), file)
    with file.writing():
        kinds = [list(KINDS)[at % len(KINDS)] for at in range(number)]
        planted = {(KINDS[kind], frozenset(kind(planter))) for kind in kinds}
    found = findings.find()
    assert {(one.check, frozenset(one.group)) for one in found} == planted
    assert len({one.number for one in found}) == len(found) == len(planted) == number
    said = check(quick=True)
    assert len(said) == number and all(sentence.endswith("。") for sentence in said)


def open_findings() -> set[tuple[str, str]]:
    """The findings that lie open: which check, and of whom."""
    listing = Listing(LEDGER, columns=tuple(LEDGER.column(text) for text in ("check", "title")))
    return set(listing.values(listing.keys()))


def test_what_comes_true_again_by_an_undo_is_found_again_at_once(file: DataFile) -> None:
    town.build(seed=4, persons=40, households=12)
    first, second, third = (key for key in keys(Person, read("公民身份号码 不为空", Person))[:3])
    account = "6217000012345678901"
    with file.writing():
        for key, name in ((first, "甲一"), (second, "乙一"), (third, "丙一")):
            file.run("UPDATE person SET name = ?, payee = NULL WHERE id = ?", (name, key))
        file.run("UPDATE person SET account = ? WHERE id IN (?, ?)", (account, first, second))
        file.run("UPDATE person SET away = 0, away_place = '昆明' WHERE id = ?", (third,))
    assert told_of_check_up() == "还没有体检过。"
    check_up()
    before = open_findings()
    two, place = ("账号户名不一", "甲一、乙一"), ("务工地与外出不符", "丙一")
    assert {two, place} <= before
    said = told_of_check_up()
    assert said.startswith("上次体检：20") and said.endswith(f"，测试员，发现 {Listing(LEDGER).count()} 条。")
    for key, name, value in ((third, "away", True), (second, "account", "6217000012345678902")):
        with operation("改"):
            row = Person.by_key(key)
            setattr(row, name, value)
            row.save()
    after = open_findings()
    assert not {two, place} & after and told_of_check_up() == said
    undo_last("测试员")
    undo_last("测试员")
    assert open_findings() == before
    check_up()
    assert open_findings() == before, "as a check-up finds it"
