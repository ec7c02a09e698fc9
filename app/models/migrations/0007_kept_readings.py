"""How lists that came in were read, kept by the words of their heading."""

from typing import Any

import peewee


def up(migrator: Any, db: Any) -> None:
    order = '"C"' if isinstance(db, peewee.PostgresqlDatabase) else None

    def must(**more: Any) -> Any:
        return peewee.TextField(collation=order, **more)

    class KeptReading(peewee.Model):
        id = peewee.BigAutoField()
        rev = peewee.IntegerField(default=0)
        title = must()
        source = must()
        captions = must()
        columns = must(null=True)
        height = peewee.IntegerField()
        skip = peewee.SmallIntegerField(null=True)
        used = must(null=True)
        words = must()

        class Meta:
            database = db
            legacy_table_names = False

    db.create_tables([KeptReading])
