"""Staff (经办人账号): who may sign in, in which role, and for which village.

An account is a fact with a history like all others. Its password is none: only the argon2 hash of it is kept, in the
table `password`, which is a note of the desk, shown nowhere and outside the hash of facts.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from app.models.codes import table
from app.models.faults import Fault
from app.models.fields import Code, Day, Link, PersonName, Remark, Text
from app.models.here import here, today
from app.models.places import Place, dates_in_order
from app.models.record import Record
from app.models.roles import ADMINISTRATOR, AUDITOR


class Staff(Record):
    """One account. `also` is a second role, so that one person alone can enter and administer."""

    account = Text("账号", required=True, most=30, index=True, note="登录时填写，中文或拼音都可以")
    name = PersonName("姓名", required=True, most=40)
    role = Code("角色", "staff_role", required=True)
    also = Code("兼任角色", "staff_role", note="只有一个人办公时，录入兼系统管理员")
    village = Link(Place, "所管行政村", among="级别 = 村", note="不填即全乡")
    since = Day("启用日期")
    until = Day("停用日期")
    note = Remark("备注")

    word = "账号"
    shown_by = "account"
    same_as = "account"
    seen_by = written_by = "accounts"

    @staticmethod
    def faults(row: Any) -> Iterator[Fault]:
        if row.account and any(sign.isspace() for sign in row.account):
            yield Fault("account", "账号里不要有空格。")
        if row.also and row.also == row.role:
            yield Fault("also", "兼任角色与角色相同，请去掉或改选。")
        if row.role and row.also and AUDITOR in (row.role, row.also):
            yield Fault("also", f"{table('staff_role').show(AUDITOR)}只看操作日志，不能兼任其他角色。")
        yield from dates_in_order(row)

    @classmethod
    def together(cls) -> Iterator[Fault]:
        """Somebody must be left who manages the accounts."""
        active = list(cls.select().where(cls.until.is_null() | (cls.until > str(today()))))
        if active and not any(ADMINISTRATOR in (row.role, row.also) for row in active):
            yield Fault("role", "至少要有一个在用的系统管理员账号，不然没有人能管理账号。")


def roles_of(row: Any) -> tuple[str, ...]:
    """The codes of an account's roles."""
    return tuple(filter(None, (row.role, row.also)))


def active(account: str) -> Staff | None:
    """The account of this name that may be used today."""
    day = str(today())
    begun = Staff.since.is_null() | (Staff.since <= day)
    found: Staff | None = Staff.get_or_none(
        (Staff.account == account) & begun & (Staff.until.is_null() | (Staff.until > day))
    )
    return found


def has_accounts() -> bool:
    """Whether one must sign in to the open file: somebody who manages the accounts has a password."""
    sql = (
        'SELECT count(*) FROM staff JOIN password ON password.staff = staff.id WHERE ? IN (staff.role, staff.also)'
    )
    return bool(here().file.run(sql, (ADMINISTRATOR,)).fetchone()[0])
