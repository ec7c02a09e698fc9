"""Paper ledgers: no row lost, totals right, long texts said to be cut, nothing half written."""

from __future__ import annotations

import os
import random
import re
import resource
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.models.faults import Cancelled, Trouble
from app.papers import fonts, preview
from app.papers.page import A3_LANDSCAPE, A4, A4_LANDSCAPE, OFFICIAL, PageSetup, document
from app.papers.table import Table, TableColumn, Total, draw_table
from app.papers.table_fit import LEAST, PAD, Fitter

RARE = "𠮷䶮㛃𬭎𡋾𫖯"
COLUMNS = (TableColumn("行政村"), TableColumn("姓名"), TableColumn("身份证号"), TableColumn("金额（元）", "right"),
           TableColumn("备注"))


def yuan(fen: int) -> str:
    return f"{fen / 100:,.2f}"


def people(count: int, seed: int = 1) -> tuple[list[list[str]], list[int]]:
    """Invented rows whose note holds a word found once only, and their amounts in fen."""
    chance = random.Random(seed)
    rows, amounts = list[list[str]](), list[int]()
    for number in range(count):
        name = chance.choice("王李张刘陈") + "".join(chance.choice("建国秀英伟芳敏" + RARE) for _ in range(2))
        amounts.append(chance.randrange(1, 900_000))
        note = f"K{number:05}" + chance.choice(["", "独居", "长期患病，由其弟代领，已签委托书，见附件三"])
        rows.append([chance.choice(["牛街村", "石板桥社区"]), name, f"990001{19500101 + number:08}0011",
                     yuan(amounts[-1]), note])
    return rows, amounts


def flat(path: Path) -> list[str]:
    """The texts of the pages without line ends."""
    return [page.replace("\r\n", "").replace(" ", "") for page in preview.text(path)]


@pytest.mark.parametrize(("setup", "seed"), [(A4_LANDSCAPE, 1), (A4, 2), (A3_LANDSCAPE, 3), (OFFICIAL, 4)])
def test_no_row_is_lost_and_page_totals_make_the_grand_total(tmp_path: Path, setup: PageSetup, seed: int) -> None:
    rows, amounts = people(1000, seed)
    path = tmp_path / "ledger.pdf"
    table = Table("低保台账", COLUMNS, rows, totals=(Total(3, amounts, yuan),), signs=("填报人",))
    pages = draw_table(path, table, setup)
    texts = flat(path)
    assert preview.page_count(path) == pages == len(texts)
    whole = "".join(texts)
    for number, (row, amount) in enumerate(zip(rows, amounts, strict=True), start=1):
        assert whole.count(row[4][:6]) == 1, number
        assert f"{number}{row[0]}{row[1]}{row[2]}{yuan(amount)}" in whole
    sums = [int(found.replace(",", "").replace(".", ""))
            for found in re.findall(r"本页小计([\d,]+\.\d\d)", whole)]
    assert len(sums) == pages and sum(sums) == sum(amounts)
    assert re.findall(r"合计([\d,]+\.\d\d)", texts[-1]) == [yuan(sum(amounts))]
    for number, text in enumerate(texts, start=1):
        assert f"第{number}页/共{pages}页" in text and "低保台账" in text and "身份证号" in text and "填报人：" in text


@pytest.mark.parametrize("count", [0, 1, *range(20, 30), 44, 45, 46, 47, 48])
def test_pages_of_any_length_hold_all_rows_and_end_with_the_totals(tmp_path: Path, count: int) -> None:
    rows, amounts = people(count)
    path = tmp_path / "ledger.pdf"
    table = Table("台账", COLUMNS, rows, totals=(Total(3, amounts, yuan),), closing="合计（大写）：人民币壹元整",
                  notes=("说明一", "说明二"), signs=("填报人", "审核人"))
    draw_table(path, table)
    texts = flat(path)
    assert [found for text in texts for found in re.findall(r"K\d{5}", text)] == [row[4][:6] for row in rows]
    assert "合计（大写）：人民币壹元整" in texts[-1] and "说明二" in texts[-1]
    assert not any("说明二" in text for text in texts[:-1])
    assert ("（无记录）" in texts[-1]) == (count == 0)
    assert count == 0 or re.search(r"K\d{5}", texts[-1])      # totals never stand alone on a page


