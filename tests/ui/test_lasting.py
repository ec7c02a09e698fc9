"""The Qt binding counts its references right: PySide6 6.12.0 took one of None away in every call on Python 3.11."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
PROOF = """
import os, sys
os.environ["QT_QPA_PLATFORM"] = "offscreen"
from PySide6.QtCore import QCoreApplication, QObject, Signal
class Bell(QObject):
    rung = Signal()
application, bell = QCoreApplication([]), Bell()
before = list(map(sys.getrefcount, (None, True, False)))
for _ in range(30_000):
    bell.rung.emit()
    bell.setObjectName("x")
after = map(sys.getrefcount, (None, True, False))
print("lost", max(was - now for was, now in zip(before, after)) > 1000)
"""


def test_a_long_day_of_signals_does_not_end_the_program() -> None:
    command = [sys.executable, "-c", PROOF]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=60, cwd=ROOT, check=False)
    assert (ended.returncode, ended.stdout.strip()) == (0, "lost False"), ended.stderr[-500:]
