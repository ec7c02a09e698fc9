"""Makes the lock files from pyproject.toml, and asks the index whether they still hold.

    python3 packaging/lock.py          resolve anew; write requirements*.txt and wheels.json
    python3 packaging/lock.py check    write nothing; exit 1 unless the index still holds exactly what wheels.json says

A lock file names exact versions and, for each, the SHA-256 of every wheel that fits an allowed machine (Windows and
Linux on x86-64, CPython 3.11 to 3.14) and of nothing else: no source archive can be built from it by accident.
It names no registry; `pip` takes the files from wherever the user's own configuration points.

wheels.json keeps the file names behind the hashes, as the index gave them, so that tests/packaging/test_wheels.py can
prove without a network that every allowed machine finds its wheel. Whether the index still holds those files is the
one question that needs the network; it is asked here, by `check`.

`uv` is taken from PATH, or else put into a throw-away environment; it is never a part of the program.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
import venv
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
UV = "uv==0.13.9"
PYTHONS = ("3.11", "3.12", "3.13", "3.14")
LOCKS: dict[str, tuple[str, ...]] = {
    "requirements.txt": (),
    "requirements-postgres.txt": ("postgres",),
    "requirements-dev.txt": ("dev",),
}
HEADING = """\
# Made by packaging/lock.py from pyproject.toml; do not edit.
# Hashes: the wheels for Windows and Linux on x86-64, CPython 3.11 to 3.14 (their names are in wheels.json).
"""

Wheels = dict[str, dict[str, Any]]  # package -> {"version": str, "wheels": {file name: SHA-256 in hex}}


def fits(wheel: str) -> bool:
    """Can this wheel file be used on one of the allowed machines and Pythons?"""
    pythons, abis, platforms = wheel.removesuffix(".whl").split("-")[-3:]
    machine = any(
        tag in ("any", "win_amd64") or (tag.startswith("manylinux") and tag.endswith("_x86_64"))
        for tag in platforms.split(".")
    )
    exact = {"cp" + version.replace(".", "") for version in PYTHONS}
    for python in pythons.split("."):
        if python.startswith("py3") and "none" in abis.split("."):
            return machine
        number = re.fullmatch(r"cp3(\d+)", python)
        if number and "abi3" in abis.split("."):
            return machine and int(number[1]) <= 14
        if python in exact and python in abis.split("."):
            return machine
    return False


def read_wheels(uv_lock: Path) -> Wheels:
    """The packages of a `uv.lock` with the wheels that fit."""
    found: Wheels = {}
    for package in tomllib.loads(uv_lock.read_text(encoding="utf-8"))["package"]:
        if "registry" not in package["source"]:
            continue  # the program itself
        if package["name"] in found:
            raise SystemExit(f"{package['name']} was resolved to two versions: narrow its range in pyproject.toml")
        files = {w["url"].rpartition("/")[2]: w["hash"].removeprefix("sha256:") for w in package.get("wheels", [])}
        found[package["name"]] = {
            "version": package["version"],
            "wheels": {name: files[name] for name in sorted(files) if fits(name)},
        }
    return dict(sorted(found.items()))


def with_hashes(exported: str, wheels: Wheels) -> str:
    """`name==version ; marker` lines, each followed by the hashes of its wheels."""
    lines = []
    for line in exported.splitlines():
        package = wheels[line.partition("==")[0]]
        hashes = sorted(package["wheels"].values())
        if not hashes:
            raise SystemExit(f"{line}: the index holds no wheel for any allowed machine")
        lines.append(" \\\n".join([line.strip(), *(f"    --hash=sha256:{one}" for one in hashes)]))
    return HEADING + "\n".join(lines) + "\n"


def find_uv(folder: Path) -> str:
    """The `uv` on PATH, or one put into `folder`."""
    here = shutil.which("uv")
    if here:
        return here
    venv.create(folder, with_pip=True)
    scripts = folder / ("Scripts" if os.name == "nt" else "bin")
    subprocess.run([scripts / "python", "-m", "pip", "install", "-q", UV], check=True)
    return str(scripts / "uv")


def surroundings() -> dict[str, str]:
    """The user's environment; a pip index he configured is the one that uv asks too."""
    env = dict(os.environ)
    asked = subprocess.run(
        [sys.executable, "-m", "pip", "config", "get", "global.index-url"], capture_output=True, text=True, check=False
    )
    if asked.returncode == 0 and asked.stdout.strip():
        env.setdefault("UV_DEFAULT_INDEX", asked.stdout.strip())
    return env


def resolve(uv: str, folder: Path, pins: Wheels | None = None) -> Wheels:
    """Ask the index for every package of pyproject.toml and all its extras; with pins, for exactly those versions."""
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    if pins is not None:
        exact = json.dumps([f"{name}=={package['version']}" for name, package in pins.items()])
        project = project.replace("[tool.uv]\n", f"[tool.uv]\nconstraint-dependencies = {exact}\n")
    (folder / "pyproject.toml").write_text(project, encoding="utf-8")
    (folder / "README.md").touch()
    subprocess.run([uv, "lock", "--quiet"], cwd=folder, env=surroundings(), check=True)
    return read_wheels(folder / "uv.lock")


def write(uv: str, folder: Path) -> int:
    """Resolve anew and write the lock files and wheels.json."""
    wheels = resolve(uv, folder)
    flags = ["--frozen", "--no-hashes", "--no-annotate", "--no-header", "--no-emit-project", "--quiet"]
    for name, extras in LOCKS.items():
        chosen = [word for extra in extras for word in ("--extra", extra)]
        command = [uv, "export", "--format", "requirements-txt", *flags, *chosen]
        exported = subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True).stdout
        (HERE / name).write_text(with_hashes(exported, wheels), encoding="utf-8", newline="\n")
    text = json.dumps(wheels, indent=1, ensure_ascii=False) + "\n"
    (HERE / "wheels.json").write_text(text, encoding="utf-8", newline="\n")
    print(f"{len(wheels)} packages, {sum(len(p['wheels']) for p in wheels.values())} wheels")
    return 0


def check(uv: str, folder: Path) -> int:
    """Say what the index holds otherwise than wheels.json; 0 if nothing."""
    kept: Wheels = json.loads((HERE / "wheels.json").read_text(encoding="utf-8"))
    now = resolve(uv, folder, pins=kept)
    different = [name for name in sorted(kept.keys() | now.keys()) if kept.get(name) != now.get(name)]
    for name in different:
        print(f"{name}: kept {kept.get(name)}, the index has {now.get(name)}")
    print(f"{len(kept)} packages asked, {len(different)} different")
    return 1 if different else 0


def main(words: list[str]) -> int:
    if words not in ([], ["check"]):
        print(__doc__)
        return 2
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        return (check if words else write)(find_uv(folder / "uv"), folder)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
