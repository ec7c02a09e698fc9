"""Every command, called as a script calls it: exit codes, sentences, JSON."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from pypdfium2 import PdfDocument

from app.commands import DONE, FOUND, USAGE, main
from app.ledgers.people import persons
from app.models.kept_readings import KeptReading
from app.models.people import Person
from app.opening import opened
from app.sheets.intake import open_intake
from app.work import readings
from tests.work.rows_given import number_of

ROOT = Path(__file__).parents[1]
HEADING = ["户编号", "户主", "姓名", "与户主关系", "身份证号", "联系电话"]


class Shell:
    """Commands on one data file."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder, self.capsys, self.book = folder, capsys, folder / "book.db"

    def __call__(self, *words: str | Path) -> tuple[int, str]:
        code = main([*map(str, words), "--book", str(self.book)])
        said = self.capsys.readouterr()
        return code, said.out + said.err

    def facts(self, *words: str | Path) -> dict[str, Any]:
        _, said = self(*words, "--json")
        answer: dict[str, Any] = json.loads(said)
        return answer

    def sheet(self, *rows: list[Any], name: str = "名单.xlsx", title: str = "牛街村") -> Path:
        book = openpyxl.Workbook()
        book.active.title = title
        for row in rows:
            book.active.append(row)
        book.save(self.folder / name)
        return self.folder / name


