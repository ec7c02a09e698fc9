"""What a clerk keeps as a ledger of his own (自设台账): columns, condition and order over a known ledger."""

from __future__ import annotations

from app.models.fields import Remark, Text
from app.models.record import Record


class OwnLedger(Record):
    """A ledger as a row: everything a declared one says, in the same words."""

    title = Text("台账名称", required=True, most=40)
    source = Text("来源台账", required=True, most=40)
    columns = Remark("列", required=True)
    filters = Remark("筛选项")
    condition = Remark("条件")
    order = Text("排序", most=400)

    word = "自设台账"
    shown_by = "title"
    same_as = "title"
    written_by = "arrange"
