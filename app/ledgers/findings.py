"""Ledgers of the check-up: what it found, and what was answered to it."""

from __future__ import annotations

from app.ledgers.ledger import Action, Ledger
from app.models.fields import Text
from app.models.findings import Answer, Finding
from app.work import check

findings = Ledger(
    "数据体检",
    Finding,
    columns="check subject title sentence village rows day",
    filters="check village subject",
    order="check village title",
    where="说明 为空 且 涉及条数 >= 1",
    actions=(
        Action("重新体检", check.check_up, key="F9", watched=True, whole=True, needs="check"),
        Action("去办理", check.mend, hindered=check.not_mended),
        Action(
            "说明无误", check.explain, {"reason": Text("说明", required=True, note="为什么是对的，以后据此不再提出")},
            many=True,
        ),
    ),
)

answers = Ledger(
    "体检说明",
    Answer,
    columns="check subject title sentence village reason",
    filters="check village",
    order="check village title",
    actions=(Action("收回说明", check.take_back, many=True),),
)
