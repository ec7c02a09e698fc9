"""Signing in and out, and the verbs of who manages the accounts (登录、账号)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from app.models import passwords
from app.models.faults import Denied, Fault, Reject, Shut
from app.models.here import Clerk, here, standing, today
from app.models.operation import demand, operation, tell
from app.models.passwords import Clock
from app.models.roles import ADMINISTRATOR, ENTRY
from app.models.staff import Staff, active, roles_of

LONGEST = 30  # characters of an account that are looked at


def clerk_of(row: Any) -> Clerk:
    """Who signs in with this account."""
    return Clerk(row.account, row.name, roles_of(row), row.village_id, row.id)


def sign_in(account: str, password: str, clock: Clock | None = None, how: str = "") -> Clerk:
    """Who signs in with this account and password; his sign-in stands in the history. Raises Shut.

    The caller puts him into the context. `how` is a word more for the history.
    """
    account = account.strip()[:LONGEST]
    if not account or not password:
        raise Shut("请填写账号和密码。")
    row = active(account)
    try:
        passwords.check(account, row.id if row else None, password, clock)
    except Shut as shut:
        if str(shut) == passwords.WRONG:  # an unknown account may be a password typed in the wrong field
            tell(f"登录失败：账号“{account}”密码不对" if row else "登录失败：没有这个账号")
        raise
    assert row is not None
    clerk = clerk_of(row)
    with standing(clerk=clerk, who=clerk.account):
        tell(f"登录{how}")
    return clerk


def sign_out() -> None:
    """Leave a line in the history that who is signed in goes."""
    if (clerk := here().clerk) is not None and clerk.roles:
        tell("退出登录")


def is_still(clerk: Clerk) -> bool:
    """Whether the account of who is signed in may still be used, with the same roles and village."""
    row = active(clerk.account)
    return row is not None and clerk_of(row) == clerk


def change_password(old: str, new: str, again: str, clock: Clock | None = None) -> str:
    """Give oneself another password. Raises Reject or Shut."""
    clerk = here().clerk
    if clerk is None or not clerk.roles:
        raise Denied(Fault("", "请先登录。"))
    _same(new, again)
    passwords.check(clerk.account, clerk.key, old, clock)
    with operation("改密码") as opened:
        opened.kept = True
        passwords.set_password(clerk.key, clerk.account, new)
    return "密码已改，下次登录用新密码。"


def first_account(account: str, name: str, password: str, again: str) -> Clerk:
    """The first account of a data file, which enters and administers. Raises Reject; it is signed in at once."""
    _same(password, again)
    with operation("建立首个账号") as opened:
        row = Staff(account=account.strip(), name=name, role=ENTRY, also=ADMINISTRATOR)
        row.save()
        passwords.set_password(row.id, row.account, password)
        opened.kept = True
    return clerk_of(row)


def reset_password(keys: Sequence[int], *, password: str, again: str) -> str:
    """Give an account a password, as when it is new or the old one is forgotten (设密码)."""
    demand("accounts", "重设密码")
    _same(password, again)
    row = Staff.by_key(keys[0])
    with operation(f"重设密码：{row.account}") as opened:
        opened.kept = True
        passwords.set_password(row.id, row.account, password)
    return f"账号“{row.account}”（{row.name}）的密码已设好，请把它当面告诉本人。"


def why_password(keys: Sequence[int]) -> str:
    """What the new password of an account is for, and what it must be."""
    first = "" if passwords.has_password(keys[0]) else "这个账号还没有密码，设好才能登录。"
    return f"{first}密码至少 {passwords.LEAST} 个字符，字母和数字混合。"


def stop(keys: Sequence[int]) -> str:
    """An account may not be used from today on (停用)."""
    row = Staff.by_key(keys[0])
    if (clerk := here().clerk) is not None and clerk.key == row.id:
        raise Reject(Fault("", "这是您正在用的账号，不能由自己停用。"))
    row.until = max(today(), row.since) if row.since else today()
    with operation(f"停用账号：{row.account}"):
        row.save()
    return f"账号“{row.account}”（{row.name}）已停用，不能再登录；以前的操作记录不变。"


def start(keys: Sequence[int]) -> str:
    """A stopped account may be used again (启用)."""
    row = Staff.by_key(keys[0])
    row.until = None
    with operation(f"启用账号：{row.account}"):
        row.save()
    return f"账号“{row.account}”（{row.name}）可以登录了。"


def why_not_stopped(keys: Sequence[int]) -> str | None:
    return "这个账号已经停用了。" if Staff.by_key(keys[0]).until else None


def why_not_started(keys: Sequence[int]) -> str | None:
    return None if Staff.by_key(keys[0]).until else "这个账号没有停用。"


def _same(password: str, again: str) -> None:
    if password != again:
        raise Reject(Fault("again", "两次写的密码不一样，请重写。"))
