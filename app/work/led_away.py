"""Which rows of a list hang on another village than that of who takes it in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from app.models.query import outside
from app.models.scope import village_path

if TYPE_CHECKING:
    from app.work.plan import Item


def led_away(record: Any, link: str, items: Sequence[Item], village: int) -> set[int]:
    """The items (by `id`) that say another village, or hang on a row of another one, stored or new."""
    found = _said_elsewhere(record, {id(item): item.values for item in items}, village)
    above = {id(item): item.parent for item in items if item.parent}
    if above:
        owner = record.facts()[link].rel_model
        stored = outside(owner, [parent.key for parent in above.values() if parent.key])
        found |= _said_elsewhere(owner, {at: parent.values for at, parent in above.items()}, village)
        found |= {at for at, parent in above.items() if parent.key in stored}
    return found


def _said_elsewhere(record: Any, rows: Mapping[int, dict[str, Any]], village: int) -> set[int]:
    """Those of the rows (mark → values) that say a village other than this one, or a row of another one."""
    name, _, farther = (village_path(record) or "").partition(".")
    said = {mark: values[name] for mark, values in rows.items() if values.get(name) is not None}
    if farther:
        hidden = outside(record.facts()[name].rel_model, list(said.values()))
        return {mark for mark, key in said.items() if key in hidden}
    return {mark for mark, key in said.items() if key != village}
