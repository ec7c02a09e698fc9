"""Every role × every operation × own and other village, tried below the window: 0 mismatches with the table."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from app.ledgers import forms
from app.ledgers.contents import ledgers
from app.ledgers.listing import Listing
from app.models import query, roles
from app.models.conditions import read
from app.models.database import DataFile
from app.models.faults import Denied, Fault, Reject, Stale
from app.models.fields import Text
from app.models.frame import Frame
from app.models.help import HelpLine, HelpRecord
from app.models.here import NOBODY, Clerk, here, standing
from app.models.history import HistoryLine, last_number, records
from app.models.operation import current, operation
from app.models.pairing import Helper, Pairing
from app.models.paths import resolve
from app.models.people import Household, Person, Stay
from app.models.places import Place
from app.models.record import put_all
from app.models.roles import ALLOWED, ROLES
from app.models.search import suggest
from app.models.settle import settle
from app.models.staff import Staff, has_accounts
from app.papers.contents import PAPERS, dossier_paper
from app.papers.ledger import print_listing
from app.sheets.write import export
from app.work.backup import back_up, restore
from app.work.bulk import change_all
from app.work.check import check
from app.work.choices import choices
from app.work.outgoing import unmask
from app.work.plan import CHANGED, Item, Plan
from app.work.staff import first_account, reset_password
from app.work.undo import undo, undo_last
from tests.work.rows_given import number_of, planned

LEDGERS = ledgers()
PASSWORD = "Niujie-2026"


@dataclass
class Village:
    """One of two villages, each with a household of two who were helped."""

    key: int
    home: int
    person: int
    line: int
    stay: int
    operation: int  # in which somebody else registered its household


class Office:
    """Two villages, the accounts, and the keys of what stands in neither."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with operation("建立村组"):
            (town,) = put_all(Place, [{"name": "牛街乡", "level": "2"}])
            self.keys = put_all(Place, [{"name": name, "level": "3", "parent": town} for name in ("本村", "别村")])
        with operation("登记帮扶"):
            (self.help,) = put_all(HelpRecord, [{"kind": "1", "day": here().day, "subject": "走访"}])
        self.own, self.other = (self.village(key, number) for number, key in enumerate(self.keys, 1))
        clerk = first_account("first", "杨秀珍", PASSWORD, PASSWORD)
        self.account = clerk.key

    def village(self, key: int, number: int) -> Village:
        with operation("登记户"):
            (home,) = put_all(Household, [{"number": "1", "village": key, "telephone": "13800000001"}])
            people = put_all(
                Person,
                [
                    {
                        "name": name,
                        "id_number": number_of(number * 10 + at),
                        "household": home,
                        "relation": relation,
                    }
                    for at, (name, relation) in enumerate((("张一", "02"), ("张二", "20")))
                ],
            )
            (line,) = put_all(HelpLine, [{"help": self.help, "person": people[0], "goods": "大米"}])
            (stay,) = put_all(Stay, [{"person": people[1], "household": home, "relation": "20", "until": here().day}])
        return Village(key, home, people[1], line, stay, last_number())


@pytest.fixture
def office(file: DataFile, tmp_path: Path) -> Office:
    return Office(tmp_path)


@contextmanager
def signed_in(role: str, village: int | None = None, account: str = "somebody") -> Iterator[None]:
    with standing(clerk=Clerk(account, "某人", (role,), village, 1), who=account, purpose="试验"):
        yield


def tried(do: Callable[[], Any]) -> bool:
    """Whether it was let do; what it wrote is taken back where that is possible."""
    try:
        with operation("试验"):
            do()
            settle(current())  # what the commit would ask
            raise Reject(Fault("", "allowed"))
    except Denied:
        return False
    except Reject as reject:
        assert str(reject) == "allowed", reject
        return True


def outside_operations(do: Callable[[], Any]) -> bool:
    try:
        do()
    except Denied:
        return False
    return True


