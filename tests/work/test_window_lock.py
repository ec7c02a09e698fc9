"""One window to a data file."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest

from app.models.faults import Trouble
from app.work.window_lock import Holder, holder_of, is_open, only_window

ROOT = Path(__file__).resolve().parents[2]
WINDOW = """
import sys
from pathlib import Path
from app.work.window_lock import only_window
with only_window(Path(sys.argv[1]), "李文秀"):
    print("open", flush=True)
    sys.stdin.read()
"""


def window(path: Path) -> subprocess.Popen[str]:
    """Another process that has the window open."""
    started = subprocess.Popen(
        [sys.executable, "-c", WINDOW, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert started.stdout is not None and started.stdout.readline() == "open\n"
    return started


def test_a_second_window_is_told_of_the_first(tmp_path: Path) -> None:
    path = tmp_path / "牛街乡.db"
    with window(path) as first:
        assert is_open(path)
        told = rf"牛街乡\.db 已由 李文秀 在 本机（进程 {first.pid}）自 (\d\d:\d\d) 打开"
        with pytest.raises(Trouble, match=told) as refused, only_window(path, "王小明"):
            pytest.fail("the second window opened")
        since = datetime.strptime(re.findall(told, str(refused.value))[0], "%H:%M")
        assert abs((datetime.now().hour * 60 + datetime.now().minute) - (since.hour * 60 + since.minute)) in (
            0,
            1,
            1439,
        )
        first.communicate("", timeout=20)
    assert not is_open(path) and list(tmp_path.iterdir()) == []
    with only_window(path, "王小明"):
        assert is_open(path)


def test_a_window_that_was_killed_is_no_obstacle(tmp_path: Path) -> None:
    path = tmp_path / "牛街乡.db"
    with window(path) as first:
        first.send_signal(signal.SIGKILL)
        first.wait(20)
    assert (left := holder_of(path)) is not None and left.who == "李文秀"
    assert not is_open(path)
    with only_window(path, "王小明"):
        now = holder_of(path)
        assert now is not None and (now.who, now.pid) == ("王小明", os.getpid())
    assert list(tmp_path.iterdir()) == []


def test_a_second_window_of_the_same_process_is_refused_too(tmp_path: Path) -> None:
    path = tmp_path / "牛街乡.db"
    with only_window(path, "李文秀"):
        with pytest.raises(Trouble, match="李文秀"), only_window(path, "李文秀"):
            pytest.fail("the second window opened")
        assert is_open(path)
        with only_window(tmp_path / "另一乡.db", "李文秀"):
            assert is_open(tmp_path / "另一乡.db")


def test_what_stands_in_the_file_may_be_broken(tmp_path: Path) -> None:
    path = tmp_path / "牛街乡.db"
    with only_window(path, "李文秀"):
        path.with_name("牛街乡.db.desk").write_text("{broken")
        with pytest.raises(Trouble, match="已在另一个窗口打开"), only_window(path, "王小明"):
            pytest.fail("the second window opened")


def test_another_computer_and_another_day_are_named() -> None:
    told = Holder("李文秀", "MZB-02", 123, "2026-03-05 09:12:00").sentence("牛街乡.db")
    assert told.startswith("牛街乡.db 已由 李文秀 在 MZB-02（进程 123）自 3月5日 09:12 打开")


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    with pytest.raises(Trouble, match="位置不存在"), only_window(tmp_path / "没有" / "乡.db", "李文秀"):
        pytest.fail("opened")
