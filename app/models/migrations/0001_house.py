"""Places, households, persons, help given, certificates, own ledgers; the history and the notes of the desk.

A frozen copy of the tables as the program first made them; it imports nothing of the program. Text is ordered by code
point on both databases, keys are 64-bit.
"""

from typing import Any

import peewee


def up(migrator: Any, db: Any) -> None:
    server = isinstance(db, peewee.PostgresqlDatabase)
    order = '"C"' if server else None

    def text(**more: Any) -> Any:
        return peewee.TextField(null=True, collation=order, **more)

    def must(**more: Any) -> Any:
        return peewee.TextField(collation=order, **more)

    def link(model: Any, **more: Any) -> Any:
        return peewee.ForeignKeyField(model, backref="+", null=True, on_delete="RESTRICT", **more)

    def owner(model: Any) -> Any:
        return peewee.ForeignKeyField(model, backref="+", on_delete="RESTRICT")

    class Table(peewee.Model):
        class Meta:
            database = db
            legacy_table_names = False

    class Row(Table):
        id = peewee.BigAutoField()
        rev = peewee.IntegerField(default=0)

    class Place(Row):
        name = must(index=True)
        level = must()
        parent = link("self")
        code = text()
        since = text()
        until = text()
        merged_into = link("self")
        note = text()

    class FormerPlace(Row):
        place = owner(Place)
        name = must(index=True)
        since = text()
        until = must()
        reason = text()

    class Grid(Row):
        name = must(index=True)
        kind = must()
        parent = link("self")
        code = text()
        scope = text()
        note = text()

    class Household(Row):
        number = must()
        village = owner(Place)
        group = link(Place)
        grid = link(Grid)
        kind = text()
        registered_address = text()
        address = text()
        telephone = text()
        since = text()
        until = text()
        ending = text()
        note = text()

        class Meta:
            indexes = ((("village", "group", "number"), False),)

    class FormerHome(Row):
        household = owner(Household)
        village = owner(Place)
        group = link(Place)
        since = text()
        until = must()
        reason = text()

    class Person(Row):
        name = must()
        former_name = text()
        id_number = text(index=True)
        document = text()
        document_number = text()
        no_id_reason = text()
        sex = text()
        birth = text(index=True)
        ethnicity = text()
        household = owner(Household)
        relation = must()
        since = text()
        until = text()
        leaving = text()
        education = text()
        marriage = text()
        health = text()
        occupation = text()
        workplace = text()
        away = peewee.SmallIntegerField(null=True)
        away_place = text()
        away_since = text()
        telephone = text()
        telephone2 = text()
        bank = text()
        account = text()
        payee = text()
        payee_id_number = text()
        address = text()
        birthplace = text()
        native_place = text()
        religion = text()
        military = text()
        blood = text()
        height = peewee.IntegerField(null=True)
        came_from = text()
        photo = text()
        note = text()

        class Meta:
            # The second holds all that a list by name asks of those present, so it need not look at the rows.
            indexes = ((("household", "relation"), False), (("name", "id", "since", "until"), False))

    class Stay(Row):
        person = owner(Person)
        household = owner(Household)
        relation = must()
        since = text()
        until = must()
        reason = text()

    class HelpRecord(Row):
        kind = must()
        day = must(index=True)
        subject = must()
        where = text()
        giver = text()
        organisation = text()
        source = text()
        solved = peewee.IntegerField(null=True)
        deeds = peewee.IntegerField(null=True)
        content = text()

    class HelpLine(Row):
        help = owner(HelpRecord)
        person = owner(Person)
        goods = text()
        value = peewee.BigIntegerField(null=True)
        cash = peewee.BigIntegerField(null=True)
        taker = text()
        taker_relation = text()
        note = text()

    class Certificate(Row):
        number = must(index=True)
        kind = must()
        day = must()
        honoured = must()
        address = text()
        cash = peewee.BigIntegerField(null=True)
        goods = text()
        purpose = text()
        issuer = must()
        note = text()

    class OwnLedger(Row):
        title = must()
        source = must()
        columns = must()
        filters = text()
        condition = text()
        order = text()

    class Operation(Table):
        id = peewee.BigAutoField()
        title = must()
        who = must()
        at = must()
        day = must()
        undoes = peewee.BigIntegerField(null=True)
        changes = peewee.IntegerField()

    class Change(Table):
        operation = peewee.ForeignKeyField(Operation, backref="+", column_name="operation", on_delete="RESTRICT")
        number = peewee.IntegerField()
        table = must()
        key = peewee.BigIntegerField()
        rev = peewee.IntegerField()
        before = text()
        after = text()

        class Meta:
            primary_key = peewee.CompositeKey("operation", "number")
            indexes = ((("key", "operation"), False),)

    class Search(Table):
        key = peewee.BigAutoField()
        names = must(index=True)
        initials = must(index=True)
        digits = must()

    class Scan(Table):
        sha256 = peewee.TextField(primary_key=True)
        kind = must()
        content = peewee.BlobField()

    class Note(Table):
        who = must()
        name = must()
        value = must()

        class Meta:
            primary_key = peewee.CompositeKey("who", "name")

    class Draft(Table):
        who = must()
        form = must()
        at = must()
        content = must()

        class Meta:
            primary_key = peewee.CompositeKey("who", "form")

    db.create_tables(
        [
            *(Place, FormerPlace, Grid, Household, FormerHome, Person, Stay, HelpRecord, HelpLine, Certificate),
            *(OwnLedger, Operation, Change, Search, Scan, Note, Draft),
        ]
    )
    if not server:
        db.execute_sql(
            "CREATE VIRTUAL TABLE search_words USING fts5(names, initials, digits, "
            "content='search', content_rowid='key', tokenize='trigram', detail='full')"
        )
        put = (
            "INSERT INTO search_words(rowid, names, initials, digits) "
            "VALUES (new.key, new.names, new.initials, new.digits);"
        )
        take = (
            "INSERT INTO search_words(search_words, rowid, names, initials, digits) "
            "VALUES ('delete', old.key, old.names, old.initials, old.digits);"
        )
        db.execute_sql(f"CREATE TRIGGER search_put AFTER INSERT ON search BEGIN {put} END")
        db.execute_sql(f"CREATE TRIGGER search_take AFTER DELETE ON search BEGIN {take} END")
