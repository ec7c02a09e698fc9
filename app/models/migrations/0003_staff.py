"""Staff and their roles; the hashes of their passwords and the counters of wrong ones, which are notes of the desk."""

from typing import Any

import peewee


def up(migrator: Any, db: Any) -> None:
    order = '"C"' if isinstance(db, peewee.PostgresqlDatabase) else None

    class Table(peewee.Model):
        class Meta:
            database = db
            legacy_table_names = False

    class Place(Table):
        id = peewee.BigAutoField()

    class Staff(Table):
        id = peewee.BigAutoField()
        rev = peewee.IntegerField(default=0)
        account = peewee.TextField(collation=order, index=True)
        name = peewee.TextField(collation=order)
        role = peewee.TextField(collation=order)
        also = peewee.TextField(null=True, collation=order)
        village = peewee.ForeignKeyField(Place, backref="+", null=True, on_delete="RESTRICT")
        since = peewee.TextField(null=True, collation=order)
        until = peewee.TextField(null=True, collation=order)
        note = peewee.TextField(null=True, collation=order)

    class Password(Table):
        staff = peewee.BigIntegerField(primary_key=True)
        hash = peewee.TextField(collation=order)

    class SignIn(Table):
        account = peewee.TextField(primary_key=True, collation=order)
        wrong = peewee.IntegerField()
        at = peewee.BigIntegerField()
        time = peewee.BigIntegerField(null=True)
        wall = peewee.BigIntegerField(null=True)

    db.create_tables([Staff, Password, SignIn])
