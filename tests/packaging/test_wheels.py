"""Every allowed machine finds, for every locked package, a wheel whose hash the lock file names.

What this proves, from the file names that the index gave when the lock was made (packaging/wheels.json), without a
network: an installer on 64-bit Windows or Linux with CPython 3.11 to 3.14 has nothing to build. What it does not prove:
that the index still holds those files (`packaging/lock.py check` asks it), or that the program runs on Windows, where
it has not been tried.
"""

import ast
import copy
import json
import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any

import pytest
from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.tags import Tag, compatible_tags, cpython_tags
from packaging.utils import canonicalize_name, parse_wheel_filename

ROOT = Path(__file__).resolve().parents[2]
LOCKS = ("requirements.txt", "requirements-postgres.txt", "requirements-dev.txt")
PYTHONS = ((3, 11), (3, 12), (3, 13), (3, 14))
GLIBC = 36  # Debian 12
PLATFORMS = {
    "windows": ["win_amd64"],
    "linux": [f"manylinux_2_{minor}_x86_64" for minor in range(GLIBC, 4, -1)]
    + ["manylinux2014_x86_64", "manylinux2010_x86_64", "manylinux1_x86_64", "linux_x86_64"],
}
MARKERS = {
    "windows": {"sys_platform": "win32", "platform_system": "Windows", "os_name": "nt", "platform_machine": "AMD64"},
    "linux": {"sys_platform": "linux", "platform_system": "Linux", "os_name": "posix", "platform_machine": "x86_64"},
}
Lock = dict[str, tuple[str, Marker | None, frozenset[str]]]  # package -> version, marker, SHA-256 in hex
Wheels = dict[str, dict[str, Any]]  # package -> {"version": str, "wheels": {file name: SHA-256 in hex}}


def read_lock(name: str) -> Lock:
    text = (ROOT / "packaging" / name).read_text(encoding="utf-8")
    lock: Lock = {}
    for line in re.sub(r"\\\n", " ", text).splitlines():
        if line.startswith("#"):
            continue
        requirement = Requirement(line.partition(" --hash=")[0])
        (pin,) = requirement.specifier
        assert pin.operator == "==", line
        lock[requirement.name] = (
            pin.version,
            requirement.marker,
            frozenset(re.findall(r"--hash=sha256:([0-9a-f]{64})", line)),
        )
    return lock


def read_wheels() -> Wheels:
    wheels: Wheels = json.loads((ROOT / "packaging" / "wheels.json").read_text(encoding="utf-8"))
    return wheels


def tags_of(platform: str, python: tuple[int, int]) -> set[Tag]:
    """What an installer on that machine accepts."""
    platforms, interpreter = PLATFORMS[platform], f"cp{python[0]}{python[1]}"
    return {*cpython_tags(python, platforms=platforms), *compatible_tags(python, interpreter, platforms)}


def without_wheel(lock: Lock, wheels: Wheels, platform: str, python: tuple[int, int]) -> list[str]:
    """The locked packages that this machine needs and for which it would find no file."""
    short = f"{python[0]}.{python[1]}"
    here = {**MARKERS[platform], "python_version": short, "python_full_version": f"{short}.0", "extra": ""}
    here |= {"platform_python_implementation": "CPython", "implementation_name": "cpython"}
    accepted = tags_of(platform, python)
    return [
        name
        for name, (version, marker, hashes) in lock.items()
        if (marker is None or marker.evaluate(here))
        and not any(
            str(parse_wheel_filename(file)[1]) == version
            and parse_wheel_filename(file)[3] & accepted
            and digest in hashes
            for file, digest in wheels[name]["wheels"].items()
        )
    ]