def save(record: Any, key: int, **facts: Any) -> None:
    row = record.by_key(key)
    for name, value in facts.items():
        setattr(row, name, value)
    row.save()


def take_in(key: int) -> None:
    row = Person.by_key(key)
    given: Any = type("Row", (), {"sheet": "表", "row": 1, "values": {}, "block": None, "sure": True})()
    item = Item(given, CHANGED, key, row.rev, {"note": "导入的"}, dict(row.__data__))
    plan = Plan(Person, [item])
    if item.kind != CHANGED:
        raise Denied(Fault("", item.why()))
    plan.commit("导入")


def of_village(office: Office, at: Village) -> dict[str, tuple[str, Callable[[], bool]]]:
    """What is done to the rows of a village: name → (the power that it takes, the try)."""
    persons, called = Listing(LEDGERS["persons"]), Place.by_key(at.key).name
    whole = persons.but(whole=True)
    return {
        "register": ("write", lambda: tried(lambda: Household(number="9", village=at.key).save())),
        "register a member": (
            "write",
            lambda: tried(lambda: Person(name="新人", no_id_reason="5", household=at.home, relation="20").save()),
        ),
        "change": ("write", lambda: tried(lambda: save(Household, at.home, note="改了"))),
        "change a person": ("write", lambda: tried(lambda: save(Person, at.person, note="改了"))),
        "change a line": ("write", lambda: tried(lambda: save(HelpLine, at.line, note="改了"))),
        "change a stay": ("write", lambda: tried(lambda: save(Stay, at.stay, reason="改了"))),
        "put": ("write", lambda: tried(lambda: put_all(Person, [{**Person.by_key(at.person).__data__, "note": "改"}]))),
        "remove": ("write", lambda: tried(lambda: Stay.by_key(at.stay).remove())),
        "remove a line": ("write", lambda: tried(lambda: HelpLine.by_key(at.line).remove())),
        "bulk": ("bulk", lambda: tried(lambda: change_all(Person, [at.person], "note", "都改"))),
        "import": ("import", lambda: tried(lambda: take_in(at.person))),
        "undo of others": ("undo_others", lambda: tried(lambda: undo(at.operation))),
        "see": ("see", lambda: at.person in query.keys(Person)),
        "count": ("see", lambda: query.count(Person, read(f"行政村 = {called}", Person)) == 2),
        "see a cell": ("see", lambda: any(Listing(LEDGERS["persons"], chosen=(at.person,)).cells([at.person])[0])),
        "see a stay": ("see", lambda: at.stay in query.keys(Stay)),
        "see a line": ("see", lambda: at.line in query.lines(HelpLine, "help", office.help)),
        "see by 有(…)": (
            "see",
            lambda: bool(query.count(HelpRecord, read(f"有(受助明细: 行政村 = {called})", HelpRecord))),
        ),
        "group": ("see", lambda: any(one.text == called for one in persons.groups("household.village"))),
        "suggest": ("see", lambda: at.person in query.visible(Person, suggest("张二"))),
        "choose": ("see", lambda: at.person in [one.key for one in choices(HelpLine.facts()["person"], "张二")]),
        "open the form": ("whole", lambda: outside_operations(lambda: forms.load(LEDGERS["persons"], at.person))),
        "unmask": (
            "whole",
            lambda: outside_operations(lambda: unmask(Person, at.person)),
        ),
        "see whole": (
            "whole",
            lambda: any(number_of(11 if at is office.own else 21) in row for row in whole.cells([at.person])),
        ),
    }  # fmt: skip


