"""The household file: everything of the page stands on paper, over as many sheets as it takes, private or not."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from app.ledgers.contents import ledgers
from app.ledgers.dossier import Part, dossier, page_of
from app.ledgers.listing import Listing
from app.models.database import DataFile
from app.models.dates import PartialDate
from app.models.faults import Stale
from app.models.fields import Scan
from app.models.help import HelpLine, HelpRecord
from app.models.operation import operation
from app.models.people import Household, Person
from app.models.places import Place
from app.models.record import put_all
from app.papers import preview
from app.papers.contents import dossier_paper, paper_called, papers_for
from app.papers.dossier import COLUMNS, _Drawing, print_dossier
from app.papers.page import A4, document
from tests import town

RARE = "𬭎𡋾㛃"
NUMBER = town.id_number(date(1950, 5, 12), 121)


def family(helped: int) -> int:
    """A household of three, of whom one received so many things."""
    with operation("登记"):
        place = Place(name="牛街乡", level="2")
        place.save()
        village = Place(name="牛街村", level="3", parent=place)
        village.save()
        home = Household(number="02-0061", village=village, address="街心 1 号" * 12, note="第一行\n第二行")
        home.save()
        people = [("杨" + RARE, NUMBER, "02"), ("普秀珍", None, "12"), ("杨小妹", None, "20")]
        keys = put_all(
            Person,
            [
                {
                    "name": name, "id_number": number, "no_id_reason": None if number else "5", "household": home.id,
                    "relation": relation, "birth": None if number else PartialDate(1960), "telephone": "19900001234",
                }
                for name, number, relation in people
            ],
        )  # fmt: skip
        given = put_all(
            HelpRecord,
            [{"kind": "4", "day": date(2026, 1, 1 + at % 28), "subject": f"K{at:03}"} for at in range(helped)],
        )
        put_all(HelpLine, [{"help": one, "person": keys[at % 3], "value": 5000} for at, one in enumerate(given)])
    return home.id


def flat(path: Path) -> list[str]:
    return [page.replace("\r\n", "").replace(" ", "") for page in preview.text(path)]


def test_a_household_with_much_help_is_printed_whole(file: DataFile, tmp_path: Path) -> None:
    home, path = family(200), tmp_path / "户档.pdf"
    said = print_dossier(Household, home, path)
    pages = flat(path)
    assert said == f"杨{RARE} 户的户档共 {len(pages)} 页，已生成 户档.pdf。" and len(pages) >= 5
    whole = "".join(pages)
    assert "牛街乡户档（一户一档）" in pages[0] and f"杨{RARE}户" in pages[0] and "02-0061" in pages[0]
    summed = "受助台账200条·物资折合10,000.00元"
    for text in ("家庭成员3人", summed, "街心1号" * 12, "第一行第二行", NUMBER, "19900001234"):
        assert text in whole, text
    assert all(whole.count(f"K{at:03}") == 1 for at in range(200)), "no row lost, none twice"
    continued = pages[1:-1]
    assert all("受助台账（续）" in page and "物资折合（元）" in page for page in continued) and continued
    for number, page in enumerate(pages, 1):
        assert f"第{number}页/共{len(pages)}页" in page
    for text in ("没有：已离开人员、原在户记录、", "填报人：", "审核人：", "负责人：", "日期："):
        assert text in pages[-1]


def test_masked_it_has_no_private_number(file: DataFile, tmp_path: Path) -> None:
    home, path = family(1), tmp_path / "m.pdf"
    print_dossier(Household, home, path, whole=False)
    text = "".join(flat(path))
    assert NUMBER not in text and "19900001234" not in text and f"{NUMBER[:6]}**********{NUMBER[-2:]}" in text


@pytest.mark.parametrize("helped", range(20, 62, 3))
def test_whatever_its_length_the_signatures_are_on_the_sheet(sqlite: DataFile, tmp_path: Path, helped: int) -> None:
    home, path = family(helped), tmp_path / "l.pdf"
    print_dossier(Household, home, path)
    pages = flat(path)
    assert "负责人：" in pages[-1] and "".join(pages).count("受助台账") == len([p for p in pages if "K0" in p])
    drawn = preview.page_image(path, len(pages) - 1, 420)
    stride, height = drawn.stride, drawn.height
    margin = drawn.pixels[int(height * 0.985) * stride :]
    assert set(margin) == {255}, "nothing is drawn into the lower edge"


def test_every_record_with_a_page_has_its_file(file: DataFile, tmp_path: Path) -> None:
    town.build(seed=5)
    records = {ledger.record for ledger in ledgers().values() if page_of(ledger.record)}
    for record in records:
        for row in record.select().limit(4):
            path = tmp_path / "one.pdf"
            dossier_paper(record).draw(row.id, path)
            text, found = "".join(flat(path)), dossier(record, row.id, whole=True)
            assert found.title.replace(" ", "") in text
            for part in (*found.lines, *found.parts):
                assert f"{part.title}{part.counts().replace(' ', '')}" in text
    assert papers_for(Household)[-1].title == "户档" and len(papers_for(HelpRecord)) == 2
    found_paper = paper_called("人员档案")
    assert found_paper is not None and found_paper.record is Person
    assert found_paper.print_where("姓名 不为空", tmp_path / "p.pdf").endswith("已生成 p.pdf。")


def test_who_is_gone_has_none_and_leaves_no_file(file: DataFile, tmp_path: Path) -> None:
    with pytest.raises(Stale, match="这条户记录已被删除"):
        print_dossier(Household, 1, tmp_path / "x.pdf")
    assert not (tmp_path / "x.pdf").exists()


@pytest.mark.parametrize("number", [COLUMNS, COLUMNS + 1])
def test_few_rows_with_too_many_columns_for_a_table_are_forms(file: DataFile, tmp_path: Path, number: int) -> None:
    town.build(seed=5)
    ledger = ledgers()["persons"]
    names = [name for name, fact in Person.facts().items() if not isinstance(fact, Scan)][:number]
    names[0] = "household.number"
    listing = Listing(ledger, columns=tuple(map(ledger.column, names)), whole=True)
    keys = tuple(listing.keys()[:3])
    part = Part("名单", "persons", listing, keys, tuple(listing.cells(keys)))
    with document(tmp_path / "p.pdf", A4, "名单") as paper:
        _Drawing(paper).part(part)
    (text,) = flat(tmp_path / "p.pdf")
    assert all(cell.replace(" ", "") in text for row in part.rows for cell in row)
    assert text.count("户编号") == (len(keys) if number > COLUMNS else 1), "said of each row, or once above all"
