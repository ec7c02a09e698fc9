"""The walls of the house, read from the syntax tree: who may import what, who may write, and what nobody may do.

Each wall is a function over a tree of modules that gives what breaks it. It is tried on the program, and on a copy in
which a breach was planted: a wall that lets the breach pass is no wall.
"""

from __future__ import annotations

import ast
import itertools
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FLOORS = {"models": 0, "work": 1, "ledgers": 2, "papers": 3, "sheets": 3, "ui": 4}
TOP = 5  # desk, commands and what else wires them

LIBRARIES = {  # who may import what; the folder migrations belongs to models
    "PySide6": {"ui", "top"},
    "shiboken6": {"ui"},
    "peewee": {"models", "work"},
    "playhouse": {"models", "work"},
    "sqlcipher3": {"models", "work"},
    "psycopg": {"models"},
    "reportlab": {"papers"},
    "pypdfium2": {"papers"},
    "openpyxl": {"sheets"},
    "xlsxwriter": {"sheets"},
    "python_calamine": {"sheets"},
    "xlrd": {"sheets"},
    "rapidfuzz": {"sheets"},
    "pypinyin": set(),
    "argon2": {"models"},
}
SLOW = {
    "openpyxl", "xlsxwriter", "xlrd", "reportlab", "python_calamine", "psycopg", "pypdfium2", "pypinyin", "rapidfuzz",
    "argon2",
}  # fmt: skip

LOOSE = {  # imports inside functions that would close a circle, and why they are right
    ("app.models.record", "app.models.settle"): "what an operation must pass asks questions of records",
    ("app.models.settle", "app.models.findings"): "what a check-up found is looked at again where rows are settled",
    ("app.models.frame", "app.models.search"): "the search box is one of the conditions, and searching asks by frames",
}
BROAD = {"app/ui/tasks.py", "app/ui/trouble.py", "app/sheets/child.py"}  # the queue, the excepthook, the child
WRITERS = {
    "app/models/record.py": "the doors",
    "app/models/operation.py": "the history",
    "app/models/search.py": "search words, notes of the desk",
    "app/models/notes.py": "notes of the desk",
    "app/models/findings.py": "the last check-up, notes of the desk",
    "app/models/drafts.py": "notes of the desk",
    "app/models/passwords.py": "hashes and counters of wrong passwords, notes of the desk",
    "app/models/scans.py": "bytes, named by their hash, that a fact points to",
    "app/models/database.py": "fills a fresh file with the rows of another",
    "app/models/upgrade.py": "the road of the schema",
    "app/work/transfer.py": "puts a whole backup in place of a file, history and all",
}
STATE = {  # what one open window, file or clerk is made of: passed on, never kept in a module
    "DataFile", "Here", "Keys", "Operation", "QApplication", "QMainWindow", "Window", "Tasks", "Queue", "News",
    "Listing", "Frame", "Lookup", "Plan", "LedgerPage", "RecordForm",
}  # fmt: skip
WRITES = (
    "insert insert_many insert_from update delete delete_by_id create bulk_create bulk_update get_or_create replace"
    " replace_many set_by_id delete_instance execute_sql"
)
LONGEST = 350
HAN = re.compile(r"[^\x00-\x7f]")
UNIT = re.compile(r" (行|户|人|条|名|处)")


@dataclass(frozen=True)
class Import:
    module: str
    line: int
    inside: bool  # in a function
    typing: bool  # under TYPE_CHECKING


parsed = cache(ast.parse)  # by the text: a copy of the tree is read again only where a breach was planted


class Module:
    def __init__(self, root: Path, path: Path) -> None:
        self.place = path.relative_to(root).as_posix()
        self.name = self.place.removesuffix(".py").replace("/", ".").removesuffix(".__init__")
        self.source = path.read_text(encoding="utf-8")
        self.tree = parsed(self.source)

    @property
    def floor(self) -> str:
        parts = self.place.split("/")
        return parts[1] if parts[1] in FLOORS else "top"

    @cached_property
    def imports(self) -> list[Import]:
        return list(_imports(self.tree, False, False))


def _imports(node: ast.AST, inside: bool, typing: bool) -> Iterator[Import]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Import):
            for alias in child.names:
                yield Import(alias.name, child.lineno, inside, typing)
        elif isinstance(child, ast.ImportFrom):
            assert child.level == 0, "imports are written in full"
            for alias in child.names:
                yield Import(f"{child.module}.{alias.name}", child.lineno, inside, typing)
        else:
            function = isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
            only_types = isinstance(child, ast.If) and "TYPE_CHECKING" in ast.dump(child.test)
            yield from _imports(child, inside or function, typing or only_types)