def of_the_file(office: Office) -> dict[str, tuple[str, Callable[[], bool]]]:
    """What is done to what belongs to no village."""
    persons, folder = Listing(LEDGERS["persons"]), office.folder

    def own_undo() -> bool:
        with standing(clerk=None), operation("自己的"):
            save(HelpRecord, office.help, content=f"第 {last_number()} 次")
        return tried(lambda: undo_last(here().who))

    def put_back() -> bool:
        with standing(clerk=None):
            back_up(folder / "kept.db")
        return outside_operations(lambda: restore(folder / "kept.db", here().file.place))

    return {
        "print": ("see print", lambda: outside_operations(lambda: print_listing(persons, folder / "a.pdf"))),
        "print whole": (
            "see print whole",
            lambda: outside_operations(lambda: print_listing(persons.but(whole=True), folder / "b.pdf")),
        ),
        "export": ("see export", lambda: outside_operations(lambda: export(persons, folder / "a.xlsx"))),
        "export whole": (
            "see export whole",
            lambda: outside_operations(lambda: export(persons.but(whole=True), folder / "b.xlsx")),
        ),
        "print a paper": (
            "see print",
            lambda: outside_operations(
                lambda: PAPERS["signature-sheet"].draw(office.help, folder / "c.pdf", whole=False)
            ),
        ),
        "history": ("history", lambda: bool(query.count(HistoryLine))),
        "accounts": ("accounts", lambda: bool(query.count(Staff))),
        "change an account": ("accounts", lambda: tried(lambda: save(Staff, office.account, note="改了"))),
        "new account": ("accounts", lambda: tried(lambda: Staff(account="n", name="新人", role="1").save())),
        "set a password": (
            "accounts",
            lambda: outside_operations(lambda: reset_password([office.account], password=PASSWORD, again=PASSWORD)),
        ),
        "undo own": ("undo write", own_undo),
        "places": ("places", lambda: bool(query.count(Place))),
        "check": ("check", lambda: outside_operations(lambda: check(quick=True))),
        "backup": ("backup", lambda: outside_operations(lambda: back_up(folder / "b.db"))),
        "restore": ("restore", put_back),
    }  # fmt: skip


def allowed(role: str, powers: str) -> bool:
    return all(role in ALLOWED[power] for power in powers.split())


def walk(office: Office) -> tuple[int, list[str]]:
    """How many things were tried, and which of them went otherwise than the table says."""
    mismatches, walked = [], 0
    for role in ROLES:
        for scope in (None, office.own.key):
            with signed_in(role, scope):
                for whose, village in (("own", office.own), ("other", office.other)):
                    reach = scope is None or whose == "own"
                    for name, (power, do) in of_village(office, village).items():
                        walked += 1
                        if do() is not (reach and allowed(role, power)):
                            mismatches.append(f"{role} scope={scope} {whose}: {name}")
                for name, (power, do) in of_the_file(office).items():
                    walked += 1
                    if do() is not allowed(role, power):
                        mismatches.append(f"{role} scope={scope}: {name}")
    return walked, mismatches


def test_every_role_does_what_the_table_says_and_nothing_else(office: Office) -> None:
    walked, mismatches = walk(office)
    print(f"{walked} tries of {len(ROLES)} roles, {len(mismatches)} mismatches with the table")
    assert mismatches == [] and walked > 500


@pytest.mark.parametrize(
    ("name", "open_door", "seen"),
    [
        ("app.models.query.outside", lambda record, keys: set(), "change a person"),
        ("app.models.scope.within", lambda frame, village: None, "see a stay"),
        ("app.models.record.guard", lambda record, keys: None, "remove"),
        ("app.work.outgoing.demand", lambda power, doing: None, "export whole"),
    ],
)
def test_a_door_left_open_is_seen(
    sqlite: DataFile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, open_door: Any, seen: str
) -> None:
    """Whether the walk sees is the same on either database; it takes long, so it is asked on one."""
    office = Office(tmp_path)
    monkeypatch.setattr(name, open_door)
    assert any(mismatch.endswith(f": {seen}") for mismatch in walk(office)[1])


