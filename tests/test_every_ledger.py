"""Walks the contents: whatever stands there can be listed, ordered, filtered, grouped, summed, shown and read back."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from app.ledgers import contents
from app.ledgers.ledger import Ledger
from app.ledgers.listing import Listing, any_of
from app.models.checks import checks_of
from app.models.conditions import Empty, Not, paths_of, read, show
from app.models.database import DataFile
from app.models.derived import Age, Apart
from app.models.fields import Code, Fact, Link
from app.models.findings import Finding
from app.models.history import records
from app.models.paths import label_of, labels, resolve
from app.models.people import Household
from app.models.query import keys
from app.models.record import Record
from app.models.settle import same
from app.work.check import check_up, explain
from tests import town
from tests.proof import many
from tests.values import values

LEDGERS = contents.ledgers()
RECORDS = list({ledger.record: None for ledger in LEDGERS.values()} | dict.fromkeys(records().values()))
FACTS = [(record, name, fact) for record in RECORDS for name, fact in record.facts().items() if isinstance(fact, Fact)]


def paths(ledger: Ledger) -> list[str]:
    texts = [column.text for column in ledger.shown] + ledger.filters.split()
    texts += [text.lstrip("-") for text in ledger.order.split()] + sorted(paths_of(ledger.condition))
    return list(dict.fromkeys(texts))


# --- the declarations -------------------------------------------------------------------------------------------------


def test_names_and_titles_are_said_once() -> None:
    titles = [ledger.title for ledger in LEDGERS.values()]
    assert len(set(titles)) == len(titles) == len(LEDGERS) >= 10
    for name, ledger in LEDGERS.items():
        assert contents.ledger_called(name) is contents.ledger_called(ledger.title) is ledger
    with pytest.raises(LookupError, match=r"没有叫“没有的”的台账，可用的有：households"):
        contents.ledger_called("没有的")


@pytest.mark.parametrize("name", LEDGERS)
def test_every_path_has_a_label_that_leads_back(name: str) -> None:
    ledger = LEDGERS[name]
    for text in paths(ledger):
        assert resolve(ledger.record, text).label
        assert labels(ledger.record)[label_of(ledger.record, text)] == text, "a heading filter must be able to say it"
    captions = [column.caption for column in ledger.shown]
    assert len(set(captions)) == len(captions), "two columns of one caption cannot be told apart"


@pytest.mark.parametrize("name", LEDGERS)
def test_every_condition_is_a_sentence(name: str) -> None:
    ledger = LEDGERS[name]
    assert read(show(ledger.condition, ledger.record), ledger.record) == ledger.condition


@pytest.mark.parametrize("record", records().values(), ids=lambda record: record.__name__)
def test_every_check_can_be_said(record: Any) -> None:
    called = [check.name for check in checks_of(record)]
    assert len(set(called)) == len(called), "an answer finds its check by its name"
    actions = {action.title for ledger in LEDGERS.values() if ledger.record is record for action in ledger.actions}
    for check in checks_of(record):
        assert (check.sentence.endswith("。") and check.where) or check.same
        assert not check.mend or check.mend in actions
        if isinstance(check.where, str) and check.where:
            condition = read(check.where, record)
            assert condition is not None and read(show(condition, record), record) == condition
        for text in (*check.same.split(), *filter(None, check.differ.split("|"))):
            assert resolve(record, text).label


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.__name__)
def test_what_a_record_says_of_itself_holds(record: Any) -> None:
    assert record.word and resolve(record, record.shown_by)
    alike = [path for part in same(record) for path in part] if issubclass(record, Record) else []
    for text in (*record.placed_by.split(), *alike):
        assert resolve(record, text).label
    for text in record.search_by.split():
        assert isinstance(record.facts()[text], Fact)
    for fact in record.facts().values():
        assert fact.label
        if isinstance(fact, Link):
            assert not fact.among or read(fact.among, fact.rel_model)
            assert not fact.within or isinstance(record.facts()[fact.within], Link)
        if isinstance(fact, Code):
            assert fact.codes.choices()
    for derived in record.derived.values():
        if isinstance(derived, Apart):
            assert resolve(record, f"{derived.one}.id") and resolve(record, f"{derived.other}.id")
        elif not isinstance(derived, Age):
            assert not derived.where or read(derived.where, derived.record())


@pytest.mark.parametrize(
    ("record", "name", "fact"), FACTS, ids=[f"{record.__name__}.{name}" for record, name, _ in FACTS]
)
def test_every_fact_is_read_as_it_is_shown(record: Any, name: str, fact: Any) -> None:
    @settings(max_examples=many(200, 15), deadline=None, suppress_health_check=list(HealthCheck))
    @given(values(fact))
    def check(value: Any) -> None:
        assert fact.read(fact.show(value)) == value
        stored = fact.db_value(value)
        assert type(stored) in (int, str) and fact.python_value(stored) == value
        assert isinstance(fact.mask(value), str) and (fact.mask(value) == fact.show(value)) is not fact.private

    check()


def test_retired_codes_are_still_shown() -> None:
    for _, _, fact in FACTS:
        if isinstance(fact, Code):
            for code, text in fact.codes.texts.items():
                assert fact.show(code) == text


# --- the listings -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", LEDGERS)
def test_an_empty_file_is_an_empty_list(file: DataFile, name: str) -> None:
    listing = Listing(LEDGERS[name])
    assert list(listing.keys()) == listing.rows(0, 50) == [] and listing.count() == 0
    assert set(listing.sums().values()) <= {"0", "0.00"}
    for column in listing.shown:
        assert listing.groups(column.text) == []
    assert listing.but(search="杨").count() == 0


@pytest.fixture
def filled(file: DataFile) -> DataFile:
    town.build(seed=5)
    check_up()
    explain(list(keys(Finding))[:2], reason="核对过")
    return file


def test_every_ledger_of_a_filled_file(filled: DataFile) -> None:
    for name, ledger in LEDGERS.items():
        for listing in (Listing(ledger), Listing(ledger, gone=True), Listing(ledger, day=date(2020, 5, 1))):
            check(name, listing)
    assert all(Listing(ledger).count() for ledger in LEDGERS.values()), "each has something to show"


def check(name: str, listing: Listing) -> None:
    keys, whole = list(listing.keys()), listing.but(whole=True)
    cells = listing.rows(0, len(keys))
    assert len(keys) == len(set(keys)) == len(cells)
    assert all(len(row) == len(listing.shown) and all(isinstance(cell, str) for cell in row) for row in cells)
    for at, column in enumerate(listing.shown):
        fact, shown = column.path.fact, [row[at] for row in whole.cells(keys)]
        masked = [row[at] for row in cells]
        for one, other in zip(shown, masked, strict=True):
            assert (one == other) is (not column.path.private or not one), f"{name}.{column.text}"
        if isinstance(fact, Fact | Age) and not (isinstance(fact, Code)):
            raw = [row[at] for row in whole.values(keys)]
            again = [fact.read(cell) for cell in shown]
            single = [value[0] if isinstance(value, tuple) and value[0] == value[1] else value for value in raw]
            assert again == single, f"{name}.{column.text}"
        for order in (column.text, f"-{column.text}"):
            assert sorted(listing.but(order=(order,)).keys()) == sorted(keys), f"{name} by {order}"
        groups = whole.groups(column.text)
        assert sum(group.count for group in groups) == len(keys), f"{name}.{column.text}"
        assert [group.count for group in groups] == sorted((group.count for group in groups), reverse=True)
        assert len({group.text for group in groups}) == len(groups), f"{name}.{column.text}"
        for group in groups:
            opened = listing.but(where=group.condition)
            assert opened.count() == group.count, f"{name}.{column.text} = {group.text}"
            assert read(show(group.condition, listing.ledger.record), listing.ledger.record) == group.condition
        some = any_of(groups[:3])
        assert listing.but(where=some).count() == sum(group.count for group in groups[:3])
        known = listing.but(where=Not(Empty(column.text))).count()
        assert known == sum(bool(cell) for cell in shown), f"{name}.{column.text}"
    sums = listing.sums()
    assert sums.keys() == {column.text for column in listing.shown if column.path.adds}
    assert listing.sums(keys) == sums, name
    assert listing.sentence() == "" or listing.gone or listing.day


def test_a_village_opens_into_its_households(filled: DataFile) -> None:
    listing = Listing(contents.ledger_called("households"))
    for group in listing.groups("village"):
        assert show(group.condition, Household) == f"行政村 名为({group.text})"
        opened = listing.but(where=group.condition)
        here = {key for key in list(listing.keys()) if Household.by_key(key).village.name == group.text}
        assert here == set(opened.keys()) and len(here) == group.count
