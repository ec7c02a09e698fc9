"""Paths: how a declaration names a fact of a record or of a row it links to, as `household.village.name`."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from app.models.fields import Link
from app.models.own import Known, known
from app.models.part import Part

DEEPEST = 4  # links in a chain


@dataclass(frozen=True)
class Path:
    """A resolved path: the links and parts to follow, then a stored or derived fact.

    A path that ends in a link goes on to the fact that stands for the linked record; `ends_in` is then that link, and
    its label is the one a clerk reads.
    """

    text: str
    record: Any
    links: tuple[Link | Part, ...]
    fact: Any
    name: str  # the fact's name in the record at the end
    ends_in: Link | None

    @property
    def label(self) -> str:
        label: str = (self.ends_in or self.fact).label
        return label

    @property
    def owner(self) -> Any:
        """The record that has the fact."""
        return self.links[-1].rel_model if self.links else self.record

    @property
    def private(self) -> bool:
        return bool(self.fact.private)

    @property
    def former_too(self) -> bool:
        """Whether its values also find what once had them, as a village is found by the names it had before."""
        return self.ends_in is not None and keeps(self.owner, self.name)

    @property
    def adds(self) -> bool:
        """Whether its sum over rows means something; what a link leads to may be one and the same row many times."""
        return bool(self.fact.adds) and not any(isinstance(link, Link) for link in self.links)


def keeps(owner: Any, name: str) -> bool:
    """Whether former values of this fact are kept; `until` only says when they ended."""
    return owner.former is not None and name in owner.former.facts() and name != "until"


def resolve(record: Any, text: str) -> Path:
    """The path that `text` names from `record`. LookupError for a typing mistake in a declaration."""
    return _resolved(record, text, known())


@lru_cache(maxsize=20_000)
def _resolved(record: Any, text: str, own: Known) -> Path:
    owner, names = record, text.split(".")
    links: list[Any] = []
    ends_in: Link | None = None
    while names:
        name = names.pop(0)
        if name == "id" and links:  # the linked row itself, by its key
            return Path(text, record, tuple(links[:-1]), links[-1], links[-1].name, links[-1])
        fact = owner.derived.get(name) or owner.facts().get(name) or owner.parts().get(name)
        if fact is None:
            raise LookupError(f"{record.__name__} has no {text}: {owner.__name__} has no {name}")
        if isinstance(fact, Part):
            links.append(fact)
            owner = fact.rel_model
            continue
        if not isinstance(fact, Link):
            if names:
                raise LookupError(f"{record.__name__} has no {text}: {name} is not a link")
            return Path(text, record, tuple(links), fact, name, ends_in)
        links.append(fact)
        owner = fact.rel_model
        if not names:
            ends_in = ends_in or fact
            names = owner.shown_by.split(".")
    raise LookupError(f"{record.__name__} has no {text}")


def labels(record: Any, depth: int = 3) -> dict[str, str]:
    """What a clerk may call the facts reachable from `record`: label → path text.

    The nearest fact with a label has it; a farther one is named through its link, as 所属户.联系电话.
    """
    return _labels(record, depth, known())


@lru_cache(maxsize=500)
def _labels(record: Any, depth: int, own: Known) -> dict[str, str]:
    found: dict[str, str] = {}
    level: list[tuple[str, str, Any]] = [("", "", record)]
    for _ in range(depth):
        deeper = []
        back = {f"{path}{part.name}.{part.link}" for path, _, owner in level for part in owner.parts().values()}
        level += [
            (f"{path}{part.name}.", f"{words}{part.label}.", part.rel_model)
            for path, words, owner in level
            for part in owner.parts().values()
        ]
        for path, words, owner in level:
            for name, fact in (*owner.facts().items(), *owner.derived.items()):
                if f"{path}{name}" in back:
                    continue
                here, called = f"{path}{name}", f"{words}{fact.label}"
                found.setdefault(fact.label, here)
                found.setdefault(called, here)
                if isinstance(fact, Link) and fact.rel_model is not owner:
                    deeper.append((f"{here}.", f"{called}.", fact.rel_model))
        level = deeper
    return found


def label_of(record: Any, text: str) -> str:
    """The shortest words by which `labels` finds this path again."""
    named = [label for label, path in labels(record).items() if path == text]
    return min(named, key=len) if named else text


@cache
def chains(record: Any, target: Any) -> tuple[tuple[Link, ...], ...]:
    """The chains of links by which rows of `record` belong to a row of `target`; none where they do not.

    The shortest, and all that are as short; longer ones besides only while each found so far may be left empty, as
    where a row names a household or else a person.
    """
    level: list[tuple[tuple[Link, ...], Any]] = [((), record)]
    found: list[tuple[Link, ...]] = []
    for _ in range(DEEPEST):
        deeper = []
        for links, owner in level:
            passed = {record, *(link.rel_model for link in links)}
            for link in (fact for fact in owner.facts().values() if isinstance(fact, Link)):
                if link.rel_model is target:
                    found.append((*links, link))
                elif link.rel_model not in passed:
                    deeper.append(((*links, link), link.rel_model))
        if any(all(link.required for link in links) for links in found):
            break
        level = deeper
    return tuple(found)


@cache
def reached(record: Any) -> dict[str, Any]:
    """The records to whose rows a row of `record` can belong, by the clerk's word."""
    found: dict[str, Any] = {}
    level = [record]
    for _ in range(DEEPEST):
        level = [fact.rel_model for owner in level for fact in owner.facts().values() if isinstance(fact, Link)]
        level = [model for model in dict.fromkeys(level) if found.setdefault(model.word, model) is model]
    return found


def related(record: Any) -> dict[str, tuple[Any, str]]:
    """The records that link to this one, by the clerk's word: word → (record, name of the link)."""
    found: dict[str, tuple[Any, str]] = {}
    for link, model in record._meta.backrefs.items():
        if getattr(model, "word", ""):
            word = model.word if model.word not in found else f"{model.word}{link.label}"
            found[word] = (model, link.name)
    return found
