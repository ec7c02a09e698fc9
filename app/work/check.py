"""Whether the data file is whole (检查), and what stands in it that cannot be right (数据体检)."""

from __future__ import annotations

from collections.abc import Sequence

from app.models import findings, history
from app.models.faults import Fault, Reject
from app.models.findings import Answer, Finding
from app.models.here import here
from app.models.operation import demand, operation
from app.models.progress import Progress, unwatched
from app.models.record import Lead, put_all
from app.work.standing import one


def check(*, quick: bool = False) -> list[str]:
    """A sentence for everything that is not as it should be; empty when all is well. Answered findings are well."""
    demand("check", "检查数据文件")
    found = findings.open_ones(findings.find())
    return [*unsound(quick=quick), *(f"{each.subject}“{each.title}”：{each.sentence}" for each in found)]


def unsound(*, quick: bool = False) -> list[str]:
    """A sentence for everything that is wrong with the file itself, whatever stands in it."""
    return [*_database(), *([] if quick else _history())]


def _database() -> list[str]:
    file = here().file
    if file.is_server:
        return []  # the server watches its own pages, and its links cannot be broken
    found = [f"数据文件损坏：{row[0]}" for row in file.run("PRAGMA integrity_check").fetchall() if row[0] != "ok"]
    broken = file.run("PRAGMA foreign_key_check").fetchall()
    return found + [f"{table} 第 {row} 行指向不存在的 {parent}。" for table, row, parent, _ in broken]


def _history() -> list[str]:
    known = history.records()
    strange = history.strangers()
    return [f"{known[table].word}（{key}）与操作日志不一致，可能在程序外被改过。" for table, key in strange]


# --- the check-up -----------------------------------------------------------------------------------------------------


def check_up(keys: Sequence[int] = (), progress: Progress = unwatched) -> str:
    """Check the whole file anew, keep what was found, and say how much it is."""
    demand("check", "数据体检")
    found = findings.find(progress)
    findings.keep(found)
    still = len(findings.open_ones(found))
    answered = f"，另有 {len(found) - still:,} 处已说明无误" if len(found) > still else ""
    return f"体检完毕，发现 {still:,} 处问题{answered}。" if still else f"体检完毕，没有发现问题{answered}。"


def explain(keys: Sequence[int], *, reason: str) -> str:
    """Answer findings: they are right as they are. They are not raised again until their facts change."""
    demand("write", "说明体检结果")
    chosen = [findings.by_key(key) for key in keys]
    names = ("check", "subject", "title", "sentence", "village")
    with operation("体检结果说明无误"):
        told = [{name: each.__data__.get(name) for name in names} for each in chosen]
        put_all(Answer, [row | {"reason": reason, "finding": each.id} for row, each in zip(told, chosen, strict=True)])
    return f"已说明 {len(chosen):,} 条，所涉及的内容不变就不再提出；要收回的，在“体检说明”里收回。"


def take_back(keys: Sequence[int]) -> str:
    """Take answers back: what they were given to stands among the findings again."""
    demand("write", "收回体检说明")
    with operation("收回体检说明"):
        for key in keys:
            Answer.by_key(key).remove()
    return f"已收回 {len(keys):,} 条说明。"


def mend(keys: Sequence[int]) -> Lead:
    """Where a finding is put right. Reject when nobody but a clerk knows how."""
    lead = Finding.leads_to(one(keys))
    if not lead.action:
        raise Reject(Fault("", "这一项没有现成的办理方法，请打开来改。"))
    return lead


def not_mended(keys: Sequence[int]) -> str | None:
    """Why there is no action that puts a finding right."""
    return None if Finding.leads_to(keys[0]).action else "这一项没有现成的办理方法，请打开来改。"
