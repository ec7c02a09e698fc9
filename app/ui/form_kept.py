"""What a draft keeps of a form (草稿): the facts and lines that the clerk changed, fit for JSON."""

from __future__ import annotations

from typing import Any

from app.ui.form_sheet import FormSheet
from app.ui.lines_model import Row
from app.ui.lines_table import LinesTable


def kept(sheet: FormSheet) -> dict[str, Any]:
    """What differs from the values that were filled in; empty when nothing does."""
    facts = {}
    for name, field in sheet.fields.items():
        if field.input.value_text() != field.shown_for(sheet.loaded.values.get(name)):
            facts[name] = field.input.kept()
    lines = {}
    for name, table in sheet.tables.items():
        rows = [row for row in table.lines.rows if not row.is_empty]
        if [row.values for row in rows] != sheet.loaded.lines.get(name, []) or any(row.typed for row in rows):
            lines[name] = [_kept_row(table, row) for row in rows]
    return {key: value for key, value in (("facts", facts), ("lines", lines)) if value}


def _kept_row(table: LinesTable, row: Row) -> dict[str, Any]:
    found = {key: row.values[key] for key in ("id", "rev", "removed") if row.values.get(key)}
    for place in table.table.columns:
        value = row.values.get(place.name)
        is_link = hasattr(place.fact, "rel_model")
        text = value if is_link and place.name not in row.typed else table.lines.text(row, place)
        if text:
            found[place.name] = text
    return found


def restore(sheet: FormSheet, content: dict[str, Any]) -> None:
    """Put back what a draft kept, over what is filled in."""
    for name, text in content.get("facts", {}).items():
        if name in sheet.fields and text is not None:
            sheet.fields[name].input.restore(text)
    for name, lines in content.get("lines", {}).items():
        if name in sheet.tables:
            table = sheet.tables[name]
            stored = {line["id"]: line for line in sheet.loaded.lines.get(name, [])}
            table.lines.put_rows([_row(table, line, stored) for line in lines])
    sheet.show_ages()
    sheet.changed.emit()


def _row(table: LinesTable, line: dict[str, Any], stored: dict[int, Any]) -> Row:
    """A line as it was; one whose row is gone from the file meanwhile comes back as a new one."""
    base = stored.get(line.get("id", 0), {})
    row = Row({key: base[key] for key in ("id", "rev") if key in base})
    if base and line.get("removed"):
        row.values["removed"] = True
    for place in table.table.columns:
        written = line.get(place.name)
        try:
            row.values[place.name] = written if isinstance(written, int) else place.fact.read(written)
        except ValueError as wrong:
            row.values[place.name] = None
            row.typed[place.name], row.wrong[place.name] = str(written), str(wrong)
    return row
