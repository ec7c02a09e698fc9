"""How lists that came in were read (导入读法), kept by the words of their heading: the next one is read alike."""

from __future__ import annotations

from app.models.fields import Day, Flag, Remark, Text, Whole
from app.models.record import Record


class KeptReading(Record):
    """The reading of one heading for one ledger. `words` is the fingerprint of its captions, whatever their order;
    `columns` are lines 列名 = 项目, blank behind the sign where the clerk left a column out. Projects are named by
    their labels: the places of own columns are others in every office."""

    title = Text("读法名称", required=True, most=60)
    source = Text("台账", required=True, most=60)
    captions = Remark("列名", required=True, most=20_000)
    columns = Remark("各列读作", most=40_000, note="每行一个：列名 = 项目；等号后面空着的不导入")
    height = Whole("标题行数", low=1, high=60, required=True)
    skip = Flag("不读")
    used = Day("最近使用")
    words = Text("表头指纹", required=True, most=64)

    word = "导入读法"
    shown_by = "title"
    same_as = "source words"
    written_by = "import"
