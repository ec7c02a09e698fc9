"""Accounts and their passwords: the delay after wrong ones, also after a restart and with the clock set back."""

from __future__ import annotations

from datetime import timedelta
from itertools import count

import pytest

from app.models import passwords
from app.models.database import DataFile
from app.models.faults import Reject, Shut
from app.models.here import NOBODY, here, standing
from app.models.history import facts, facts_hash, replay, strangers
from app.models.operation import operation
from app.models.passwords import Clock
from app.models.places import Place
from app.models.staff import Staff, active, has_accounts
from app.models.upgrade import upgrade
from app.work.demo_staff import ACCOUNTS
from app.work.staff import change_password, first_account, is_still, reset_password, sign_in, start, stop
from app.work.undo import undo, undo_last
from tests.conftest import DAY, new_file

RIGHT = "Niujie-2026"
HOUR = 3600


class Wrist:
    """A clock that the test turns: the wall clock and the machine's counter."""

    def __init__(self) -> None:
        self.wall, self.counter = 1_800_000_000.0, 500.0
        self.clock = Clock(lambda: self.wall, lambda: self.counter)

    def pass_(self, seconds: float) -> None:
        self.wall += seconds
        self.counter += seconds


@pytest.fixture
def wrist(file: DataFile) -> Wrist:
    """An office of one, and a clock."""
    first_account("yxz", "杨秀珍", RIGHT, RIGHT)
    return Wrist()


