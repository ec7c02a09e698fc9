"""Blank forms of the county that an office keeps bound to a ledger (上级报表), so that next month's is one click."""

from __future__ import annotations

from app.models.fields import Remark, Text
from app.models.record import Record


class BoundForm(Record):
    """A blank form and what it is filled from. `blank` is the SHA-256 of the file, `words` that of what is written on
    it, by which next month's form is known again; `choices` are lines 题名 = 取自 where the clerk chose otherwise."""

    title = Text("报表名称", required=True, most=60)
    file = Text("空表文件名", required=True)
    source = Text("取自台账", required=True, most=60)
    condition = Remark("条件")
    kind = Remark("表的种类", note="几张表不一样的，每行一个：表名 = 种类")
    choices = Remark("指定的取数", most=20_000, note="每行一个：题名 = 取自；等号后面空着的不填")
    blank = Text("空表", required=True, most=64)
    words = Text("表样", required=True, most=64)

    word = "上级报表"
    shown_by = "title"
    same_as = "title"
    written_by = "arrange"
