"""The five accounts of the demonstration file, one a role; their password is no secret and stands on its band."""

from __future__ import annotations

from app.models.operation import operation
from app.models.passwords import set_password
from app.models.record import put_all
from app.models.roles import ADMINISTRATOR, AUDITOR, ENTRY, LEADER, REVIEWER
from app.models.staff import Staff
from app.work.office import demo_day

PASSWORD = "lianxin-demo"
ACCOUNTS = (
    ("管理员", "李国强", ADMINISTRATOR), ("录入", "杨秀珍", ENTRY), ("审核", "普永昌", REVIEWER),
    ("领导", "王德福", LEADER), ("审计", "张文", AUDITOR),
)  # fmt: skip


def put() -> None:
    """Write the accounts into the file; their passwords are hashed with salts of chance, and are no facts."""
    with operation("建立演示数据：账号"):
        rows = [{"account": account, "name": name, "role": role} for account, name, role in ACCOUNTS]
        for key, (account, _, _) in zip(put_all(Staff, rows), ACCOUNTS, strict=True):
            set_password(key, account, PASSWORD)


def demo_account() -> tuple[str, str] | None:
    """Account and password of the entry clerk of a demonstration file; None for a file in earnest."""
    return (ACCOUNTS[1][0], PASSWORD) if demo_day() else None


def band() -> str:
    """What stands about the accounts above the window of a demonstration file."""
    return f"演示账号：{'、'.join(account for account, _, _ in ACCOUNTS)}，密码都是 {PASSWORD}。"
