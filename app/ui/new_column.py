"""新增自设项目: ask what an own column is called and of what kind."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from app.ledgers import own
from app.ui.ask import Ask


def ask_new_column(page: Any, record: Any, then: Callable[[str, str], None], title: str = "") -> None:
    """Ask for an own column of whom a record is about, persons or households; `then(path, title)` when it is there."""
    sentence = "新的项目写在每个人（户）的登记表单最后，和别的项目一样筛选、打印、导出，也能从表格导入。"
    dialog = Ask(page, "新增自设项目", sentence, own.column_facts(), "新增")
    dialog.fields["title"].set_value(title or None)

    def do(values: dict[str, Any]) -> None:
        def done(path: str) -> None:
            dialog.close()
            then(path, values["title"])

        page.window_.tasks.write("新增自设项目", lambda progress: own.new_column(record, **values), done, dialog.tell)

    dialog.answered.connect(do)
    dialog.show()
