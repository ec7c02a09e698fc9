"""Places (县、乡镇、村、组) and the grid (社区、网格、楼栋、单元), a second membership beside them.

A place is known by its key. Its 12-digit statistical code (统计用区划代码) is a fact that changes when villages merge,
and the names it had before stay answerable through `FormerPlace`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from app.models.faults import Fault
from app.models.fields import Code, Day, Link, Remark, Text
from app.models.record import Lines, Record

COUNTY, TOWNSHIP, VILLAGE, GROUP = "1", "2", "3", "4"  # of the code table place_level


def dates_in_order(row: Any, since: str = "since", until: str = "until") -> Iterator[Fault]:
    """What began must not end before it began. `row` is `Values`."""
    start, end = row.get(since), row.get(until)
    if start and end and end < start:
        yield Fault(until, f"结束日期 {end} 早于开始日期 {start}，请核对。")


class Place(Record):
    """A county, township, village or villagers' group (行政区划与村民小组)."""

    name = Text("名称", required=True, most=40, index=True)
    level = Code("级别", "place_level", required=True)
    parent = Link("self", "上级")
    code = Text("区划代码", most=12, note="12 位统计用区划代码，可以不填")
    since = Day("设立日期")
    until = Day("撤销日期")
    merged_into = Link("self", "并入")
    note = Remark("备注")

    word = "村组"
    same_as = "parent level name"
    names = Lines("曾用名", lambda: FormerPlace, "place")
    seen_by = "places"

    @staticmethod
    def of_village(place: Any, village: int) -> Any:
        """The village, its groups, and what stands above all villages."""
        return (place.id == village) | (place.parent == village) | place.level.in_((COUNTY, TOWNSHIP))

    @staticmethod
    def faults(row: Any) -> Iterator[Fault]:
        if row.code and not (row.code.isdigit() and len(row.code) == 12):
            yield Fault("code", "区划代码应为 12 位数字，不知道可以不填。")
        if row.level in (VILLAGE, GROUP) and not row.parent_id and not row.parent:
            yield Fault("parent", "请选择它属于哪个乡镇或哪个村。")
        yield from dates_in_order(row)


class FormerPlace(Record):
    """A name that a place had until a day (曾用名)."""

    place = Link(Place, "村组", required=True)
    name = Text("曾用名", required=True, most=40, index=True)
    since = Day("启用日期")
    until = Day("停用日期", required=True)
    reason = Text("原因")

    word = "曾用名"
    same_as = "place name until"
    of = "place"
    seen_by = "places"

    @staticmethod
    def of_village(former: Any, village: int) -> Any:
        return former.place.in_(Place.select(Place.id).where(Place.of_village(Place, village)))

    @staticmethod
    def faults(row: Any) -> Iterator[Fault]:
        yield from dates_in_order(row)


Place.former = FormerPlace


class Grid(Record):
    """A community, grid, building or unit of the grid (网格)."""

    name = Text("名称", required=True, most=40, index=True)
    kind = Code("类型", "grid_kind", required=True)
    parent = Link("self", "上级")
    code = Text("网格编号", most=30)
    scope = Text("范围")
    note = Remark("备注")

    word = "网格"
    same_as = "parent name"
