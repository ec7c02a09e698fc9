"""The tour in a process of its own, as on a machine without a screen."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest
from pypdfium2 import PdfDocument

from app import tour

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def walked(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, object], Path]:
    out = tmp_path_factory.mktemp("tour")
    screen = {"DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"}
    env = {name: value for name, value in os.environ.items() if name not in screen}
    words = [sys.executable, "main.py", "tour", "--out", str(out), "--json"]
    done = subprocess.run(words, cwd=ROOT, env=env, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode() + done.stdout.decode()
    assert done.stderr == b""
    return json.loads(done.stdout), out


def test_every_fault_was_met_and_the_file_is_sound(walked: tuple[dict[str, object], Path]) -> None:
    facts, _ = walked
    assert (facts["missed"], facts["found"], facts["code"]) == ([], [], 0)
    assert facts["kinds"] == 31
    assert facts["check_up"] == "体检完毕，发现 6 处问题。", "what the import let in with a doubt is found here"
    plan, again = facts["plan"], facts["again"]
    assert isinstance(plan, dict) and isinstance(again, dict)
    assert again["same"] == plan["new"] > 150
    assert again["new"] == 0
    assert facts["elders"] == tour.ELDERS


def test_papers_sheets_and_pictures_are_there(walked: tuple[dict[str, object], Path]) -> None:
    facts, out = walked
    words = {}
    for name in ("人员台账", "签领表", "捐赠证书"):
        with PdfDocument(out / f"{name}.pdf") as document:
            words[name] = "".join(page.get_textpage().get_text_bounded() for page in document)
    assert "大米10公斤" in words["签领表"]
    assert "弥渡县春和商贸有限公司" in words["捐赠证书"]
    assert "阿依古丽·买买提" in words["人员台账"]
    plan = facts["plan"]
    assert isinstance(plan, dict)
    assert openpyxl.load_workbook(out / "persons.xlsx").active.max_row == plan["new"] + 3
    pictures = sorted(path.name for path in out.glob("*.png"))
    assert len(pictures) >= 6
    assert all((out / name).stat().st_size > 20_000 for name in pictures)


def test_a_second_tour_writes_into_a_file_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "牛街乡.db").write_bytes(b"somebody's")
    assert tour._free(tmp_path / "牛街乡.db") == tmp_path / "牛街乡-2.db"
    assert tour._free(tmp_path / "新.db") == tmp_path / "新.db"


def test_a_fault_that_is_missed_makes_the_tour_fail(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from app.commands import main

    told = tour.planted()
    moved = next(fault for fault in told["faults"] if fault["must"] == "refused")
    moved["cell"] = moved["cell"].replace("H", "G")
    monkeypatch.setattr(tour, "planted", lambda: told)
    monkeypatch.setattr(tour, "_pictures", lambda out, lines, facts: True)
    assert main(["tour", "--out", str(tmp_path)]) == 1
    assert f"“{moved['what']}”" in capsys.readouterr().out
