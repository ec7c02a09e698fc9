"""What the check-up found, as notes of the desk without constraints, and the answers to it."""

from typing import Any

import peewee


def up(migrator: Any, db: Any) -> None:
    order = '"C"' if isinstance(db, peewee.PostgresqlDatabase) else None

    def must(**more: Any) -> Any:
        return peewee.TextField(collation=order, **more)

    class Place(peewee.Model):
        id = peewee.BigAutoField()

        class Meta:
            database = db

    class Finding(peewee.Model):
        id = peewee.BigAutoField()
        check = must()
        subject = must()
        title = must()
        sentence = must()
        village_id = peewee.BigIntegerField(null=True)
        rows = peewee.IntegerField()
        day = must()
        table = must()
        key = peewee.BigIntegerField()

        class Meta:
            database = db

    class FindingRow(peewee.Model):
        finding = peewee.BigIntegerField(index=True)
        key = peewee.BigIntegerField(index=True)
        own = peewee.SmallIntegerField()

        class Meta:
            database = db
            legacy_table_names = False
            primary_key = False

    class Answer(peewee.Model):
        id = peewee.BigAutoField()
        rev = peewee.IntegerField(default=0)
        check = must()
        subject = must()
        title = must()
        sentence = must()
        village = peewee.ForeignKeyField(Place, backref="+", null=True, on_delete="RESTRICT")
        reason = must()
        finding = peewee.BigIntegerField(index=True)

        class Meta:
            database = db

    db.create_tables([Finding, FindingRow, Answer])
    # What the check-up asks of every person stands in indexes that hold all of it, so it need not look at the rows.
    db.execute_sql("DROP INDEX person_household_id_relation")
    db.execute_sql("CREATE INDEX person_household_id_relation ON person (household_id, relation, since, until)")
    for column, more in (("telephone", "since, until"), ("account", "since, until, payee, name")):
        db.execute_sql(f"CREATE INDEX person_{column} ON person ({column}, {more}) WHERE {column} IS NOT NULL")