@pytest.fixture
def shell(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Shell:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.delenv("LIANXIN_BOOK", raising=False)
    return Shell(tmp_path, capsys)


@pytest.fixture
def desk(shell: Shell) -> Shell:
    """A township with one household of two, taken in from a sheet."""
    assert shell("new", "--township", "牛街乡", "--county", "弥渡县", "--villages", "牛街村、保邑村，荣华村")[0] == DONE
    head = ["1", "张一", "张一", "户主", number_of(11), "13887654321"]
    good = shell.sheet(HEADING, head, ["1", "张一", "李二", "妻", number_of(12), None])
    assert shell("import", good, "--into", "persons")[0] == DONE
    return shell


# --- files ------------------------------------------------------------------------------------------------------------


def test_new_says_what_it_made_and_never_writes_over(shell: Shell) -> None:
    code, said = shell("new", "--township", "牛街乡", "--villages", "牛街村,保邑村")
    assert (code, said) == (DONE, "已建立牛街乡，2 个村。\n")
    before = shell.book.read_bytes()
    assert main(["new", "--township", "牛街乡" * 20, "--book", str(shell.folder / "b.db")]) == FOUND
    assert not (shell.folder / "b.db").exists()  # what could not be made does not stay behind
    assert "最多" in shell.capsys.readouterr().out
    code, said = shell("new", "--township", "别的乡")
    assert code == FOUND
    assert "已经存在" in said
    assert shell.book.read_bytes() == before


def test_a_file_that_is_not_there_not_said_or_not_ours(shell: Shell, capsys: pytest.CaptureFixture[str]) -> None:
    code, said = shell("check")
    assert (code, "没有找到数据文件" in said) == (FOUND, True)
    assert main(["check"]) == FOUND
    assert "--book" in capsys.readouterr().out
    shell.book.write_text("no data file at all" * 100)
    code, said = shell("check")
    assert code == FOUND
    assert "不是连心台账的数据文件" in said


def test_the_file_may_be_named_in_the_environment(desk: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIANXIN_BOOK", str(desk.book))
    assert main(["check"]) == DONE
    assert main(["--book", str(desk.book), "check"]) == DONE


def test_wrong_usage_is_2(desk: Shell) -> None:
    for words in (["nothing"], ["import", "x.xlsx"], ["export", "persons", "--day", "昨天", "--out", "x.xlsx"]):
        with pytest.raises(SystemExit) as stopped:
            desk(*words)
        assert stopped.value.code == USAGE


# --- ledgers ----------------------------------------------------------------------------------------------------------


def test_ledgers_are_listed_by_both_names(shell: Shell, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ledgers"]) == DONE
    assert "persons\t人员台账" in capsys.readouterr().out.splitlines()
    assert main(["ledgers", "--json"]) == DONE
    told = json.loads(capsys.readouterr().out)
    assert told["ledgers"]["households"] == "户台账"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("nonsense", "命令 没有"),
        ("fill", "还缺：form, --from, --out。写法见 main.py fill --help。"),
        ("fill a.xlsx --from", "--from 后面要写一个值。"),
        ("demo --seed x", "--seed 后面的 'x' 读不懂。"),
        ("demo --size town", "--size 没有"),
        ("check --nope", "不认得：--nope。"),
        ("import --into persons", "还缺：files。"),
        ("check --json=1", "--json 后面不用写值"),
    ],
)
def test_a_line_that_cannot_be_read_is_told_in_chinese(words: str, said: str, capsys: Any) -> None:
    with pytest.raises(SystemExit) as left:
        main(words.split())
    told = capsys.readouterr()
    assert left.value.code == 2 and said in told.err and told.out == ""
    assert not re.search(r"\b(usage|error|argument|choose|required|invalid)\b", told.err)


def test_the_help_of_every_command_is_chinese(capsys: Any) -> None:
    with pytest.raises(SystemExit):
        main(["--help"])
    listed = capsys.readouterr().out
    named = re.findall(r"^    (\w+) ", listed, re.MULTILINE)
    assert len(named) > 15
    for name in named:
        with pytest.raises(SystemExit):
            main([name, "--help"])
        listed += capsys.readouterr().out
    assert listed.count("用法：") == len(named) + 1
    assert not re.search(r"\b(usage|options|positional|arguments|show this|default)\b", listed)


def test_an_unknown_ledger_and_a_wrong_condition_are_usage(desk: Shell) -> None:
    code, said = desk("export", "人员", "--out", desk.folder / "x.xlsx")
    assert (code, "没有叫“人员”的台账" in said) == (USAGE, True)
    code, said = desk("export", "persons", "--where", "身高体重 > 3", "--out", desk.folder / "x.xlsx")
    assert code == USAGE
    assert "身高体重" in said
    code, said = desk("export", "persons", "--out", desk.folder / "x.csv")
    assert (code, ".xlsx" in said) == (USAGE, True)
    assert not (desk.folder / "x.xlsx").exists()


# --- import -----------------------------------------------------------------------------------------------------------


def test_import_tells_counts_cells_and_writes_the_refused_rows(desk: Shell) -> None:
    path = desk.sheet(
        HEADING, ["1", "张一", "李二", "妻", number_of(12), "13800138000"], ["1", "张一", "张三", "子", "123", None],
        ["2", "王五", "王五", "户主", number_of(21), "1380"], ["合计", None, 3, None, None, None],
    )  # fmt: skip
    told = desk.facts("import", path, "--into", "人员台账", "--refused", desk.folder / "退回.xlsx")
    kinds = ("read", "new", "changed", "same", "decide", "refused", "code")
    assert [told[kind] for kind in kinds] == [3, 1, 1, 0, 0, 1, 1]
    assert {(remark["cell"], remark["kind"]) for remark in told["remarks"]} == {
        ("牛街村!E3", "refused"), ("牛街村!F4", "new"),
    }  # fmt: skip
    assert told["skipped"] == [{"sheet": "牛街村", "row": 5, "reason": "合计行（合计）"}]
    assert "原因" in [cell.value for cell in openpyxl.load_workbook(desk.folder / "退回.xlsx").active[1]]
    code, said = desk("import", path, "--into", "persons")
    assert code == FOUND
    assert "共读到 3 行 = 新增 0 + 修改 0 + 相同 2 + 待定 0 + 退回 1。" in said
    assert "牛街村!E3　身份证号应为 18 位，现在是 3 位，少了 15 位，请对照身份证更正" in said
    assert "牛街村 第 5 行没有读：合计行（合计）。" in said


def test_a_dry_run_writes_nothing(desk: Shell) -> None:
    before = desk.facts("check", "--quick")
    path = desk.sheet(HEADING, ["9", "王九", "王九", "户主", number_of(91), None])
    told = desk.facts("import", path, "--into", "persons", "--dry-run")
    assert (told["new"], told["written"], told["code"]) == (1, False, DONE)
    assert desk.facts("import", path, "--into", "persons", "--dry-run")["new"] == 1
    assert before["found"] == []


def test_the_village_of_a_list_may_be_said(desk: Shell) -> None:
    path = desk.sheet(HEADING, ["9", "王九", "王九", "户主", number_of(91), None], title="Sheet1")
    assert desk.facts("import", path, "--into", "persons", "--dry-run")["refused"] == 1
    assert desk.facts("import", path, "--into", "persons", "--village", "保邑", "--dry-run")["new"] == 1
    code, said = desk("import", path, "--into", "persons", "--village", "新寨村")
    assert (code, "没有叫“新寨村”的行政村" in said) == (USAGE, True)


def test_a_reading_that_another_office_kept_is_used(desk: Shell) -> None:
    assert desk("readings") == (DONE, "还没有记住的导入读法。\n")
    path = desk.sheet([*HEADING, "去哪里了"], ["9", "王九", "王九", "户主", number_of(91), None, "广东"])
    assert "readings" in desk.facts("import", path, "--into", "persons", "--dry-run")
    with opened(str(desk.book)):
        intake = open_intake(path, Person, ledger=persons)
        intake.readings[0].mapping[len(HEADING)] = "away_place"
        readings.keep(persons.title, intake.to_keep())
    assert desk("readings", "--out", desk.folder / "读法.json")[0] == DONE
    with opened(str(desk.book)):
        readings.drop([row.id for row in KeptReading.select()])
    assert "已取入 1 条导入读法。" in desk("readings", "--take", desk.folder / "读法.json")[1]
    assert desk.facts("readings")["readings"] == [{"title": "名单", "ledger": "人员台账", "used": ""}]
    told = desk.facts("import", path, "--into", "persons", "--dry-run")
    assert (told["readings"], told["new"]) == ({"牛街村": "名单"}, 1)
    assert "按记住的读法“名单”读" in "".join(told["notes"])
    assert desk.facts("import", path, "--into", "persons", "--dry-run", "--fresh")["readings"] == {}
    assert desk("import", path, "--into", "persons")[0] == DONE
    assert desk.facts("readings")["readings"][0]["used"] == str(date.today())
    with opened(str(desk.book)):
        assert Person.get(Person.name == "王九").away_place == "广东"
    assert desk("readings", "--take", path)[0] == FOUND


def test_a_folder_is_taken_in_as_one(desk: Shell) -> None:
    place = desk.folder / "各村"
    place.mkdir()
    for at, name in enumerate("甲乙", 1):
        row = [f"{at}0", f"王{name}", f"王{name}", "户主", number_of(90 + at), None]
        desk.sheet(HEADING, row, ["1", "张一", "张三", "子", "123", None], name=f"各村/{name}.xlsx")
    (place / "丙.xlsx").write_text("<html>", encoding="utf-8")
    told = desk.facts("import", place, "--into", "persons", "--refused", desk.folder / "退回")
    assert (told["new"], told["refused"], told["code"]) == (2, 2, FOUND)
    assert [(one["file"], one["rows"]) for one in told["sheets"]] == [("乙.xlsx", 2), ("甲.xlsx", 2)]
    assert [one["file"] for one in told["unread"]] == [str(place / "丙.xlsx")]
    assert {remark["cell"] for remark in told["remarks"]} == {"[甲.xlsx]牛街村!E3", "[乙.xlsx]牛街村!E3"}
    assert {path.name for path in (desk.folder / "退回").iterdir()} == {"甲-退回.xlsx", "乙-退回.xlsx"}
    code, said = desk("import", place / "甲.xlsx", place / "乙.xlsx", "--into", "persons", "--dry-run")
    assert code == FOUND and "相同 2" in said


def test_a_masked_export_is_not_taken_back(desk: Shell) -> None:
    assert desk("export", "persons", "--masked", "--out", desk.folder / "隐.xlsx")[0] == DONE
    code, said = desk("import", desk.folder / "隐.xlsx", "--into", "persons")
    assert (code, "隐去了部分内容" in said) == (FOUND, True)
    assert desk("export", "persons", "--out", desk.folder / "全.xlsx")[0] == DONE
    assert desk.facts("import", desk.folder / "全.xlsx", "--into", "persons")["same"] == 2


def test_a_file_that_cannot_be_read_is_one_sentence(desk: Shell) -> None:
    (desk.folder / "假.xlsx").write_bytes(b"%PDF-1.7")
    for name in ("假.xlsx", "没有.xlsx"):
        code, said = desk("import", desk.folder / name, "--into", "persons")
        assert code == FOUND
        assert said.count("\n") == 1
        assert name in said


# --- out --------------------------------------------------------------------------------------------------------------


def test_export_by_condition_and_day(desk: Shell) -> None:
    words = ("--where", "与户主关系 = 户主", "--day", "2026-11-21", "--out", desk.folder / "x.xlsx")
    told = desk.facts("export", "persons", *words)
    assert told["file"] == str(desk.folder / "x.xlsx")
    sheet = openpyxl.load_workbook(desk.folder / "x.xlsx").active
    assert sheet.max_row == 4
    assert sheet["B4"].value == "张一"
    assert "与户主关系 = 户主" in sheet["A2"].value


def test_print_a_ledger_and_a_paper(desk: Shell) -> None:
    assert desk("print", "人员台账", "--out", desk.folder / "台账.pdf")[0] == DONE
    with PdfDocument(desk.folder / "台账.pdf") as document:
        assert "李二" in document[0].get_textpage().get_text_bounded()
    code, said = desk("print", "签领表", "--out", desk.folder / "签.pdf")
    assert (code, "没有符合条件的帮扶记录" in said) == (FOUND, True)
    code, said = desk("print", "certificate", "--out", desk.folder / "证.pdf")
    assert code == FOUND
    assert not (desk.folder / "签.pdf").exists()


# --- undo, check, backup ----------------------------------------------------------------------------------------------


def test_undo_the_last_one_or_one_by_number(desk: Shell) -> None:
    code, said = desk("undo")
    assert (code, said.startswith("已撤销“导入“名单.xlsx””")) == (DONE, True)
    code, said = desk("undo", "99")
    assert (code, "没有第 99 号操作" in said) == (FOUND, True)
    assert desk("undo", "1")[0] == DONE
    code, said = desk("undo", "1")
    assert (code, "已经撤销过了" in said) == (FOUND, True)


def test_check_finds_what_was_changed_outside(desk: Shell) -> None:
    import sqlcipher3

    assert desk("check") == (DONE, "数据文件完好，没有发现问题。\n")
    database = sqlcipher3.connect(str(desk.book))
    database.execute("UPDATE person SET name = '改了' WHERE name = '李二'")
    database.commit()
    database.close()
    told = desk.facts("check")
    assert told["code"] == FOUND
    assert any("操作日志不一致" in sentence for sentence in told["found"])
    assert desk("check", "--quick")[0] == DONE


def test_backup_and_restore(desk: Shell) -> None:
    kept = desk.folder / "备份.db"
    told = desk.facts("backup", "--out", kept)
    assert told["counts"]["person"] == 2
    assert desk("undo")[0] == DONE
    assert desk.facts("restore", kept, "--look")["restored"] is False
    assert "0 行" in desk("export", "persons", "--out", desk.folder / "a.xlsx")[1]
    assert desk.facts("restore", kept)["restored"] is True
    assert "2 行" in desk("export", "persons", "--out", desk.folder / "a.xlsx")[1]
    code, said = desk("restore", desk.folder / "没有.db")
    assert (code, said.count("\n")) == (FOUND, 1)


# --- processes of their own -------------------------------------------------------------------------------------------


def run(*words: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-X", "utf8", "main.py", *map(str, words)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def test_the_same_seed_and_day_make_the_same_file(tmp_path: Path) -> None:
    demo = ("demo", "--seed", "7", "--today", "2026-11-21", "--json")
    made = [run(*demo, "--book", tmp_path / f"{number}.db") for number in (1, 2)]
    told = [json.loads(one.stdout) for one in made]
    assert [one.returncode for one in made] == [DONE, DONE]
    assert told[0]["hash"] == told[1]["hash"]
    assert "11753" in told[0]["sentence"].replace(",", "")
    words = ("--where", "年龄 >= 95", "--out", tmp_path / "x.xlsx", "--book", tmp_path / "1.db")
    first = run("export", "人员台账", *words)
    assert first.returncode == DONE
    assert "演示" in openpyxl.load_workbook(tmp_path / "x.xlsx").active["A1"].value


def test_the_size_of_the_demonstration_file(tmp_path: Path) -> None:
    made = run("demo", "--size", "village", "--today", "2026-11-21", "--book", tmp_path / "a.db", "--json")
    assert made.returncode == DONE and "355 户 1,178 人" in json.loads(made.stdout)["sentence"]
    wrong = run("demo", "--size", "kingdom", "--book", tmp_path / "b.db")
    assert wrong.returncode == USAGE and not (tmp_path / "b.db").exists()


def test_from_a_shell(tmp_path: Path) -> None:
    told = run("--help")
    assert told.returncode == DONE
    assert "import" in told.stdout
    assert run("export", "persons").returncode == USAGE
    missing = run("check", "--book", tmp_path / "没有.db")
    assert (missing.returncode, missing.stderr) == (FOUND, "")
    assert "没有找到数据文件" in missing.stdout
    wrong = run("export", "没有的", "--out", tmp_path / "x.xlsx", "--book", tmp_path / "没有.db")
    assert wrong.returncode in (FOUND, USAGE)


def test_a_command_does_not_load_what_it_does_not_need(tmp_path: Path) -> None:
    slow = ("openpyxl", "xlsxwriter", "reportlab", "python_calamine", "psycopg", "PySide6", "pypinyin")
    assert run("new", "--township", "牛街乡", "--book", tmp_path / "a.db").returncode == DONE
    code = (
        "import sys\nfrom app.commands import main\n"
        f"main(['check', '--book', {str(tmp_path / 'a.db')!r}])\n"
        f"print([name for name in {slow} if sys.modules.get(name)], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.stderr.strip() == "[]"


def test_a_frozen_program_is_its_own_reading_child(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("姓名,电话\n张一,1\n", "utf-8")
    words = [sys.executable, "main.py", "--read-sheet", str(tmp_path / "a.csv")]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, check=False)
    assert done.returncode == DONE
    assert "张一".encode() in done.stdout


def test_who_reads_only_the_first_lines_is_not_told_of_a_broken_pipe(desk: Shell) -> None:
    started = subprocess.Popen(
        [sys.executable, str(ROOT / "main.py"), "ledgers", "--book", str(desk.book)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    assert started.stdout is not None and started.stderr is not None
    started.stdout.close()
    told = started.stderr.read()
    started.stderr.close()
    assert started.wait(60) == 1 and told == b""
