"""Signing in to a command: who it is stands in the environment, or is asked on the terminal, the password unseen."""

from __future__ import annotations

import getpass
import os
import sys

from app.models.faults import Shut
from app.models.here import Clerk
from app.work.demo_staff import demo_account
from app.work.staff import sign_in

USER, PASSWORD = "LIANXIN_USER", "LIANXIN_PASSWORD"


def sign_in_by_environment() -> Clerk | None:
    """Who LIANXIN_USER and LIANXIN_PASSWORD name; None where they name nobody. Raises Shut."""
    account, password = os.environ.get(USER, ""), os.environ.get(PASSWORD, "")
    return sign_in(account, password) if account and password else None


def sign_in_by_command() -> Clerk:
    """Who runs this command. A demonstration file takes its entry clerk where nobody is named. Raises Shut."""
    account, password = os.environ.get(USER, ""), os.environ.get(PASSWORD, "")
    if not account and (known := demo_account()) is not None:
        account, password = known
    if not (account and password) and not sys.stdin.isatty():
        raise Shut(f"这个数据文件要先登录：请用环境变量 {USER} 和 {PASSWORD} 写明账号和密码。")
    try:
        account = account or input("账号：")
        password = password or getpass.getpass("密码：")
    except (EOFError, KeyboardInterrupt):
        raise Shut("没有登录，什么也没有做。") from None
    return sign_in(account, password, how="（命令）")
