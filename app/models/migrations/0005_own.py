"""Own columns and what they say of persons and households; lists of people that an office puts together."""

from typing import Any

import peewee


def up(migrator: Any, db: Any) -> None:
    order = '"C"' if isinstance(db, peewee.PostgresqlDatabase) else None

    class Table(peewee.Model):
        class Meta:
            database = db
            legacy_table_names = False

    class Row(Table):
        id = peewee.BigAutoField()

    class Person(Row):
        pass

    class Household(Row):
        pass

    class OwnLedger(Row):
        pass

    class OwnColumn(Row):
        rev = peewee.IntegerField(default=0)
        register = peewee.TextField(collation=order)
        title = peewee.TextField(collation=order)
        kind = peewee.TextField(collation=order)
        words = peewee.TextField(null=True, collation=order)
        note = peewee.TextField(null=True, collation=order)
        slot = peewee.TextField(null=True, collation=order)

    class PersonOwn(Row):
        rev = peewee.IntegerField(default=0)
        person = peewee.ForeignKeyField(Person, backref="+", on_delete="RESTRICT")

    class HouseholdOwn(Row):
        rev = peewee.IntegerField(default=0)
        household = peewee.ForeignKeyField(Household, backref="+", on_delete="RESTRICT")

    class Listed(Row):
        rev = peewee.IntegerField(default=0)
        ledger = peewee.ForeignKeyField(OwnLedger, backref="+", on_delete="RESTRICT")
        person = peewee.ForeignKeyField(Person, backref="+", null=True, on_delete="RESTRICT")
        household = peewee.ForeignKeyField(Household, backref="+", null=True, on_delete="RESTRICT")

    for table in (PersonOwn, HouseholdOwn):
        for number in range(1, 31):
            table._meta.add_field(f"t{number}", peewee.TextField(null=True, collation=order))
        for number in range(1, 21):
            table._meta.add_field(f"n{number}", peewee.BigIntegerField(null=True))
    db.create_tables([OwnColumn, PersonOwn, HouseholdOwn, Listed])
    db.execute_sql("ALTER TABLE own_ledger ADD COLUMN by_list SMALLINT")