def test_every_record_is_written_and_seen_only_as_the_table_says(office: Office) -> None:
    """Also those of the registers to come: the door does not know them by name."""
    for role in ROLES:
        with signed_in(role):
            for record in records().values():
                keys = [row[0] for row in here().file.run(f'SELECT id FROM "{record._meta.table_name}"').fetchall()]
                seen = list(query.keys(record, gone=True))
                assert sorted(seen) == (sorted(keys) if allowed(role, record.seen_by) else []), (role, record)
                if keys:
                    name = next((n for n, fact in record.facts().items() if isinstance(fact, Text)), None)
                    text = {name: "改了"} if name else {}
                    done = tried(lambda record=record, keys=keys, text=text: save(record, keys[0], **text))
                    assert done is allowed(role, record.written_by), (role, record)


def test_every_action_of_every_ledger_is_greyed_for_who_may_not(office: Office) -> None:
    walked = 0
    for ledger in LEDGERS.values():
        for action in ledger.actions:
            for role in ROLES:
                walked += 1
                with signed_in(role):
                    why = action.why_not([])
                free = why is None if action.whole else why == "请先选中要办理的行。"
                assert free is allowed(role, action.needs), (action.title, role)
                assert why is None or why.endswith("。")
    assert walked > 60


@pytest.mark.parametrize("name", [name for name, ledger in LEDGERS.items() if ledger.actions and name != "history"])
def test_no_action_writes_for_who_may_not(office: Office, name: str) -> None:
    """Whatever an action does before it writes, nothing of it stays."""
    ledger = LEDGERS[name]
    before = here().file.run('SELECT count(*) FROM "change"').fetchone()
    with standing(clerk=None):
        keys = list(Listing(ledger, gone=True).keys())[:1]
    for action in ledger.actions:
        role = next(role for role in ROLES if role not in ALLOWED[action.needs])
        values = {"password": PASSWORD, "again": PASSWORD} if "password" in action.asks else dict.fromkeys(action.asks)
        if "day" in values:
            values["day"] = here().day
        with signed_in(role), pytest.raises((Reject, Stale, AttributeError, TypeError, ValueError)):
            action.do(keys, **values)
    assert here().file.run('SELECT count(*) FROM "change"').fetchone() == before


def test_who_has_not_signed_in_may_nothing(office: Office) -> None:
    with standing(clerk=NOBODY):
        for power in ALLOWED:
            assert roles.why_not(power) == "请先登录。"
        assert not query.count(Person) and not query.count(Place) and not suggestions()
        assert not tried(lambda: save(Household, office.own.home, note="改了"))


def suggestions() -> list[int]:
    return query.visible(Person, suggest("张二"))


def test_two_roles_may_what_either_may(office: Office) -> None:
    with standing(clerk=Clerk("a", "杨秀珍", ("1", "4"))):
        for power, who in ALLOWED.items():
            assert roles.may(power) is bool({"1", "4"} & who), power
    assert roles.may("accounts"), "nobody is signed in"


