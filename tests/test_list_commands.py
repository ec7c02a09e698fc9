"""The commands of the list tools, called as a script calls them: exit codes, sentences, JSON, --help."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.commands import DONE, FOUND, USAGE, main
from tests.test_commands import Shell, desk, shell  # noqa: F401  (fixtures)
from tests.work.rows_given import number_of

HEAD = ["姓名", "身份证号", "行政村", "联系电话"]


@pytest.mark.parametrize("name", ["compare", "lookup", "split", "merge", "answer", "template"])
def test_each_command_has_help(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main([name, "--help"])
    assert stopped.value.code == DONE
    assert "--json" in capsys.readouterr().out


def test_compare(desk: Shell) -> None:  # noqa: F811
    one = desk.sheet(HEAD, ["张一", number_of(11), "牛街村", "13887654321"], name="甲.xlsx")
    other = desk.sheet(HEAD, ["张一", number_of(11), "牛街村", "13887654322"], name="乙.xlsx")
    out = desk.folder / "差异.xlsx"
    facts = desk.facts("compare", one, other, "--out", out)
    assert (facts["code"], facts["one"], facts["different"], facts["files"]) == (DONE, 1, 1, [str(out)])
    twice = desk.sheet(HEAD, *[["张一", number_of(11), "牛街村", None]] * 2, name="丙.xlsx")
    code, said = desk("compare", one, twice, "--out", out)
    assert code == FOUND
    assert "对不准 3 行" in said
    code, said = desk("compare", one, other, "--out", desk.folder / "差异.csv")
    assert (code, said) == (USAGE, "结果要以 .xlsx 结尾，请改文件名。\n")
    code, said = desk("compare", one, Path("没有.xlsx"), "--out", out)
    assert (code, said.endswith("。\n")) == (FOUND, True)


def test_lookup(desk: Shell) -> None:  # noqa: F811
    out = desk.folder / "结果.xlsx"
    columns = ("--columns", "姓名,联系电话")
    facts = desk.facts("lookup", "persons", "--text", f"{number_of(12)}，张一", "--out", out, *columns)
    assert (facts["code"], facts["asked"], facts["found"]) == (DONE, 2, 2)
    code, said = desk("lookup", "persons", "--text", "没有此人", "--out", out)
    assert (code, said) == (FOUND, "查找 1 人：找到 0 人，没有找到 1 人，分不清是谁 0 人。\n")
    code, said = desk("lookup", "persons", "--text", "张一", "--out", out, "--columns", "身高体重")
    assert (code, said) == (USAGE, "“人员台账”里没有叫“身高体重”的列。\n")
    assert desk("lookup", "persons", "--out", out)[0] == USAGE


def test_split(desk: Shell) -> None:  # noqa: F811
    one = desk.sheet(HEAD, ["张一", number_of(11), "牛街村", None], ["李二", number_of(12), "保邑村", None])
    facts = desk.facts("split", one, "--out", desk.folder / "各村")
    assert (facts["code"], facts["rows"], facts["villages"], len(facts["files"])) == (DONE, 2, 2, 2)
    code, said = desk("split", one, "--out", desk.folder / "各村")
    assert (code, "请另选一个空文件夹" in said) == (FOUND, True)
    facts = desk.facts("split", "persons", "--where", "性别 = 男", "--out", desk.folder / "台账")
    assert (facts["code"], facts["rows"]) == (DONE, 1)
    assert facts["files"] == [str(desk.folder / "台账" / "人员台账-牛街村.xlsx")]
    assert desk("split", one, "--where", "性别 = 男", "--out", desk.folder / "x")[0] == USAGE


def test_merge(desk: Shell) -> None:  # noqa: F811
    one = desk.sheet(HEAD, ["张一", number_of(11), "牛街村", None], name="甲.xlsx")
    other = desk.sheet(HEAD, ["李二", number_of(12), "保邑村", None], name="乙.xlsx")
    out = desk.folder / "合并.xlsx"
    facts = desk.facts("merge", one, other, "--out", out)
    assert (facts["code"], facts["read"], facts["merged"], facts["refused"]) == (DONE, 2, 2, 0)
    twin = desk.sheet(HEAD, ["张一", number_of(11), "牛街村", "13887654321"], name="丙.xlsx")
    code, said = desk("merge", one, twin, "--out", out)
    assert (code, "同一人内容不同 1 处" in said) == (FOUND, True)
    (desk.folder / "空").mkdir()
    code, said = desk("merge", desk.folder / "空", "--out", out)
    assert (code, said) == (FOUND, "文件夹里没有表格，请检查是不是选错了文件夹。\n")


def test_template(desk: Shell) -> None:  # noqa: F811
    out = desk.folder / "模板.xlsx"
    facts = desk.facts("template", "persons", "--out", out)
    assert facts["code"] == DONE and facts["columns"] > 40 and facts["required"] > 3
    code, _ = desk("import", out, "--into", "persons", "--dry-run")
    assert code == FOUND, "an empty template holds nobody"
    code, said = desk("template", "history", "--out", out)
    assert (code, said) == (FOUND, "“操作日志”不能从表格导入，没有空表。\n")
    assert desk("template", "没有的", "--out", out)[0] == USAGE


def test_answer(desk: Shell) -> None:  # noqa: F811
    head = ["姓名", "身份证号", "是否在册", "所在村"]
    doubts = desk.sheet(head, ["张一", number_of(11), None, None], name="疑点.xlsx")
    facts = desk.facts("answer", doubts, "--out", desk.folder / "答复.xlsx")
    assert (facts["code"], facts["known"], facts["filled"]) == (DONE, 1, 2)
    nobody = desk.sheet(["姓名", "身份证号", "所在村"], ["赵六", number_of(98), None], name="疑点.xlsx")
    assert desk("answer", nobody, "--out", desk.folder / "答复.xlsx")[0] == FOUND
