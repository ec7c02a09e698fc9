"""A blank form in the old format (.xls) as a new .xlsx with the same look, and what could not be kept."""

from __future__ import annotations

import pickle
import subprocess
import sys
import time
from pathlib import Path

from app.models.faults import Trouble
from app.models.progress import Progress, unwatched
from app.sheets.child import ADVICE

SECONDS = 60.0
PATIENCE = 0.2  # how often a waiting parent asks whether the clerk cancelled


def renewed(path: Path, progress: Progress = unwatched) -> tuple[bytes, list[str]]:
    """The bytes of an .xlsx like the .xls at `path`, and a sentence for each thing that is not in it.

    Kept: values, formulas, fonts (also of parts of a text), borders, fills, alignment, number formats, widths, heights,
    outlines, merges, notes' texts, links, drop-downs and validations, names, print setup, frozen rows, protection.
    Told as lost: pictures, charts, text boxes, controls, conditional formats, pivot tables, macros, formulas that
    cannot be read. Trouble with one sentence when nothing can be read. `progress` may raise `Cancelled`.
    """
    end = time.monotonic() + SECONDS
    with _child(path) as child:
        try:
            while True:
                progress(0, 1, f"读取旧格式空表 {path.name}")
                try:
                    said, _ = child.communicate(timeout=PATIENCE)
                    break
                except subprocess.TimeoutExpired:
                    if time.monotonic() > end:
                        raise Trouble(f"“{path.name}”读了 {SECONDS:.0f} 秒还没读完，{ADVICE}。") from None
        finally:
            child.kill()
    if not said:
        raise Trouble(f"“{path.name}”读到一半停了：文件太大或已损坏，{ADVICE}。")
    kind, *rest = pickle.loads(said)
    if kind == "trouble":
        raise Trouble(f"“{path.name}”{rest[0]}。")
    data, told = rest
    return data, told


def _child(path: Path) -> subprocess.Popen[bytes]:
    root = Path(__file__).resolve().parents[2]
    frozen = getattr(sys, "frozen", False)
    how = ["--renew-form"] if frozen else ["-X", "utf8", "-W", "ignore", "-m", "app.sheets.renewal"]
    return subprocess.Popen(
        [sys.executable, *how, str(path.absolute())], cwd=root if root.is_dir() else None,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    )  # fmt: skip