def test_nothing_is_drawn_outside_the_margins(tmp_path: Path) -> None:
    import pypdfium2

    rows, amounts = people(47)
    path = tmp_path / "ledger.pdf"
    draw_table(path, Table("台账", COLUMNS, rows, totals=(Total(3, amounts, yuan),), notes=("说明",) * 4,
                           closing="大写", signs=("填报人",)))
    pdf = pypdfium2.PdfDocument(path)
    for page in pdf:
        for thing in page.get_objects():
            left, bottom, right, top = thing.get_bounds()
            assert left >= 17.5 / 25.4 * 72 and right <= (297 - 13.5) / 25.4 * 72
            assert bottom >= 5 / 25.4 * 72 and top <= (210 - 15) / 25.4 * 72
    pdf.close()


def test_cells_stay_in_their_columns_whatever_their_length(tmp_path: Path) -> None:
    chance = random.Random(5)
    with document(tmp_path / "x.pdf", A4, "x") as paper:
        for height, align in ((16.7, "left"), (16.7, "right"), (28.0, "center")):
            fitter = Fitter(paper.ink, align, 100, 70, 9, height)       # type: ignore[arg-type]
            for length in range(1, 120):
                text = "".join(chance.choice("一二三四，。（）0123456789abc 𠮷\n") for _ in range(length))
                size, lines, whole = fitter.arranged(text)
                assert LEAST <= size <= 9
                assert all(fonts.width(line, "sans", size) <= 70 - 2 * PAD + 0.01 for line in lines), text
                assert len(lines) * size <= height
                kept = "".join("".join(lines).split())
                if whole:
                    assert kept == "".join(text.split())
                else:
                    assert kept.endswith("…") and "".join(text.split()).startswith(kept[:-1])
        paper.text(20, 20, "x")


def test_a_text_that_does_not_fit_ends_in_an_ellipsis_and_the_page_says_so(tmp_path: Path) -> None:
    rows, _ = people(60)
    rows[30][4] = "很长的情况说明" * 60
    path = tmp_path / "ledger.pdf"
    draw_table(path, Table("台账", COLUMNS, rows))
    texts = flat(path)
    cut = [number for number, text in enumerate(texts) if "说明…" in text or "…" in text.replace("“…”", "")]
    assert cut == [number for number, text in enumerate(texts) if "未印全" in text] and len(cut) == 1


def test_rare_characters_in_every_place(tmp_path: Path) -> None:
    path = tmp_path / "rare.pdf"
    columns = (TableColumn("姓名䶮", group="组𬭎"), TableColumn("㛃", group="组𬭎"))
    draw_table(path, Table("王𠮷的台账", columns, [[f"李{char}", char] for char in RARE], left="填报𡋾", right="𫖯",
                           signs=("填报人㛃",), notes=("说明𠮷",)), mark="演示数据")
    text = flat(path)[0]
    for wanted in ("王𠮷的台账", "姓名䶮", "组𬭎", "填报𡋾", "填报人㛃", "说明𠮷", "演示数据"):
        assert wanted in text
    assert [char for char in RARE if f"李{char}" not in text] == []


def test_rows_may_come_one_by_one_but_must_be_as_many_as_said(tmp_path: Path) -> None:
    rows, _ = people(900)

    def coming() -> Iterator[list[str]]:
        yield from rows

    path = tmp_path / "ledger.pdf"
    draw_table(path, Table("台账", COLUMNS, coming(), count=900))
    assert "".join(flat(path)).count("K00") == 900
    for said in (899, 901):
        with pytest.raises(ValueError, match="台账"):
            draw_table(tmp_path / "wrong.pdf", Table("台账", COLUMNS, coming(), count=said))
    assert not (tmp_path / "wrong.pdf").exists()


def test_given_grand_total_and_no_serial(tmp_path: Path) -> None:
    rows, _ = people(3)
    path = tmp_path / "ledger.pdf"
    draw_table(path, Table("台账", COLUMNS, rows, grand_total=("", "", "", "12.34", ""), serial=False))
    text = flat(path)[0]
    assert "合计12.34" in text and "本页小计" not in text and "序号" not in text


def test_signature_rows_are_tall(tmp_path: Path) -> None:
    rows, _ = people(100)
    low = draw_table(tmp_path / "low.pdf", Table("台账", COLUMNS, rows))
    tall = draw_table(tmp_path / "tall.pdf", Table("签领表", COLUMNS, rows, row_height=10))
    assert tall > low * 1.4