def direct(extra: str = "") -> dict[str, Requirement]:
    """What pyproject.toml asks for, itself left out."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lines = project["optional-dependencies"][extra] if extra else project["dependencies"]
    asked = [Requirement(line) for line in lines]
    return {canonicalize_name(one.name): one for one in asked if one.name != project["name"]}


@pytest.mark.parametrize("python", PYTHONS, ids=lambda version: f"py{version[0]}.{version[1]}")
@pytest.mark.parametrize("platform", PLATFORMS)
@pytest.mark.parametrize("name", LOCKS)
def test_every_machine_finds_a_wheel(name: str, platform: str, python: tuple[int, int]) -> None:
    lock = read_lock(name)
    assert len(lock) >= len(direct())
    assert without_wheel(lock, read_wheels(), platform, python) == []


def test_a_missing_wheel_is_noticed() -> None:
    lock, wheels = read_lock("requirements.txt"), read_wheels()
    short = copy.deepcopy(wheels)
    short["sqlcipher3"]["wheels"] = {
        file: digest for file, digest in wheels["sqlcipher3"]["wheels"].items() if "cp314-win_amd64" not in file
    }
    assert without_wheel(lock, short, "windows", (3, 14)) == ["sqlcipher3"]
    assert without_wheel(lock, short, "windows", (3, 13)) == []
    version, marker, hashes = lock["peewee"]
    stranger = {**lock, "peewee": (version, marker, frozenset(digest[::-1] for digest in hashes))}
    assert without_wheel(stranger, wheels, "linux", (3, 11)) == ["peewee"]
    assert "sqlcipher3" in without_wheel(lock, wheels, "windows", (3, 15)), "then 3.15 can be allowed"


@pytest.mark.parametrize("name", LOCKS)
def test_lock_and_index_agree(name: str) -> None:
    wheels = read_wheels()
    for package, (version, _marker, hashes) in read_lock(name).items():
        assert version == wheels[package]["version"], package
        assert hashes == set(wheels[package]["wheels"].values()), package
        for file in wheels[package]["wheels"]:
            owner, release, _build, _tags = parse_wheel_filename(file)
            assert (owner, str(release)) == (package, version), file


def test_lock_answers_pyproject() -> None:
    """Who changes a range in pyproject.toml and forgets packaging/lock.py is told here."""
    asked = {"requirements.txt": direct(), "requirements-postgres.txt": direct() | direct("postgres")}
    asked["requirements-dev.txt"] = direct() | direct("postgres") | direct("dev")
    for name, requirements in asked.items():
        lock = read_lock(name)
        missing = [
            str(one) for key, one in requirements.items() if key not in lock or lock[key][0] not in one.specifier
        ]
        assert missing == [], name


def test_larger_locks_hold_the_smaller() -> None:
    small, middle, large = (
        {package: (version, hashes) for package, (version, _marker, hashes) in read_lock(name).items()}
        for name in LOCKS
    )
    assert small.items() <= middle.items() <= large.items()
    assert set(large) == set(read_wheels())
    assert not {"psycopg", "pytest"} & set(small)


@pytest.mark.parametrize("name", [*LOCKS, "wheels.json"])
def test_no_registry_is_named(name: str) -> None:
    text = (ROOT / "packaging" / name).read_text(encoding="utf-8")
    assert "://" not in text
    assert not re.search(r"^\s*-", text.replace("    --hash=", ""), re.MULTILINE), "an option stands in the lock file"


def test_the_program_imports_only_what_is_locked_for_it() -> None:
    """Else it runs where the tests ran, and not on a clerk's machine."""
    allowed = {*direct(), *direct("postgres"), "shiboken6"}  # shiboken6 is the half of PySide6 that both wheels share
    owners = packages_distributions()
    strangers: set[str] = set()
    for file in [*(ROOT / "app").rglob("*.py"), *ROOT.glob("main.py")]:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
                names.append(node.module)
            for top in {name.partition(".")[0] for name in names} - {"app", *sys.stdlib_module_names}:
                if not allowed & {canonicalize_name(owner) for owner in owners.get(top, [top])}:
                    strangers.add(f"{file.relative_to(ROOT)}: {top}")
    assert strangers == set()
