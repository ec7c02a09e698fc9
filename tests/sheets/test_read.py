"""Files as strangers send them: every one ends as sheets or as one sentence."""

from __future__ import annotations

import io
import sys
import time
import zipfile
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from app.models.faults import Cancelled, Trouble
from app.sheets import read
from app.sheets.child import ENTRIES, UNPACKED_BYTES
from app.sheets.read import Sheet, letters, read_book

SHARED = Path(__file__).resolve().parents[3] / "shared" / "sheets"
HEAD = ["姓名", "身份证号", "金额"]
ID = "990001195001010016"


def saved(book: openpyxl.Workbook, path: Path) -> Path:
    book.save(path)
    return path


def small(path: Path) -> Path:
    book = openpyxl.Workbook()
    book.active.append(HEAD)
    book.active.append(["张三", ID, 1200])
    return saved(book, path)


def test_cells_keep_their_kind(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "东风村"
    sheet["B3"], sheet["C3"], sheet["D3"], sheet["E3"] = "姓 名", 350, 350.5, date(2023, 5, 1)
    sheet["B4"], sheet["C4"], sheet["D4"], sheet["E4"] = "  ", 990001195001010016.0, True, ID
    (only,) = read_book(saved(book, tmp_path / "a.xlsx"))
    assert (only.name, only.top, only.left, only.hidden) == ("东风村", 2, 1, False)
    assert only.rows[0] == ["姓 名", 350, 350.5, date(2023, 5, 1)]
    assert only.rows[1] == [None, 990001195001010016.0, True, ID]
    assert type(only.rows[0][1]) is int
    assert type(only.rows[1][1]) is float, "the last digits are lost, the ID reader must be able to see it"
    assert only.address(0, 1) == "C3"


def test_merges_hidden_rows_and_hidden_columns_count_from_the_first_cell(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    for r in range(3, 8):
        for c in range(2, 6):
            sheet.cell(r, c, f"{r}{c}")
    sheet.merge_cells("B4:B6")
    sheet.row_dimensions[5].hidden = True
    sheet.column_dimensions["D"].hidden = True
    book.create_sheet("下拉").append(["甲"])
    book["下拉"].sheet_state = "hidden"
    first, second = read_book(saved(book, tmp_path / "a.xlsx"))
    assert first.merges == [(1, 0, 3, 0)]
    assert first.hidden_rows == {2} and first.hidden_columns == {2}
    assert first.notes == ["本表有 1 个隐藏行也读入了", "本表有 1 个隐藏列也读入了"]
    assert second.hidden and second.rows == [["甲"]] and second.notes == ["这是隐藏的表，也读入了"]


def test_formulas_without_a_result_and_errors_do_not_vanish(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["数", "算", "错"])
    sheet.append([3, "=A2*2", "#N/A"])
    sheet.append([4, "=A3*2", "好"])
    (only,) = read_book(saved(book, tmp_path / "a.xlsx"))
    assert only.rows[1] == [3, "#未计算", "#N/A"]
    assert only.rows[2] == [4, "#未计算", "好"]
    assert only.notes == ["本表有 3 个单元格是公式错误或没有算出结果，请在 WPS 里打开保存一次再导入"]


def test_blank_rows_and_columns_at_the_end_are_cut_and_rows_are_even(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(HEAD)
    sheet.append(["张三"])
    for r in range(3, 1500):
        sheet.cell(r, 9, " ")
    (only,) = read_book(saved(book, tmp_path / "a.xlsx"))
    assert only.rows == [HEAD, ["张三", None, None]]


def test_blank_rows_between_frames_stay_and_the_last_may_be_far_down(tmp_path: Path) -> None:
    path = tmp_path / "长.csv"
    lines = ["姓名,金额", *(["张三,1"] * 1500), *([""] * 3000), "李四", *([" , "] * 2500)]
    path.write_text("\n".join(lines), encoding="utf-8")
    (only,) = read_book(path)
    assert (len(only.rows), only.rows[1500], only.rows[1501], only.rows[-1]) == (
        4502, ["张三", "1"], [None, None], ["李四", None])
    path.write_text("\n".join(["姓名", *(["张三"] * 200_000)]), encoding="utf-8")
    assert "有 200,001 行，超过 200,000 行" in refused(path)


def test_too_many_columns_are_cut_with_a_note(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append([f"列{c}" for c in range(600)])
    (only,) = read_book(saved(book, tmp_path / "a.xlsx"))
    assert len(only.rows[0]) == 500
    assert only.notes == ["本表有 600 列，只读了前 500 列"]


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("mark", [",", "\t", ";"])
def test_text_in_every_writing(tmp_path: Path, codec: str, mark: str) -> None:
    path = tmp_path / "名单.csv"
    rows = HEAD, ["仇𠮷祥", ID, "12.50"], ["李\U0002b80d", ID]
    path.write_bytes("\r\n".join(mark.join(row) for row in rows).encode(codec))
    (only,) = read_book(path)
    assert only.name == "名单"
    assert only.rows == [HEAD, ["仇𠮷祥", ID, "12.50"], ["李\U0002b80d", ID, None]]


def test_web_table_named_xls(tmp_path: Path) -> None:
    path = tmp_path / "系统导出.xls"
    path.write_bytes(
        "<html><meta charset=gbk><table><tr><td rowspan=2>户主</td><td colspan=2>成员&amp;证</td></tr>"
        "<tr><td>姓名</td><td>证号<br>18位</td></tr>"
        f"<tr><td>张三<td>李四<td style='mso'>{ID}</tr></table>".encode("gb18030"))
    (only,) = read_book(path)
    assert only.rows == [["户主", "成员&证", None], [None, "姓名", "证号\n18位"], ["张三", "李四", ID]]
    assert sorted(only.merges) == [(0, 0, 1, 0), (0, 1, 0, 2)]


def test_xml_spreadsheet_of_excel_2003(tmp_path: Path) -> None:
    path = tmp_path / "老系统.xls"
    path.write_text(
        '<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" '
        'xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="a"><Table>'
        '<Row><Cell><Data ss:Type="String">姓名</Data></Cell>'
        '<Cell ss:Index="3"><Data ss:Type="String">金额</Data></Cell></Row>'
        "</Table></Worksheet></Workbook>", encoding="utf-8")
    assert read_book(path)[0].rows == [["姓名", None, "金额"]]


@pytest.mark.parametrize("name", ["a.xls", "a.et", "a.csv", "a"])
def test_the_content_decides_not_the_name(tmp_path: Path, name: str) -> None:
    small(tmp_path / "a.xlsx").rename(tmp_path / name)
    assert read_book(tmp_path / name)[0].rows == [HEAD, ["张三", ID, 1200]]


def bomb(path: Path, entries: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, body in entries.items():
            package.writestr(name, body)
    return path


def with_doctype(path: Path) -> Path:
    body = io.BytesIO(small(path).read_bytes())
    with zipfile.ZipFile(body) as old:
        entries = {name: old.read(name) for name in old.namelist()}
    entries["xl/workbook.xml"] = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]>' + entries["xl/workbook.xml"]
    return bomb(path, entries)


def refused(path: Path) -> str:
    with pytest.raises(Trouble) as trouble:
        read_book(path)
    sentence = str(trouble.value)
    assert sentence.startswith(f"“{path.name}”") and sentence.endswith("。") and sentence.count("。") == 1
    return sentence


def test_every_refusal_is_one_sentence_that_says_what_to_do(tmp_path: Path) -> None:
    def made(name: str, body: bytes) -> Path:
        (tmp_path / name).write_bytes(body)
        return tmp_path / name

    assert "找不到了" in refused(tmp_path / "没有.xlsx")
    assert "文件夹" in refused(tmp_path)
    assert "空文件" in refused(made("空.xlsx", b""))
    assert "没有内容" in refused(saved(openpyxl.Workbook(), tmp_path / "空表.xlsx"))
    assert "不是电子表格" in refused(made("a.xls", b"%PDF-1.7 "))
    assert "不是电子表格" in refused(made("b.csv", bytes(range(256)) * 9))
    assert "Excel 95 以前" in refused(made("c.xls", b"\x09\x04\x06\x00\x00\x00"))
    assert "读不懂" in refused(made("d.xlsx", small(tmp_path / "e.xlsx").read_bytes()[:900]))
    assert "文字文档" in refused(bomb(tmp_path / "f.xlsx", {"word/document.xml": b"<a/>"}))
    assert "DTD" in refused(with_doctype(tmp_path / "g.xlsx"))
    assert "超过 20 MB" in refused(made("h.csv", b"a,b\n" * (6 * 1024**2)))
    old_locked = b"\x09\x08\x10\x00" + b"\x00" * 16 + b"\x2f\x00\x36\x00"  # BOF, then FILEPASS
    assert "打开密码" in refused(made("j.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + old_locked))
    assert "打开密码" in refused(made("i.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600
                                  + "EncryptedPackage".encode("utf-16-le")))


def test_zip_bombs_are_refused_before_they_unpack(tmp_path: Path) -> None:
    started = time.monotonic()
    assert "炸弹" in refused(bomb(tmp_path / "a.xlsx", {"xl/worksheets/sheet1.xml": b"0" * 12_000_000}))
    half = b"0123456789" * (UNPACKED_BYTES // 20 + 1)
    assert "太大" in refused(bomb(tmp_path / "b.xlsx", {"xl/a.bin": half, "xl/b.bin": half}))
    assert "部件" in refused(bomb(tmp_path / "c.xlsx", {f"{n}": b"" for n in range(ENTRIES + 1)}))
    assert time.monotonic() - started < 20


def test_a_locked_file_says_who_holds_it() -> None:
    from app.sheets.child import sentence

    assert "正被 WPS" in sentence(PermissionError(13, "Permission denied"))
    assert "磁盘或网络" in sentence(OSError(5, "Input/output error"))
    assert "太大了" in sentence(MemoryError())


def endless(path: Path) -> list[str]:
    """A child that never answers."""
    return [sys.executable, "-c", "import time; time.sleep(30)", str(path)]


def test_cancelling_ends_the_child_within_two_seconds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    children = []
    monkeypatch.setattr(read, "_command", endless)
    real = read._child
    monkeypatch.setattr(read, "_child", lambda path: children.append(real(path)) or children[-1])
    started = time.monotonic()

    def cancel(done: int, total: int, text: str) -> None:
        assert text == "正在读取 a.xlsx"
        raise Cancelled

    with pytest.raises(Cancelled):
        read_book(tmp_path / "a.xlsx", cancel)
    assert time.monotonic() - started < 2
    assert children[0].poll() is not None, "the child must not live on"


def test_a_file_that_takes_too_long_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(read, "_command", endless)
    monkeypatch.setattr(read, "SECONDS", 0.5)
    assert "还没读完" in refused(tmp_path / "a.xlsx")


def test_a_child_that_dies_is_a_damaged_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    half = "import os; os.write(1, bytes([0, 0, 0, 99]) + b'xy'); os.abort()"
    monkeypatch.setattr(read, "_command", lambda path: [sys.executable, "-c", half])
    assert "读到一半停了" in refused(tmp_path / "a.xlsx")


def test_progress_counts_rows(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for n in range(4500):
        book.active.append([n])
    seen: list[tuple[int, int]] = []
    read_book(saved(book, tmp_path / "a.xlsx"), lambda done, total, text: seen.append((done, total)))
    assert seen[-1] == (4500, 4500)
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)
    assert (2000, 4500) in seen


def test_letters_and_addresses() -> None:
    assert [letters(c) for c in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]
    assert Sheet("x", top=4, left=2).address(2, 1) == "D7"


@pytest.mark.heavy
@pytest.mark.parametrize("folder", ["lib", "cn", "synthetic"])
def test_torture(folder: str) -> None:
    if not (SHARED / folder).is_dir():
        pytest.skip(f"{SHARED.name}/{folder} is not beside the repository")
    for path in sorted((SHARED / folder).iterdir()):
        started = time.monotonic()
        try:
            sheets = read_book(path)
        except Trouble as trouble:
            assert str(trouble).count("。") == 1 and "Traceback" not in str(trouble), path.name
        else:
            assert any(sheet.rows for sheet in sheets), path.name
            for sheet in sheets:
                assert len({len(row) for row in sheet.rows}) <= 1, path.name
                assert all(r2 < len(sheet.rows) and c2 < len(sheet.rows[0]) for _, _, r2, c2 in sheet.merges), path.name
        assert time.monotonic() - started < 10, path.name
