"""Certificates given (证书登记): donation certificates (捐赠证书) and certificates of honour (荣誉证书)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from app.models.faults import Fault
from app.models.fields import Code, Day, Money, Remark, Text
from app.models.record import Record

DONATION, HONOUR = "1", "2"  # of the code table certificate_kind


class Certificate(Record):
    """One certificate, known by its serial number."""

    number = Text("证书编号", required=True, most=30, index=True)
    kind = Code("证书种类", "certificate_kind", required=True)
    day = Day("颁发日期", required=True)
    honoured = Text("受证人", required=True, most=60, note="单位或个人，连同称呼，如“张三先生”")
    address = Text("联系地址")
    cash = Money("捐款金额", note="元")
    goods = Text("捐赠物资", most=120, note="品名和数量")
    purpose = Text("事由", most=200, note="如“资助留守儿童”")
    issuer = Text("颁发单位", required=True, most=60)
    note = Remark("备注")

    word = "证书"
    shown_by = "number"
    same_as = "number"

    @staticmethod
    def faults(row: Any) -> Iterator[Fault]:
        if row.kind == DONATION and not (row.cash or row.goods):
            yield Fault("cash", "捐赠证书要写明捐款金额或捐赠物资。")
        if row.kind == HONOUR and not row.purpose:
            yield Fault("purpose", "荣誉证书要写明因何事颁发。")
