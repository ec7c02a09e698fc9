"""Signing in to commands: from the environment, on the terminal, and exit code 3 where it fails."""

from __future__ import annotations

import getpass
import sys
from pathlib import Path

import openpyxl
import pytest

from app.commands import DONE, FOUND, SIGN_IN, main
from app.models.operation import operation
from app.models.staff import Staff
from app.opening import opened
from app.work.demo_staff import PASSWORD as DEMO
from app.work.staff import first_account, reset_password

PASSWORD = "Niujie-2026"


class Office:
    """Commands on a data file with an office of one (yxz) and a leader (ld)."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder, self.capsys, self.book = folder, capsys, folder / "book.db"
        with opened(str(self.book), new=True):
            with operation("登记账号"):
                Staff(account="admin", name="李国强", role="4").save()
                leader = Staff(account="ld", name="王德福", role="3")
                leader.save()
            first_account("yxz", "杨秀珍", PASSWORD, PASSWORD)
            reset_password([leader.id], password=PASSWORD, again=PASSWORD)

    def __call__(self, *words: str | Path) -> tuple[int, str]:
        code = main([*map(str, words), "--book", str(self.book)])
        said = self.capsys.readouterr()
        return code, said.out + said.err


@pytest.fixture
def office(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Office:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    for name in ("LIANXIN_BOOK", "LIANXIN_USER", "LIANXIN_PASSWORD"):
        monkeypatch.delenv(name, raising=False)
    return Office(tmp_path, capsys)


def be(monkeypatch: pytest.MonkeyPatch, account: str, password: str = PASSWORD) -> None:
    monkeypatch.setenv("LIANXIN_USER", account)
    monkeypatch.setenv("LIANXIN_PASSWORD", password)


def test_the_environment_says_who_it_is(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    be(monkeypatch, "yxz")
    assert office("check") == (DONE, "数据文件完好，没有发现问题。\n")
    be(monkeypatch, "yxz", "wrong password")
    assert office("check") == (SIGN_IN, "账号或密码不对，请核对后再试。\n")
    be(monkeypatch, "nobody")
    assert office("check") == (SIGN_IN, "账号或密码不对，请核对后再试。\n")
    for _ in range(2):
        be(monkeypatch, "yxz", "wrong password")
        office("check")
    be(monkeypatch, "yxz")
    code, said = office("check", "--json")
    assert code == SIGN_IN and "请等" in said and '"code": 3' in said


def test_without_a_terminal_and_without_names_nothing_is_done(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.stdin, "isatty", lambda: False)
    code, said = office("export", "persons", "--out", office.folder / "x.xlsx")
    assert code == SIGN_IN and "LIANXIN_USER" in said and said.count("\n") == 1
    assert not (office.folder / "x.xlsx").exists()


def test_the_terminal_is_asked_without_echo(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True)
    monkeypatch.setattr("builtins.input", lambda prompt: asked.append(prompt) or "yxz")
    monkeypatch.setattr(getpass, "getpass", lambda prompt: asked.append(prompt) or PASSWORD)
    assert office("check")[0] == DONE and asked == ["账号：", "密码："]
    monkeypatch.setenv("LIANXIN_USER", "ld")
    assert office("undo")[0] == FOUND and asked[2:] == ["密码："]

    def gone(prompt: str) -> str:
        raise EOFError

    monkeypatch.setattr(getpass, "getpass", gone)
    assert office("check") == (SIGN_IN, "没有登录，什么也没有做。\n")


def test_a_role_may_by_command_what_it_may_in_the_window(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    be(monkeypatch, "ld")
    for words in (
        ("export", "persons", "--out", office.folder / "x.xlsx"), ("backup", "--out", office.folder / "b.db"),
        ("check",), ("print", "persons", "--purpose", "下村走访", "--out", office.folder / "x.pdf"),
    ):  # fmt: skip
        code, said = office(*words)
        assert code == FOUND and "领导没有“" in said and said.count("\n") == 1, words
    assert office("print", "persons", "--masked", "--out", office.folder / "x.pdf")[0] == DONE
    assert {path.name for path in office.folder.glob("*.*")} == {"book.db", "x.pdf"}


def test_whole_numbers_need_a_purpose(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    be(monkeypatch, "yxz")
    code, said = office("export", "persons", "--out", office.folder / "x.xlsx")
    assert code == FOUND and "用途" in said and not (office.folder / "x.xlsx").exists()
    assert office("export", "persons", "--purpose", "发放补贴核对", "--out", office.folder / "x.xlsx")[0] == DONE


def test_only_an_administrator_restores_over_a_file_with_accounts(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    be(monkeypatch, "yxz")
    assert office("backup", "--out", office.folder / "b.db")[0] == DONE
    be(monkeypatch, "ld")
    code, said = office("restore", office.folder / "b.db")
    assert code == FOUND and "领导没有“恢复”的权限" in said
    be(monkeypatch, "yxz")
    assert office("restore", office.folder / "b.db")[0] == DONE
    assert main(["restore", str(office.folder / "b.db"), "--book", str(office.folder / "new.db")]) == DONE


def test_the_demonstration_takes_its_entry_clerk_where_nobody_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    for name in ("LIANXIN_USER", "LIANXIN_PASSWORD"):
        monkeypatch.delenv(name, raising=False)
    book = ("--book", str(tmp_path / "demo.db"))
    assert main(["demo", "--today", "2026-11-21", *book]) == DONE
    out = tmp_path / "x.xlsx"
    assert main(["export", "persons", "--where", "年龄 >= 80", "--out", str(out), *book]) == DONE
    assert openpyxl.load_workbook(out).active.max_row > 4
    assert main(["export", "账号", "--out", str(tmp_path / "y.xlsx"), *book]) == FOUND
    assert "录入没有“管理账号”的权限" in capsys.readouterr().out and not (tmp_path / "y.xlsx").exists()
    for account, code in (("审计", FOUND), ("管理员", DONE)):
        be(monkeypatch, account, DEMO)
        assert main(["backup", "--out", str(tmp_path / f"{account}.db"), *book]) == code
    capsys.readouterr()
