"""What members of a family are to one another (与户主关系, GB/T 4761): only where it is certain.

Everybody's relation is known to one head; these functions say what follows for another one, or None.
"""

from __future__ import annotations

from collections.abc import Sequence

from app.models.codes import HEAD, SPOUSES
from app.models.people import Person

MAN, WOMAN = "1", "2"  # of the code table sex
REMARRIED = "22"  # of the code table marriage
MARRIED = frozenset(("20", "21", REMARRIED, "23"))
SONS = frozenset(("20", "21", "22", "23", "24", "25", "26", "27", "29"))
DAUGHTERS = frozenset(("30", "31", "32", "33", "34", "35", "36", "37", "39"))
CHILDREN = SONS | DAUGHTERS
SON_IN_LAW, DAUGHTER_IN_LAW = "28", "38"
PARENTS = frozenset(("51", "52"))
SPOUSE_OF = {  # who marries one with this relation, has that one
    **dict.fromkeys(SONS, DAUGHTER_IN_LAW), **dict.fromkeys(DAUGHTERS, SON_IN_LAW),
    "41": "45", "43": "45", "42": "46", "44": "46", "71": "72", "73": "74", "75": "76", "77": "78",
    "51": "52", "52": "51", "61": "62", "62": "61", "63": "64", "64": "63", "81": "82", "83": "84",
}  # fmt: skip
_IN_LAW_OF_WIFE, _IN_LAW_OF_HUSBAND = {"51": "53", "52": "54"}, {"51": "55", "52": "56"}
_PARENT_OF_SPOUSE = {"53": "51", "54": "52", "55": "51", "56": "52"}


def by_sex(person: Person, man: str, woman: str) -> str | None:
    """The code for a man or for a woman; None where the sex is not known."""
    return {MAN: man, WOMAN: woman}.get(person.sex or "")


def spouse(person: Person) -> str:
    """夫, 妻 or 配偶."""
    return by_sex(person, "11", "12") or "10"


def wed_to(relation: str, person: Person) -> str | None:
    """What `person` becomes who marries somebody with this relation."""
    return spouse(person) if relation == HEAD else SPOUSE_OF.get(relation)


def child_of(relation: str, sex: str | None) -> str | None:
    """What a child is whose mother or father has this relation."""
    if sex not in (MAN, WOMAN):
        return None
    pairs = [
        ({HEAD, *SPOUSES}, "20", "30"), (SONS | {DAUGHTER_IN_LAW}, "41", "42"),
        (DAUGHTERS | {SON_IN_LAW}, "43", "44"), ({"41", "42", "43", "44", "45", "46"}, "47", "48"),
    ]  # fmt: skip
    return next((boy if sex == MAN else girl for parents, boy, girl in pairs if relation in parents), None)


def through(relation: str, person: Person) -> str | None:
    """What `person`, of another household, is to the head that his own head has this relation to."""
    if person.relation == HEAD:
        return relation
    if person.relation in SPOUSES:
        return SPOUSE_OF.get(relation)
    if person.relation in CHILDREN:
        return child_of(relation, MAN if person.relation in SONS else WOMAN)
    return None


def seen_by(head: Person, other: Person, before: Person | None, family: Sequence[Person]) -> str | None:
    """What `other` is to the new head, from what both were to the one `before`; `family` are all who stand there."""
    if head.relation in SPOUSES:
        return _seen_by_spouse(head, other)
    if head.relation in CHILDREN:
        return _seen_by_child(head, other, before, family)
    if head.relation in PARENTS:
        return _seen_by_parent(other, before)
    if head.relation in (SON_IN_LAW, DAUGHTER_IN_LAW) and _only_couple(head, other, family):
        return spouse(other)
    return None


def _seen_by_spouse(head: Person, other: Person) -> str | None:
    if other.relation == HEAD:
        return spouse(other)
    if "20" <= other.relation <= "49":  # children, their spouses and children
        return str(other.relation)
    if other.relation in PARENTS:
        in_law = {MAN: _IN_LAW_OF_HUSBAND, WOMAN: _IN_LAW_OF_WIFE}.get(head.sex or "", {})
        return in_law.get(other.relation)
    return _PARENT_OF_SPOUSE.get(other.relation)


def _seen_by_child(head: Person, other: Person, before: Person | None, family: Sequence[Person]) -> str | None:
    if other.relation == HEAD or (other.relation in SPOUSES and other.marriage != REMARRIED):
        return by_sex(other, "51", "52")
    if other.relation in CHILDREN:
        return _sibling(head, other)
    if other.relation in PARENTS and before:
        grandfather = by_sex(before, "61", "63")
        return grandfather and (grandfather if other.relation == "51" else str(int(grandfather) + 1))
    return spouse(other) if _only_couple(head, other, family) else None


def _seen_by_parent(other: Person, before: Person | None) -> str | None:
    if other.relation == HEAD:
        return by_sex(other, "20", "30")
    if other.relation in SPOUSES:
        return by_sex(other, SON_IN_LAW, DAUGHTER_IN_LAW)
    if other.relation in PARENTS:
        return spouse(other)
    if other.relation in CHILDREN and before:
        grandson = by_sex(before, "41", "43")
        return grandson and (grandson if other.relation in SONS else str(int(grandson) + 1))
    return {"71": "20", "73": "20", "75": "30", "77": "30"}.get(other.relation)


def _sibling(head: Person, other: Person) -> str | None:
    """Elder or younger brother or sister; None where the births leave a doubt."""
    if not (head.birth and other.birth):
        return None
    if other.birth.last < head.birth.first:
        return by_sex(other, "71", "75")
    return by_sex(other, "73", "77") if head.birth.last < other.birth.first else None


def _only_couple(one: Person, other: Person, family: Sequence[Person]) -> bool:
    """Whether these are the only child and the only child-in-law of the family, and both are known to be married."""
    if not {one.marriage, other.marriage} <= MARRIED:
        return False
    for children, in_law in ((SONS, DAUGHTER_IN_LAW), (DAUGHTERS, SON_IN_LAW)):
        pair = [person for person in family if person.relation in children or person.relation == in_law]
        couple = sorted(person.relation == in_law for person in pair) == [False, True]
        if couple and {one.id, other.id} == {person.id for person in pair}:
            return True
    return False