class House:
    def __init__(self, root: Path) -> None:
        self.modules = [Module(root, path) for path in sorted((root / "app").rglob("*.py"))]
        self.names = {module.name for module in self.modules}

    def ours(self, imported: Import) -> str | None:
        """The module of ours that is imported, "app.models.here" for `from app.models.here import today`."""
        name = imported.module
        while name and name not in self.names:
            name = name.rpartition(".")[0]
        return name if name.startswith("app") else None

    @cached_property
    def records(self) -> set[str]:
        """Names of the classes in models whose rows could be written."""
        return {
            node.name
            for module in self.modules if module.floor == "models"
            for node in ast.walk(module.tree) if isinstance(node, ast.ClassDef)
        }  # fmt: skip


Wall = Callable[[House], Iterator[str]]


def libraries(house: House) -> Iterator[str]:
    for module in house.modules:
        for one in module.imports:
            library = one.module.split(".")[0]
            if module.floor not in LIBRARIES.get(library, {module.floor}):
                yield f"{module.place}:{one.line} imports {library}"


def slow_libraries(house: House) -> Iterator[str]:
    for module in house.modules:
        for one in module.imports:
            if (
                not (one.inside or one.typing)
                and one.module.split(".")[0] in SLOW
                and module.floor not in ("papers", "sheets")
            ):
                yield f"{module.place}:{one.line} imports {one.module} before anybody needs it"


def arrows(house: House) -> Iterator[str]:
    heights = FLOORS | {"top": TOP}
    floor_of = {module.name: module.floor for module in house.modules}
    for module in house.modules:
        for one in module.imports:
            target = house.ours(one)
            if target is None or target == "app":
                continue
            up = heights[floor_of[target]] > heights[module.floor]
            across = heights[floor_of[target]] == heights[module.floor] and floor_of[target] != module.floor
            if up or across:
                yield f"{module.place}:{one.line} imports {target}"


def circles(house: House) -> Iterator[str]:
    graph: dict[str, set[str]] = {module.name: set() for module in house.modules}
    for module in house.modules:
        for one in module.imports:
            target = house.ours(one)
            loose = one.inside and (module.name, target) in LOOSE
            if target and target != module.name and not one.typing and not loose:
                graph[module.name].add(target)
    done: set[str] = set()

    def walk(name: str, trail: list[str]) -> Iterator[str]:
        if name in trail:
            yield f"{graph_place(name)}: {' → '.join([*trail[trail.index(name) :], name])}"
        elif name not in done:
            for target in sorted(graph[name]):
                yield from walk(target, [*trail, name])
            done.add(name)

    for name in sorted(graph):
        yield from walk(name, [])


def graph_place(name: str) -> str:
    return name.replace(".", "/") + ".py"


def chains(house: House) -> Iterator[str]:
    """Peewee expressions: a `.where`, `.order_by`, `.join` … somewhere behind a `.select(`."""
    verbs = {"where", "order_by", "join", "join_from", "group_by", "tuples", "dicts", "exists", "limit", "first", "get"}
    for module in house.modules:
        if module.floor in ("models", "work"):
            continue
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in verbs:
                below = node.func.value
                while isinstance(below, ast.Call) and isinstance(below.func, ast.Attribute):
                    if below.func.attr == "select":
                        yield f"{module.place}:{node.lineno} asks the database by itself"
                        break
                    below = below.func.value


def writes(house: House) -> Iterator[str]:
    sql = re.compile(
        r"\b(INSERT\s+(OR\s+\w+\s+)?INTO|UPDATE\s+\S+\s+SET|DELETE\s+FROM|REPLACE\s+INTO)\b", re.IGNORECASE
    )
    for module in house.modules:
        if module.place in WRITERS or "/migrations/" in module.place:
            continue
        for node in ast.walk(module.tree):
            text = node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""
            if isinstance(node, ast.JoinedStr):
                text = "".join(part.value if isinstance(part, ast.Constant) else "x" for part in node.values)
            if sql.search(text):
                yield f"{module.place}:{node.lineno} writes past the doors"
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
                continue
            receiver = ast.unparse(node.func.value)
            of_a_record = node.func.attr in WRITES.split() and receiver in house.records
            carried_out = node.func.attr == "execute" and any(f".{verb}(" in receiver for verb in WRITES.split())
            if of_a_record or carried_out or node.func.attr in ("delete_instance", "get_or_create"):
                yield f"{module.place}:{node.lineno} writes past the doors"


def broad_excepts(house: House) -> Iterator[str]:
    for module in house.modules:
        if module.place in BROAD:
            continue
        for node in ast.walk(module.tree):
            bare = isinstance(node, ast.ExceptHandler) and node.type is None
            caught: ast.AST | None = node.type if isinstance(node, ast.ExceptHandler) else None
            if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("suppress"):
                caught = node
            names = {name.id for name in ast.walk(caught) if isinstance(name, ast.Name)} if caught else set()
            if bare or names & {"Exception", "BaseException"}:
                yield f"{module.place}:{getattr(node, 'lineno', 0)} catches everything"


