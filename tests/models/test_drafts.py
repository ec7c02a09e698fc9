"""Drafts and scans: plain notes of the desk, on both databases."""

from __future__ import annotations

import pytest

from app.models import drafts, scans
from app.models.database import DataFile
from app.models.here import here, standing
from app.models.history import facts_hash, last_number
from app.models.operation import operation

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256))


def test_a_draft_comes_back_as_it_was_kept(file: DataFile) -> None:
    content = {"texts": {"name": "王𠅤花", "id_number": "99000119"}, "lines": [{"goods": "大米 10 公斤"}], "rev": 3}
    assert drafts.find("persons:new") is None
    drafts.keep("persons:new", {"texts": {}})
    drafts.keep("persons:new", content)
    found = drafts.find("persons:new")
    assert found is not None and found.content == content
    assert here().file.run("SELECT count(*) FROM draft").fetchone()[0] == 1


def test_a_draft_belongs_to_one_clerk_and_one_form(file: DataFile) -> None:
    drafts.keep("persons:new", {"texts": {"name": "我的"}})
    with standing(who="另一人"):
        assert drafts.find("persons:new") is None
        drafts.keep("persons:new", {"texts": {"name": "他的"}})
        drafts.drop("persons:new")
    assert drafts.find("persons:7") is None
    mine = drafts.find("persons:new")
    assert mine is not None and mine.content == {"texts": {"name": "我的"}}
    drafts.drop("persons:new")
    assert drafts.find("persons:new") is None


def test_a_draft_is_no_fact_and_not_in_the_history(file: DataFile) -> None:
    before = facts_hash(), last_number()
    drafts.keep("help:new", {"texts": {"subject": "重阳慰问"}})
    assert (facts_hash(), last_number()) == before


def test_a_scan_is_kept_once_and_comes_back_byte_by_byte(file: DataFile) -> None:
    with operation("存照片"):
        first = scans.keep(PNG, scans.kind_of(PNG))
        assert scans.keep(PNG, "image/png") == first == scans.name_of(PNG)
    assert scans.content(first) == PNG
    assert here().file.run("SELECT count(*) FROM scan").fetchone()[0] == 1


def test_a_scan_is_kept_inside_an_operation_only(sqlite: DataFile) -> None:
    with pytest.raises(RuntimeError):
        scans.keep(PNG, "image/png")
    with pytest.raises(LookupError, match="没有这张图片"):
        scans.content("0" * 64)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [(b"GIF89a....", "PNG 或 JPEG"), (b"", "PNG 或 JPEG"), (PNG + b"\0" * 5 * 1024**2, "最大 5 MB")],
)
def test_other_files_are_refused_with_a_sentence(content: bytes, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        scans.kind_of(content)
    assert scans.kind_of(b"\xff\xd8\xff\xe0") == "image/jpeg"
