"""Categories of need, enrolments with what is known of them, organisations, helpers and their ties.

A frozen copy of the tables as they were first made; it imports nothing of the program.
"""

from typing import Any

import peewee


def up(migrator: Any, db: Any) -> None:
    order = '"C"' if isinstance(db, peewee.PostgresqlDatabase) else None

    def text(**more: Any) -> Any:
        return peewee.TextField(null=True, collation=order, **more)

    def must(**more: Any) -> Any:
        return peewee.TextField(collation=order, **more)

    def link(model: Any, **more: Any) -> Any:
        return peewee.ForeignKeyField(model, backref="+", null=True, on_delete="RESTRICT", **more)

    def owner(model: Any, **more: Any) -> Any:
        return peewee.ForeignKeyField(model, backref="+", on_delete="RESTRICT", **more)

    class Table(peewee.Model):
        class Meta:
            database = db
            legacy_table_names = False

    class Household(Table):
        id = peewee.BigAutoField()

    class Person(Table):
        id = peewee.BigAutoField()

    class Place(Table):
        id = peewee.BigAutoField()

    class Grid(Table):
        id = peewee.BigAutoField()

    class Row(Table):
        id = peewee.BigAutoField()
        rev = peewee.IntegerField(default=0)

    class Category(Row):
        name = must(index=True)
        unit = must()
        code = text()
        review = peewee.IntegerField(null=True)
        since = text()
        until = text()
        source = text()
        note = text()

    class Exclusion(Row):
        first = owner(Category)
        second = owner(Category)
        effect = must()
        reason = text()
        source = text()

    class Enrolment(Row):
        category = owner(Category)
        person = owner(Person)
        grade = text()
        since = must()
        until = text()
        reason = text()
        ending = text()
        explained = text()
        review = text()
        note = text()

    class Detail(Row):
        enrolment = owner(Enrolment)

    class CoveredPerson(Detail):
        person = owner(Person)
        note = text()

    class Evidence(Detail):
        title = must()
        day = text()
        scan = text()

    class LeftBehindChild(Detail):
        kind = text()
        father = text()
        father_place = text()
        father_telephone = text()
        mother = text()
        mother_place = text()
        mother_telephone = text()
        schooling = text()
        school = text()
        school_class = text()
        teacher = text()
        teacher_telephone = text()
        carer = text()
        carer_relation = text()
        carer_telephone = text()

    class ElderLiving(Detail):
        living = text()
        ability = text()
        illness = text()
        contact = text()
        contact_relation = text()
        contact_telephone = text()
        children = text()

    class Disability(Detail):
        card = text()
        kind = text()
        level = text()
        issued = text()
        expires = text()
        guardian = text()
        guardian_telephone = text()

    class Orphanhood(Detail):
        father_state = text()
        father_since = text()
        mother_state = text()
        mother_since = text()
        keeping = text()
        guardian = text()
        guardian_relation = text()
        guardian_telephone = text()
        school = text()

    class Care(Detail):
        keeping = text()
        institution = text()
        ability = text()
        carer = text()
        carer_telephone = text()
        card = text()

    class Monitoring(Detail):
        kind = text()
        risk = text()
        cause = text()
        found = text()
        over = text()

    class Organisation(Row):
        name = must(index=True)
        level = text()
        kind = text()
        village = link(Place)
        head = text()
        telephone = text()
        address = text()
        since = text()
        until = text()
        note = text()

    class Helper(Row):
        name = must()
        organisation = link(Organisation)
        post = text()
        level = text()
        sex = text()
        party = peewee.SmallIntegerField(null=True)
        telephone = text()
        skills = text()
        capacity = peewee.IntegerField(null=True)
        since = text()
        until = text()
        leaving = text()
        note = text()

    class Tie(Row):
        helper = owner(Helper)
        role = must()
        since = must()
        until = text()
        reason = text()
        ending = text()
        successor = link(Helper)
        note = text()

    class Pairing(Tie):
        person = owner(Person)

    class HouseholdTie(Tie):
        household = owner(Household)

    class Posting(Tie):
        village = link(Place)
        grid = link(Grid)

    db.create_tables(
        [
            *(Category, Exclusion, Enrolment, CoveredPerson, Evidence),
            *(LeftBehindChild, ElderLiving, Disability, Orphanhood, Care, Monitoring),
            *(Organisation, Helper, Pairing, HouseholdTie, Posting),
        ]
    )
