"""What each role may do (权限), as one table. Every door asks here, below the window; the window only shows the answer.

Where the data file has no accounts nobody is signed in, and everything may be done.
"""

from __future__ import annotations

from app.models import codes
from app.models.faults import Denied, Fault
from app.models.here import Clerk, here_or_none

ENTRY, REVIEWER, LEADER, ADMINISTRATOR, AUDITOR = "1", "2", "3", "4", "5"  # of the code table staff_role
ROLES = (ENTRY, REVIEWER, LEADER, ADMINISTRATOR, AUDITOR)

TABLE = """
                录入  审核  领导  管理  审计
    see          ●    ●    ●    ·    ·    查看登记内容
    places       ●    ●    ●    ●    ·    查看村组
    write        ●    ●    ·    ·    ·    登记、修改、删除
    arrange      ●    ●    ●    ·    ·    保存自设台账
    bulk         ●    ●    ·    ·    ·    批量修改
    import       ●    ●    ·    ·    ·    导入名单
    undo         ●    ●    ·    ●    ·    撤销自己的操作
    undo_others  ·    ●    ·    ·    ·    撤销别人的操作
    whole        ●    ●    ·    ·    ·    查看完整号码
    print        ●    ●    ●    ·    ●    打印
    export       ●    ●    ·    ·    ●    导出表格
    history      ·    ●    ·    ·    ●    查看操作日志
    check        ●    ●    ·    ●    ●    检查数据文件
    backup       ·    ●    ·    ●    ·    备份
    restore      ·    ·    ·    ●    ·    恢复
    accounts     ·    ·    ·    ●    ·    管理账号
"""


def _read(table: str) -> tuple[dict[str, frozenset[str]], dict[str, str]]:
    """The table as {power: roles} and {power: the clerk's words for it}."""
    allowed, words = {}, {}
    for line in table.strip().splitlines()[1:]:
        power, *marks, text = line.split()
        allowed[power] = frozenset(role for role, mark in zip(ROLES, marks, strict=True) if mark == "●")
        words[power] = text
    return allowed, words


ALLOWED, WORDS = _read(TABLE)


def clerk() -> Clerk | None:
    """Who is signed in here; None where the data file has no accounts."""
    place = here_or_none()
    return place.clerk if place else None


def may(power: str) -> bool:
    """Whether who is at the desk may do this; `power` is a word of `TABLE`."""
    who = clerk()
    return who is None or bool(ALLOWED[power] & set(who.roles))


def why_not(power: str) -> str | None:
    """Why who is at the desk may not do this, in a sentence; None where he may."""
    who = clerk()
    if who is None or may(power):
        return None
    if not who.roles:
        return "请先登录。"
    return f"{called(who)}没有“{WORDS[power]}”的权限，请找{_who_may(power)}办理。"


def require(power: str) -> None:
    """Raise Denied where who is at the desk may not do this."""
    if why := why_not(power):
        raise Denied(Fault("", why))


def called(who: Clerk) -> str:
    """The roles of a clerk in words."""
    return "、".join(map(codes.table("staff_role").show, who.roles))


def _who_may(power: str) -> str:
    return "或".join(codes.table("staff_role").show(role) for role in ROLES if role in ALLOWED[power])
