"""What goes out of the data file (打印、导出、看完整号码): whether it may, and the line that it leaves in the history.

Where nobody is signed in nothing is asked and nothing is told. Private facts go out whole only for a purpose (用途),
which travels with the context: `with standing(purpose="核对补贴"): …`.
"""

from __future__ import annotations

from collections.abc import Callable
from contextvars import copy_context
from threading import Thread
from typing import Any

from app.models import roles
from app.models.faults import Fault, Reject, Trouble
from app.models.guard import guard_reading
from app.models.here import here
from app.models.operation import demand, tell, trying
from app.work.choices import described
from app.work.office import demo_day

WORDS = {"print": "打印", "export": "导出", "copy": "复制"}
LEAST = 2  # characters of a purpose


def leave(power: str, title: str, count: int, whole: bool, seen_by: str) -> None:
    """Ask whether so many rows of `title` may be printed or exported, and tell the history. Raises Denied or Reject.

    Rows that are copied (`copy`) are exported too.
    `seen_by` is the power that it takes to see them; `whole` says that private facts stand on it as they are.
    """
    if roles.clerk() is None:
        return
    word = WORDS[power]
    demand(seen_by, f"{word}“{title}”")
    demand("export" if power == "copy" else power, f"{word}“{title}”")
    said = f"{word}“{title}”{count:,} 行"
    if whole:
        demand("whole", f"{word}“{title}”，写全号码")
        said += f"，写全号码，用途：{_purpose(f'写全号码{word}')}"
    _apart(lambda: tell(said))


def unmask(record: Any, key: int) -> str:
    """Tell the history that the private facts of one row are looked at whole, and why. Raises Denied or Reject."""
    if roles.clerk() is None:
        return ""
    with trying(f"查看{record.word}的完整号码"):
        roles.require("whole")
        guard_reading(record, [key])
    called = described(record, [key])[0]
    tell(f"查看完整号码：{record.word} {called.title or called.more}，用途：{_purpose('查看完整号码')}")
    return "已显示完整号码，操作日志里记下了用途。"


def _purpose(doing: str) -> str:
    purpose = here().purpose.strip() or ("演示" if demo_day() else "")
    if len(purpose) < LEAST:
        raise Reject(Fault("purpose", f"{doing}要先写明用途，至少 {LEAST} 个字，如“发放补贴核对”。"))
    return purpose


def _apart(write: Callable[[], None]) -> None:
    """Write on a connection of its own where this thread is reading one unchanging picture of the file."""
    file = here().file
    if not file.database.in_transaction():
        write()
        return
    failed: list[Exception] = []

    def work() -> None:
        try:
            write()
        except Trouble as error:
            failed.append(error)
        finally:
            file.close()

    thread = Thread(target=copy_context().run, args=(work,))
    thread.start()
    thread.join()
    if failed:
        raise failed[0]