@pytest.fixture
def looked_at(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The passwords that were let through to a look at the hash; the look itself is not waited for."""
    seen: list[str] = []

    def is_right(kept: str, password: str) -> bool:
        seen.append(password)
        return password == RIGHT and kept != passwords._NOBODYS

    monkeypatch.setattr(passwords, "_is_right", is_right)
    return seen


def restart() -> None:
    """The program is started anew: it remembers nothing but what stands in the file."""
    here().file.watch = None


def wrong(wrist: Wrist, account: str = "yxz") -> str:
    with pytest.raises(Shut) as shut:
        sign_in(account, "not the password", wrist.clock)
    return str(shut.value)


# --- accounts ---------------------------------------------------------------------------------------------------------


def test_a_file_without_accounts_asks_nobody(file: DataFile) -> None:
    assert not has_accounts()
    with operation("登记账号"):
        Staff(account="a", name="张三", role="4").save()
    assert not has_accounts(), "an account without a password locks nobody out"


def test_the_first_account_enters_and_administers(file: DataFile) -> None:
    clerk = first_account(" yxz ", "杨秀珍", RIGHT, RIGHT)
    assert has_accounts() and clerk.roles == ("1", "4") and clerk.account == "yxz"
    assert sign_in("yxz", RIGHT) == clerk and is_still(clerk)
    assert RIGHT not in str(list(facts())) and "argon2" not in str(list(facts()))
    kept = file.run("SELECT hash FROM password").fetchall()
    assert len(kept) == 1 and kept[0][0].startswith("$argon2id$")
    assert "argon2" not in str(file.run('SELECT * FROM "change"').fetchall())


def test_passwords_are_no_facts(request: pytest.FixtureRequest, file: DataFile, tmp_path: object) -> None:
    clerk = first_account("yxz", "杨秀珍", RIGHT, RIGHT)
    before = facts_hash()
    with standing(clerk=clerk, who=clerk.account):
        reset_password([clerk.key], password="Another-2026", again="Another-2026")
        assert facts_hash() == before and strangers() == []
    copy = new_file(request, "sqlite", tmp_path, "copy")  # type: ignore[arg-type]
    upgrade(copy)
    replay(copy)
    with standing(copy, who="测试员", day=DAY):
        assert facts_hash() == before and not has_accounts()
    copy.close()


@pytest.mark.parametrize(
    ("password", "again", "says"),
    [
        ("short1", "short1", "至少 8 个字符，现在是 6 个"), ("12345678", "12345678", "太容易猜"),
        ("aaaaaaaab", "aaaaaaaab", "太容易猜"), ("yxz-password", "yxz-password", "不要带账号"),
        (RIGHT, RIGHT + " ", "两次写的密码不一样"),
    ],
)  # fmt: skip
def test_a_weak_password_is_refused_and_leaves_nothing(file: DataFile, password: str, again: str, says: str) -> None:
    with pytest.raises(Reject, match=says):
        first_account("yxz", "杨秀珍", password, again)
    assert Staff.select().count() == 0 and not has_accounts()


def test_somebody_must_be_left_who_manages_the_accounts(file: DataFile) -> None:
    with pytest.raises(Reject, match="至少要有一个在用的系统管理员"), operation("登记账号"):
        Staff(account="a", name="张三", role="1").save()
    first_account("yxz", "杨秀珍", RIGHT, RIGHT)
    with operation("登记账号"):
        other = Staff(account="b", name="李四", role="1")
        other.save()
    only = Staff.get(Staff.account == "yxz")
    for change in (only.remove, lambda: undo(1), lambda: stop([only.id])):
        with pytest.raises(Reject, match="至少要有一个在用的系统管理员"), operation("改账号"):
            change()
    assert active("yxz") is not None


@pytest.mark.parametrize(
    ("facts", "says"),
    [
        ({"account": "a b"}, "账号里不要有空格"), ({"also": "1"}, "兼任角色与角色相同"),
        ({"also": "5"}, "不能兼任"), ({"since": DAY, "until": DAY - timedelta(days=1)}, "早于开始日期"),
        ({"account": "yxz"}, "已有账号相同的账号"), ({"name": None}, "请填写姓名"),
    ],
)  # fmt: skip
def test_an_account_that_is_none(wrist: Wrist, facts: dict[str, object], says: str) -> None:
    with pytest.raises(Reject, match=says), operation("登记账号"):
        Staff(**({"account": "b", "name": "李四", "role": "1"} | facts)).save()


def test_a_stopped_account_and_one_not_begun_may_not_sign_in(wrist: Wrist, looked_at: list[str]) -> None:
    with operation("登记账号"):
        later = Staff(account="later", name="李四", role="1", since=DAY + timedelta(days=1))
        later.save()
        other = Staff(account="other", name="王五", role="1")
        other.save()
    for row in (later, other):
        reset_password([row.id], password=RIGHT, again=RIGHT)
    clerk = sign_in("other", RIGHT, wrist.clock)
    assert "已停用" in stop([other.id]) and not is_still(clerk)
    for account in ("later", "other", "nobody"):
        with pytest.raises(Shut, match=passwords.WRONG):
            sign_in(account, RIGHT, wrist.clock)
    start([other.id])
    assert sign_in("other", RIGHT, wrist.clock) == clerk


def test_one_changes_his_own_password_knowing_the_old_one(wrist: Wrist) -> None:
    clerk = sign_in("yxz", RIGHT, wrist.clock)
    with standing(clerk=clerk, who=clerk.account):
        with pytest.raises(Shut):
            change_password("not the old one", "Another-2026", "Another-2026", wrist.clock)
        change_password(RIGHT, "Another-2026", "Another-2026", wrist.clock)
    assert wrong(wrist) == passwords.WRONG
    assert sign_in("yxz", "Another-2026", wrist.clock) == clerk
    with pytest.raises(Reject, match="请先登录"), standing(clerk=NOBODY):
        change_password("Another-2026", RIGHT, RIGHT)


def test_signing_in_and_failing_stand_in_the_history_and_cannot_be_undone(wrist: Wrist, file: DataFile) -> None:
    wrong(wrist)
    wrong(wrist, "a-password-in-the-wrong-field")
    clerk = sign_in("yxz", RIGHT, wrist.clock)
    lines = file.run("SELECT title, who, changes FROM operation ORDER BY id DESC").fetchall()
    assert lines[:3] == [
        ("登录", "yxz", 0), ("登录失败：没有这个账号", "测试员", 0), ("登录失败：账号“yxz”密码不对", "测试员", 0),
    ]  # fmt: skip
    with standing(clerk=clerk, who="yxz"), pytest.raises(Reject, match="没有可以撤销的操作"):
        undo_last("yxz")
    with pytest.raises(Reject, match="没有改动登记内容"):
        undo(2)


# --- the delay --------------------------------------------------------------------------------------------------------


def test_the_wait_grows_and_is_said(wrist: Wrist, looked_at: list[str]) -> None:
    assert [wrong(wrist) for _ in range(3)] == [passwords.WRONG] * 3
    waits = []
    for seconds in (5, 10, 20, 40, 80, 160, 300, 300):
        waits.append(wrong(wrist))
        wrist.pass_(seconds - 1)
        assert "请等 1 秒后再试" in wrong(wrist)
        wrist.pass_(1)
        assert wrong(wrist) == passwords.WRONG
    assert [wait.split("请等 ")[1].split("后再试")[0] for wait in waits] == [
        "5 秒", "10 秒", "20 秒", "40 秒", "1 分 20 秒", "2 分 40 秒", "5 分钟", "5 分钟",
    ]  # fmt: skip
    assert len(looked_at) == 3 + 8


def test_the_right_password_must_wait_too_and_then_wipes_the_slate(wrist: Wrist, looked_at: list[str]) -> None:
    for _ in range(3):
        wrong(wrist)
    with pytest.raises(Shut, match="请等 5 秒"):
        sign_in("yxz", RIGHT, wrist.clock)
    wrist.pass_(5)
    sign_in("yxz", RIGHT, wrist.clock)
    assert [wrong(wrist) for _ in range(3)] == [passwords.WRONG] * 3


def test_an_unknown_account_waits_like_a_known_one(wrist: Wrist, looked_at: list[str]) -> None:
    known, unknown = [], []
    for _ in range(6):
        known.append(wrong(wrist))
        unknown.append(wrong(wrist, "nobody"))
    assert known == unknown and "请等" in known[-1]
    assert len(looked_at) == 6, "the hash of nobody is looked at as well, or the answer would come sooner"


def test_the_hash_of_nobody_takes_as_long_as_one_of_ours() -> None:
    ours = passwords._hasher().hash(RIGHT)
    assert passwords._NOBODYS.split("$")[:4] == ours.split("$")[:4]
    assert passwords._is_right(ours, RIGHT) and not passwords._is_right(passwords._NOBODYS, RIGHT)
    assert not passwords._is_right("not a hash", RIGHT)


@pytest.mark.parametrize("how", ["restart", "clock back", "both", "many accounts", "plain"])
def test_a_thousand_wrong_passwords_in_an_hour_let_through_at_most_thirty(
    wrist: Wrist, looked_at: list[str], how: str
) -> None:
    accounts = (f"guess{number}" for number in count())
    for number in range(1000):
        wrong(wrist, next(accounts) if how == "many accounts" else "yxz")
        wrist.pass_(HOUR / 1000)
        if how in ("restart", "both", "many accounts"):
            restart()
        if how in ("clock back", "both") and number % 7 == 0:
            wrist.wall -= 10 * HOUR
    print(f"{how}: {len(looked_at)} of 1000 wrong passwords let through in an hour (≤ 30)")
    assert 0 < len(looked_at) <= 30


def test_a_clock_set_back_does_not_shorten_the_wait_nor_lock_out_for_ever(wrist: Wrist, looked_at: list[str]) -> None:
    for _ in range(3):
        wrong(wrist)
    restart()
    wrist.wall -= 365 * 24 * HOUR
    assert "请等 5 秒" in wrong(wrist)
    wrist.wall += 24 * HOUR  # still in the past: no time of the file has gone by
    restart()
    assert "请等 5 秒" in wrong(wrist)
    wrist.counter += 5  # the open program counts by itself, whatever the clock says
    assert wrong(wrist) == passwords.WRONG


def test_a_clock_set_forward_while_the_program_runs_shortens_nothing(wrist: Wrist, looked_at: list[str]) -> None:
    for _ in range(3):
        wrong(wrist)
    wrist.wall += HOUR
    assert "请等 5 秒" in wrong(wrist)


def test_the_administrator_lets_somebody_in_again(wrist: Wrist, looked_at: list[str]) -> None:
    for _ in range(8):
        wrong(wrist)
    row = active("yxz")
    assert row is not None
    reset_password([row.id], password=RIGHT, again=RIGHT)
    sign_in("yxz", RIGHT, wrist.clock)


def test_old_wrong_passwords_are_forgotten_and_make_no_heap(wrist: Wrist, looked_at: list[str], file: DataFile) -> None:
    for number in range(5):
        wrong(wrist, f"guess{number}")
    wrist.pass_(2 * passwords.FORGOTTEN)
    assert [wrong(wrist) for _ in range(3)] == [passwords.WRONG] * 3
    assert {row[0] for row in file.run("SELECT account FROM sign_in")} == {"", "yxz"}


def test_a_password_is_set_only_inside_an_operation(file: DataFile) -> None:
    with pytest.raises(RuntimeError):
        passwords.set_password(1, "yxz", RIGHT)


def test_the_demonstration_has_one_account_a_role() -> None:
    assert sorted(role for _, _, role in ACCOUNTS) == ["1", "2", "3", "4", "5"]
    assert Place.seen_by == "places"
