"""Paths: how declarations name facts, and by which words a clerk does."""

from __future__ import annotations

import pytest

from app.models.fields import Link
from app.models.help import HelpLine
from app.models.paths import label_of, labels, resolve
from app.models.people import Household, Person
from app.models.places import Place


def test_a_path_leads_over_links_to_a_fact() -> None:
    path = resolve(Person, "household.village.name")
    assert [link.name for link in path.links] == ["household", "village"]
    assert (path.fact, path.owner, path.label, path.ends_in) == (Place.facts()["name"], Place, "名称", None)
    assert resolve(Person, "id_number").private and not resolve(Person, "name").private


def test_a_path_that_ends_in_a_link_goes_on_to_what_stands_for_the_row() -> None:
    path = resolve(Person, "household.village")
    assert (path.name, path.owner, path.label) == ("name", Place, "行政村")
    assert path.ends_in is Household.facts()["village"]
    head = resolve(Person, "household")
    assert (head.label, head.fact) == ("所属户", Household.derived["head"])
    assert [link.name for link in resolve(HelpLine, "person").links] == ["person"]


def test_a_path_can_name_the_linked_row_itself() -> None:
    path = resolve(Person, "household.village.id")
    assert isinstance(path.fact, Link) and path.owner is Household and path.label == "行政村"
    assert resolve(Person, "household.id").links == ()


@pytest.mark.parametrize(
    "text", ["nothing", "name.more", "household.nothing", "household.village.name.x", "", "age.x", "id"]
)
def test_a_typing_mistake_is_found(text: str) -> None:
    with pytest.raises(LookupError):
        resolve(Person, text)


def test_the_nearest_fact_has_the_short_word() -> None:
    assert labels(Person)["联系电话"] == "telephone"
    assert labels(Person)["户联系电话"] == labels(Person)["所属户.户联系电话"] == "household.telephone"
    assert labels(HelpLine)["日期"] == "help.day" and labels(HelpLine)["年龄"] == "person.age"
    assert labels(HelpLine)["备注"] == "note" and labels(HelpLine)["受助人.备注"] == "person.note"
    assert label_of(Person, "household.village") == "行政村"
    assert label_of(HelpLine, "person.household.village") == "行政村"
    assert label_of(HelpLine, "person.note") == "受助人.备注"
    assert label_of(Person, "nowhere") == "nowhere"


def test_what_a_link_leads_to_is_not_added_up() -> None:
    """A household of four would count as sixteen in the sum over its members."""
    assert resolve(Household, "size").adds
    assert not resolve(Person, "household.size").adds and not resolve(Person, "age").adds