def test_a_denied_try_and_what_goes_out_stand_in_the_history(office: Office) -> None:
    def lines(number: int = 1) -> list[tuple[str, str]]:
        sql = "SELECT who, title FROM operation ORDER BY id DESC LIMIT ?"
        return [tuple(row) for row in here().file.run(sql, (number,)).fetchall()]

    with signed_in("3", account="ld"):
        assert not tried(lambda: save(Household, office.own.home, note="改了"))
        assert lines() == [("ld", "被拒绝：试验（领导没有“登记、修改、删除”的权限，请找录入或审核办理。）")]
        with pytest.raises(Denied, match="导出表格"):
            export(Listing(LEDGERS["persons"]), office.folder / "no.xlsx")
        assert lines()[0][1].startswith("被拒绝：导出“人员台账”") and not (office.folder / "no.xlsx").exists()
    with signed_in("1", account="lr"):
        listing = Listing(LEDGERS["persons"], whole=True)
        with here().file.reading():
            export(listing, office.folder / "yes.xlsx")
        assert lines() == [("lr", "导出“人员台账”4 行，写全号码，用途：试验")]
        print_listing(listing.but(whole=False), office.folder / "yes.pdf")
        assert lines() == [("lr", "打印“人员台账”4 行")]
        unmask(Person, office.own.person)
        assert lines()[0][1].startswith("查看完整号码：人员 张二") and lines()[0][1].endswith("用途：试验")
        with standing(purpose=" "), pytest.raises(Reject, match="要先写明用途"):
            export(listing, office.folder / "none.xlsx")
        assert not (office.folder / "none.xlsx").exists()
    with signed_in("2", account="sh"):
        back_up(office.folder / "mine.db")
        assert lines() == [("sh", "备份到“mine.db”")]
        dossier_paper(Household).draw(office.own.home, office.folder / "home.pdf", whole=False)
        assert lines()[0][1].startswith("打印“户档：") and lines()[0][1].endswith("”1 行")
    for role, power in (("4", "查看登记内容"), ("5", "查看登记内容")):
        with signed_in(role, account="gl"), pytest.raises(Denied, match=power):
            PAPERS["signature-sheet"].print_where("日期 > 2000-01-01", office.folder / "no.pdf")
        assert lines()[0][1].startswith("被拒绝：打印“签领表”")
    assert Household.by_key(office.own.home).note is None


def test_who_may_not_import_learns_nothing_from_a_trial(office: Office) -> None:
    """A plan says of every row of a list whether it is registered and the same."""
    for role in ROLES:
        with signed_in(role):
            if allowed(role, "import"):
                assert planned({"name": "张二", "village": "本村"}).counts()
            else:
                with pytest.raises(Denied, match="导入名单"):
                    planned({"name": "张二", "village": "本村"})


def test_a_village_clerk_moves_nobody_out_of_or_into_his_village(office: Office) -> None:
    with signed_in("1", office.own.key):
        assert not tried(lambda: save(Household, office.own.home, village=office.other.key))
        assert not tried(lambda: save(Person, office.own.person, household=office.other.home))
        assert not tried(lambda: save(Person, office.other.person, household=office.own.home))
        assert not tried(lambda: save(Place, office.other.key, name="改名"))


def test_a_village_clerk_counts_what_he_sees(office: Office) -> None:
    with operation("结对"):
        (helper,) = put_all(Helper, [{"name": "李干部"}])
        whom = (office.own.person, office.other.person)
        tie = {"helper": helper, "role": "1", "since": here().day}
        put_all(Pairing, [{**tie, "person": person} for person in whom])
    every = {("help", "people"): 2, ("helpers", "persons"): 2, ("households", "size"): 2}

    def counted(name: str, fact: str) -> set[Any]:
        listing = Listing(LEDGERS[name], columns=(LEDGERS[name].column(fact),))
        found = {value for (value,) in listing.values(listing.keys())}
        groups = {group.text: group.count for group in listing.groups(fact)}
        assert groups == {LEDGERS[name].column(fact).path.fact.show(value): listing.count() for value in found}
        return found

    for who in (None, office.own.key):  # one after the other: what was composed for one is not shown to the other
        with signed_in("1", who):
            for (name, fact), number in every.items():
                assert counted(name, fact) == {number if who is None or name == "households" else 1}, (who, name)
    with signed_in("4"):
        frame = Frame(HelpRecord)
        count = frame.select(frame.column(resolve(HelpRecord, "people")), where=frame.root.id == office.help)
        assert here().file.database.execute(count).fetchone() == (0,), "who sees no help counts none"


def test_a_file_with_accounts_is_restored_only_by_who_may(office: Office, tmp_path: Path) -> None:
    assert has_accounts()
    with signed_in("4"):
        back_up(tmp_path / "kept.db")
        assert "已恢复" in restore(tmp_path / "kept.db", here().file.place)
    place = here().file.place
    with standing(DataFile(tmp_path / "elsewhere.db"), who="x"), pytest.raises(Denied, match="设有账号，请先登录它"):
        restore(tmp_path / "kept.db", place)
