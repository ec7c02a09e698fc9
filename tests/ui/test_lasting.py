"""None, True and False outlast PySide6, also on Python 3.11."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
PROOF = """
import os, sys
os.environ["QT_QPA_PLATFORM"] = "offscreen"
import app.ui
from PySide6.QtCore import QCoreApplication, QObject, Signal
class Bell(QObject):
    rung = Signal()
application, bell = QCoreApplication([]), Bell()
for _ in range(30_000):
    bell.rung.emit()
    bell.setObjectName("x")
print("alive", min(map(sys.getrefcount, (None, True, False))) > 1_000_000)
"""


def test_a_long_day_of_signals_does_not_end_the_program() -> None:
    command = [sys.executable, "-c", PROOF]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=60, cwd=ROOT, check=False)
    assert (ended.returncode, ended.stdout.strip()) == (0, "alive True"), ended.stderr[-500:]
