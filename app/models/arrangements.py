"""What an office arranges for itself: ledgers of its own, lists of people it put together, and columns of its own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from app.models.codes import table
from app.models.faults import Fault, Reject
from app.models.fields import Code, Flag, Link, Remark, Text
from app.models.own import CHOICE, RECORDS, places_for, words_of
from app.models.paths import labels
from app.models.people import Household, Person
from app.models.record import Record


class OwnLedger(Record):
    """A ledger as a row (自设台账): everything a declared one says, in the same words.

    With `by_list` (临时台账) its rows are those that somebody put on it.
    """

    title = Text("台账名称", required=True, most=40)
    source = Text("来源台账", required=True, most=40)
    columns = Remark("列", required=True)
    filters = Remark("筛选项")
    condition = Remark("条件")
    order = Text("排序", most=400)
    by_list = Flag("按名单")

    word = "自设台账"
    shown_by = "title"
    same_as = "title"
    written_by = "arrange"


class Listed(Record):
    """Somebody, or a household, put on a list (临时名单)."""

    ledger = Link(OwnLedger, "名单", required=True)
    person = Link(Person, "人员")
    household = Link(Household, "户")

    word = "临时名单"
    shown_by = "ledger.title"
    same_as = "ledger.id person.id"
    written_by = "arrange"


class OwnColumn(Record):
    """A column that the office adds to its persons or households (自设项目); `slot` is where its values stand."""

    register = Code("登记在", "own_register", required=True)
    title = Text("项目名称", required=True, most=20)
    kind = Code("类型", "own_kind", required=True)
    words = Remark("选项", note="类型是“选项”时填写，每行一个，或用顿号隔开")
    note = Text("说明", note="显示在填写的地方旁边")
    slot = Text("存放位置", most=4)

    word = "自设项目"
    shown_by = "title"
    same_as = "register title"
    written_by = "arrange"

    @staticmethod
    def complete(values: dict[str, Any]) -> None:
        OwnColumn.complete_all([values])

    @classmethod
    def complete_all(cls, rows: Sequence[dict[str, Any]]) -> None:
        """Find a free place for each that has none, or whose kind needs another one."""
        every = list(cls.select())
        taken = {(row.register, row.slot) for row in every}
        stands = {(row.register, row.title): row.slot for row in every}
        for row in rows:
            register, places = row.get("register"), places_for(row.get("kind") or "")
            slot = row.get("slot") or stands.get((register, row.get("title")))  # a list that is taken in says no places
            if register and row.get("kind"):
                free = (place for place in places if (register, place) not in taken)
                row["slot"] = slot if slot in places else next(free, None)
                taken.add((register, row["slot"]))

    @staticmethod
    def faults(row: Any) -> Iterator[Fault]:
        if row.kind == CHOICE and len(words_of(row.words)) < 2:
            yield Fault("words", "请写出至少两个选项，每行一个。")
        if row.kind and row.kind != CHOICE and row.words:
            yield Fault("words", "只有类型是“选项”时才填选项。")
        before = OwnColumn.get_or_none(OwnColumn.id == row.id) if row.id else None
        if before and (before.register, before.kind) != (row.register, row.kind) and (number := filled(before)):
            yield Fault("kind", f"已有 {number:,} 条填了“{before.title}”，不能再改类型和登记在哪里。")
        if any(sign in (row.title or "") for sign in " .=（）()[]“”\"、，"):
            yield Fault("title", "项目名称里不要有空格、标点和括号。")

    @classmethod
    def clashes(cls, keys: Sequence[int]) -> Iterator[Fault]:
        """A name that something else bears already."""
        for row in cls.by_keys(keys).values():
            record = RECORDS[row.register].owner_record()
            bearer = labels(record).get(row.title, "")
            if bearer and not bearer.endswith(f".{row.slot}"):
                yield Fault("title", f"{record.word}已经有叫“{row.title}”的项目，请换个名称。")

    @classmethod
    def together(cls) -> Iterator[Fault]:
        every = list(cls.select())
        for row in (row for row in every if row.slot is None):
            called = table("own_register").show(row.register)
            yield Fault("kind", f"{called}的这类自设项目已经用满 {len(places_for(row.kind))} 个，请先删去不用的。")
        if len({(row.register, row.slot) for row in every}) < len(every):
            yield Fault("", "它原来的存放位置已经给了别的自设项目，请重新新增一个。")

    def remove(self) -> None:
        """Take the column away, once nothing is filled in there any more. Raises Reject."""
        if number := filled(self):
            raise Reject(Fault("", f"还有 {number:,} 条填了“{self.title}”，请先用批量修改清空，再删除。"))
        super().remove()


def filled(row: OwnColumn) -> int:
    """In how many rows something is filled in for this column."""
    record = RECORDS[row.register]
    stored = record.stored_facts()[row.slot]
    number: int = record.select().where(stored.is_null(False)).count()
    return number
