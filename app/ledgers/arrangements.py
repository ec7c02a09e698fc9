"""Ledgers of what an office arranged itself: its own columns, the county's forms and the readings that it keeps."""

from __future__ import annotations

from app.ledgers.ledger import Action, Ledger
from app.models.arrangements import OwnColumn
from app.models.county_forms import BoundForm
from app.models.kept_readings import KeptReading
from app.models.query import keys
from app.work import readings

own_columns = Ledger(
    "自设项目",
    OwnColumn,
    columns="title register kind words note",
    filters="register kind",
    order="register title",
    form="""
        register  kind
        title
        words
        note
    """,
)

bound_forms = Ledger(
    "上级报表",
    BoundForm,
    columns="title source condition kind file choices",
    filters="source kind",
    order="title",
)

kept_readings = Ledger(
    "导入读法",
    KeptReading,
    columns="title source used skip captions columns",
    filters="source used",
    order="source title",
    actions=(
        Action("改名…", readings.rename, {"title": KeptReading.facts()["title"]}, needs="import"),
        Action("删除读法", readings.drop, many=True, needs="import"),
        Action("导出为文件…", readings.write_file, many=True, needs="import", writes=f"导入读法{readings.ENDING}"),
        Action("从文件取入…", readings.take_file, whole=True, needs="import", reads=f"*{readings.ENDING}"),
    ),
)


def form_titles() -> dict[int, str]:
    """The kept forms by key: their titles."""
    return {key: BoundForm.by_key(key).title for key in keys(BoundForm, order=("title",))}
