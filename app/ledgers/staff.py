"""Ledger of the accounts of staff."""

from __future__ import annotations

from app.ledgers.ledger import Action, Ledger, Paper
from app.models.fields import Password
from app.models.staff import Staff
from app.work import staff as accounts

staff = Ledger(
    "账号",
    Staff,
    columns="account name role also village since until note",
    filters="role village",
    order="account",
    form="""
        account  name
        role     also
        village
        since    until
        note
    """,
    actions=(
        Action(
            "设密码",
            accounts.reset_password,
            {"password": Password("新密码", required=True), "again": Password("再写一次", required=True)},
            warns=accounts.why_password,
            due="设好密码才能登录。",
            needs="accounts",
        ),
        Action("停用", accounts.stop, hindered=accounts.why_not_stopped, needs="accounts"),
        Action("启用", accounts.start, hindered=accounts.why_not_started, needs="accounts"),
    ),
    paper=Paper(landscape=False),
)
