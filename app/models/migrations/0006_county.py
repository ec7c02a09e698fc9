"""Blank forms of the county that are kept bound to a ledger."""

from typing import Any

import peewee


def up(migrator: Any, db: Any) -> None:
    order = '"C"' if isinstance(db, peewee.PostgresqlDatabase) else None

    def must(**more: Any) -> Any:
        return peewee.TextField(collation=order, **more)

    class BoundForm(peewee.Model):
        id = peewee.BigAutoField()
        rev = peewee.IntegerField(default=0)
        title = must()
        file = must()
        source = must()
        condition = must(null=True)
        kind = must(null=True)
        choices = must(null=True)
        blank = must()
        words = must()

        class Meta:
            database = db
            legacy_table_names = False

    db.create_tables([BoundForm])