def test_cancelled_and_failed_drawing_leaves_nothing_and_keeps_the_old_file(tmp_path: Path) -> None:
    rows, _ = people(300)
    path = tmp_path / "ledger.pdf"
    path.write_bytes(b"old")

    def cancelling(done: int, total: int, text: str) -> None:
        if done > 100:
            raise Cancelled

    with pytest.raises(Cancelled):
        draw_table(path, Table("台账", COLUMNS, rows), progress=cancelling)
    assert path.read_bytes() == b"old" and os.listdir(tmp_path) == ["ledger.pdf"]


def test_progress_counts_to_the_end(tmp_path: Path) -> None:
    seen = list[tuple[int, int]]()
    draw_table(tmp_path / "x.pdf", Table("台账", COLUMNS, people(100)[0]), progress=lambda d, t, _: seen.append((d, t)))
    assert seen[0] == (0, 100) and seen[-1] == (100, 100) and seen == sorted(seen)


def test_a_full_disk_is_trouble_and_nothing_is_left(tmp_path: Path) -> None:
    path = tmp_path / "ledger.pdf"
    path.write_bytes(b"old")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2000, hard))
    try:
        with pytest.raises(Trouble, match="磁盘空间不足"):
            draw_table(path, Table("台账", COLUMNS, people(10)[0]))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert path.read_bytes() == b"old" and os.listdir(tmp_path) == ["ledger.pdf"]


def test_a_lacking_folder_and_an_open_file_are_trouble(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    table = Table("台账", COLUMNS, people(3)[0])
    with pytest.raises(Trouble, match="不存在"):
        draw_table(tmp_path / "no" / "x.pdf", table)
    path = tmp_path / "ledger.pdf"
    path.write_bytes(b"old")

    def refused(source: object, target: object) -> None:
        raise PermissionError(13, "in use")

    monkeypatch.setattr(os, "replace", refused)      # what Windows answers while a reader holds the file
    with pytest.raises(Trouble, match="正被其他程序打开"):
        draw_table(path, table)
    assert path.read_bytes() == b"old" and os.listdir(tmp_path) == ["ledger.pdf"]


def test_the_same_table_gives_the_same_bytes_with_all_fonts_embedded(tmp_path: Path) -> None:
    rows, amounts = people(200)
    for name in ("a.pdf", "b.pdf"):
        draw_table(tmp_path / name, Table("台账", COLUMNS, rows, totals=(Total(3, amounts, yuan),)), mark="演示数据")
    first = (tmp_path / "a.pdf").read_bytes()
    assert first == (tmp_path / "b.pdf").read_bytes()
    fonts_of_pages = re.findall(rb"/F[\d+]+ \d+ 0 R", first)
    assert fonts_of_pages and all(b"+" in font for font in fonts_of_pages)      # F1 would be Helvetica, not embedded


def test_a_page_is_a_picture_of_the_width_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "x.pdf"
    draw_table(path, Table("台账", COLUMNS, people(5)[0]))
    image = preview.page_image(path, 0, 800)
    assert image.width == 800 and abs(image.height - 800 * 210 / 297) <= 1
    assert len(image.pixels) == image.stride * image.height and image.stride >= 3200
    assert image.pixels[:4] == b"\xff\xff\xff\xff"                     # a white corner
    assert min(image.pixels) < 60                                      # and black ink somewhere
    with pytest.raises(IndexError):
        preview.page_image(path, 1, 800)
    broken = tmp_path / "broken.pdf"
    broken.write_bytes(path.read_bytes()[:500])
    for lacking in (broken, tmp_path / "none.pdf"):
        with pytest.raises(Trouble, match="打不开"):
            preview.page_count(lacking)


def test_pages_are_counted_after_the_drawing_where_not_known_before(tmp_path: Path) -> None:
    path = tmp_path / "x.pdf"
    with document(path, OFFICIAL, "证明", mark="演示数据") as paper:
        paper.text(105, 50, "证明", "serif-bold", 22, "center")
        end = paper.paragraph(28, 60, 156, "兹证明" + "情况属实" * 40 + "。", size=16, indent=2)
        assert end > 60
        paper.new_page()
        assert paper.row(28, 40, (30, 60), 10, ("姓名", "王𠮷")) == 50
    texts = flat(path)
    assert ["第1页/共2页" in texts[0], "第2页/共2页" in texts[1]] == [True, True]
    assert "姓名王𠮷" in texts[1] and all("演示数据" in text for text in texts)
    with document(path, OFFICIAL, "证明", footer="dashes") as paper:
        paper.text(28, 60, "甲")
    assert "—1—" in flat(path)[0]