def singletons(house: House) -> Iterator[str]:
    for module in house.modules:
        for node in module.tree.body:
            value = node.value if isinstance(node, ast.Assign | ast.AnnAssign) else None
            if isinstance(value, ast.Call) and ast.unparse(value.func).split(".")[-1] in STATE:
                yield f"{module.place}:{node.lineno} keeps {ast.unparse(value.func)} for everybody"
        for inner in ast.walk(module.tree):
            if isinstance(inner, ast.Global):
                yield f"{module.place}:{inner.lineno} changes a variable of the module"


def identifiers(house: House) -> Iterator[str]:
    for module in house.modules:
        for node in ast.walk(module.tree):
            for part in ("id", "name", "arg", "attr"):
                word = getattr(node, part, None)
                if isinstance(word, str) and HAN.search(word):
                    yield f"{module.place}:{getattr(node, 'lineno', 0)} calls something {word}"


def counts(house: House) -> Iterator[str]:
    """A number before a unit has its thousands apart: {many:,} 行; which row it is (第 12 行) has not."""
    for module in house.modules:
        for node in ast.walk(module.tree):
            parts = node.values if isinstance(node, ast.JoinedStr) else []
            for at, (part, behind) in enumerate(itertools.pairwise(parts)):
                before = ast.unparse(parts[at - 1]) if at else ""
                plain = isinstance(part, ast.FormattedValue) and part.format_spec is None
                unit = isinstance(behind, ast.Constant) and UNIT.match(str(behind.value))
                if plain and unit and not before.rstrip("'\" ").endswith(("第", "–")):
                    yield f"{module.place}:{node.lineno} says a number of {unit[1]} without its thousands apart"


def lengths(house: House) -> Iterator[str]:
    for module in house.modules:
        lines = module.source.count("\n")
        if lines > LONGEST:
            yield f"{module.place} has {lines} lines"


def names(house: House) -> Iterator[str]:
    for module in house.modules:
        for node in ast.walk(module.tree):
            if isinstance(node, ast.ClassDef) and re.search(r"\w(Manager|Helper|Utils?)$|^Base[A-Z]", node.name):
                yield f"{module.place}:{node.lineno} {node.name} says nothing"
        if re.search(r"(manager|helper|utils?)$", module.name):
            yield f"{module.place} says nothing"


def contents(house: House) -> Iterator[str]:
    """Every ledger of the contents has a name in plain English, and every ledger that is made stands in it."""
    module = next(module for module in house.modules if module.name == "app.ledgers.contents")
    listed: set[str] = set()
    for node in ast.walk(module.tree):
        if (
            isinstance(node, ast.AnnAssign)
            and ast.unparse(node.target) == "CONTENTS"
            and isinstance(node.value, ast.Dict)
        ):
            for chapter in node.value.values:
                assert isinstance(chapter, ast.Dict)
                for key, value in zip(chapter.keys, chapter.values, strict=True):
                    named = key.value if isinstance(key, ast.Constant) else None
                    listed.add(ast.unparse(value))
                    if not (isinstance(named, str) and re.fullmatch(r"[a-z]+(_[a-z]+)*", named)):
                        yield f"{module.place}:{value.lineno} the name {named!r} is not plain English"
    for other in house.modules:
        if other.floor != "ledgers" or other is module:
            continue
        for made in other.tree.body:
            if (
                isinstance(made, ast.Assign)
                and isinstance(made.value, ast.Call)
                and ast.unparse(made.value.func) == "Ledger"
            ):
                called = f"{other.name.rpartition('.')[2]}.{ast.unparse(made.targets[0])}"
                if called not in listed:
                    yield f"{other.place}:{made.lineno} {called} stands in no chapter of the contents"


WALLS: dict[str, Wall] = {
    wall.__name__: wall
    for wall in (
        libraries, slow_libraries, arrows, circles, chains, writes, broad_excepts, singletons, identifiers, lengths,
        names, contents, counts,
    )
}  # fmt: skip


@pytest.fixture(scope="module")
def house() -> House:
    return House(ROOT)


@pytest.mark.parametrize("wall", WALLS)
def test_the_wall_stands(house: House, wall: str) -> None:
    assert list(WALLS[wall](house)) == []


def test_what_the_walls_allow_is_still_there(house: House) -> None:
    """An exception that nobody needs any more is taken out of the lists above."""
    places = {module.place for module in house.modules}
    assert set(WRITERS) | BROAD <= places
    loose = {(module.name, house.ours(one)) for module in house.modules for one in module.imports if one.inside}
    assert set(LOOSE) <= loose


BREACHES = [  # the wall, where the breach is planted, and what is planted
    ("libraries", "app/work/undo.py", "from PySide6.QtCore import Qt"),
    ("libraries", "app/ledgers/help.py", "def f():\n    import peewee"),
    ("libraries", "app/ui/look.py", "from playhouse import migrate"),
    ("libraries", "app/models/people.py", "import openpyxl"),
    ("libraries", "app/sheets/text.py", "from reportlab.lib import units"),
    ("libraries", "app/papers/page.py", "import xlsxwriter"),
    ("libraries", "app/models/words.py", "import pypinyin"),
    ("slow_libraries", "app/models/database.py", "import psycopg"),
    ("slow_libraries", "app/commands.py", "import openpyxl"),
    ("arrows", "app/models/places.py", "from app.work.undo import undo"),
    ("arrows", "app/work/undo.py", "def f():\n    from app.ledgers.people import persons"),
    ("arrows", "app/ledgers/help.py", "from app.ui import look"),
    ("arrows", "app/papers/page.py", "from app.sheets import text"),
    ("arrows", "app/sheets/text.py", "import app.papers.page"),
    ("arrows", "app/ui/look.py", "from app.desk import open_window"),
    ("circles", "app/models/keys.py", "from app.models.here import here"),
    ("circles", "app/models/text.py", "def f():\n    from app.models import rules"),
    ("chains", "app/ledgers/help.py", "def f():\n    return HelpLine.select().where(HelpLine.cash > 0)"),
    ("chains", "app/ui/look.py", "def f(record):\n    return record.select().order_by(record.id)"),
    ("chains", "app/papers/page.py", "def f(record):\n    return record.select(record.id).join(record).tuples()"),
    ("writes", "app/work/undo.py", 'def f(file):\n    file.run("DELETE FROM person")'),
    ("writes", "app/work/undo.py", 'def f(file, table):\n    file.run(f"update {table} set name = 1")'),
    ("writes", "app/models/people.py", 'SQL = "INSERT INTO person VALUES (1)"'),
    ("writes", "app/work/homes.py", "def f():\n    Household.update(note=None).execute()"),
    ("writes", "app/work/homes.py", "def f(record):\n    record.insert(note=None).execute()"),
    ("writes", "app/work/homes.py", "def f(row):\n    row.delete_instance()"),
    ("broad_excepts", "app/work/undo.py", "def f():\n    try:\n        pass\n    except Exception:\n        pass"),
    ("broad_excepts", "app/work/undo.py", "try:\n    pass\nexcept (OSError, BaseException):\n    pass"),
    ("broad_excepts", "app/work/undo.py", "def f():\n    try:\n        pass\n    except:\n        pass"),
    ("broad_excepts", "app/work/undo.py", "def f():\n    with contextlib.suppress(Exception):\n        pass"),
    ("singletons", "app/models/keys.py", "KEYS = Keys()"),
    ("singletons", "app/work/undo.py", 'file: DataFile = database.DataFile("book.db")'),
    ("singletons", "app/ui/look.py", "LAST = None\n\n\ndef f():\n    global LAST\n    LAST = 1"),
    ("identifiers", "app/work/undo.py", "户数 = 1"),
    ("identifiers", "app/work/undo.py", "def 撤销(a):\n    return a"),
    ("identifiers", "app/work/undo.py", "def f(a, 户):\n    return a.户"),
    ("lengths", "app/work/undo.py", "\n" * LONGEST),
    ("names", "app/work/undo.py", "class UndoManager:\n    pass"),
    ("names", "app/work/undo.py", "class BaseUndo:\n    pass"),
    ("counts", "app/work/undo.py", 'def f(many):\n    return f"共 {many} 行"'),
    ("contents", "app/ledgers/help.py", 'forgotten = Ledger("忘了的", HelpLine, columns="goods")'),
]  # fmt: skip


@pytest.mark.parametrize(("wall", "place", "breach"), BREACHES)
def test_a_breach_is_seen(tmp_path: Path, house: House, wall: str, place: str, breach: str) -> None:
    shutil.copytree(ROOT / "app", tmp_path / "app", ignore=shutil.ignore_patterns("__pycache__"))
    broken = tmp_path / place
    broken.write_text(broken.read_text(encoding="utf-8") + f"\n\n{breach}\n", encoding="utf-8")
    before = set(WALLS[wall](house))
    seen = [fault for fault in WALLS[wall](House(tmp_path)) if fault not in before]
    assert any(place in fault or place.removesuffix(".py").replace("/", ".") in fault for fault in seen), seen


def test_a_ledger_without_an_english_name_is_seen(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "app", tmp_path / "app", ignore=shutil.ignore_patterns("__pycache__"))
    page = tmp_path / "app" / "ledgers" / "contents.py"
    page.write_text(page.read_text(encoding="utf-8").replace('"households":', '"户":'), encoding="utf-8")
    assert ["户" in fault for fault in WALLS["contents"](House(tmp_path))] == [True]
