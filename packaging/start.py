"""Sets up everything this program needs and starts it. Only Python itself is needed.

    python3 packaging/start.py              set up, then the window; without a screen, the tour (main.py tour)
    python3 packaging/start.py test [...]   set up, then ruff, mypy and all tests; more words go to pytest

Everything goes into the folder .venv beside this one; nothing else of the machine is changed, but that on Debian and
Ubuntu the system libraries that Qt needs are installed where they are missing. A second run finds all of that done.
(The tests start a PostgreSQL server out of a wheel. Run as root, that package makes a user `pgserver` and lets every
user read the folders above .venv: do not keep the copy that you test as root in a folder that must stay closed.)
The versions and hashes come from the lock files in this folder, the files from wherever pip is configured to look.
"""

from __future__ import annotations

import ctypes
import hashlib
import os
import platform
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
WINDOWS = os.name == "nt"
PYTHON = VENV / ("Scripts/python.exe" if WINDOWS else "bin/python")
OLDEST, NEWEST = (3, 11), (3, 14)

# The file that Qt loads -> the Debian package that brings it.
LIBRARIES = {
    "libGL.so.1": "libgl1",
    "libEGL.so.1": "libegl1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libfontconfig.so.1": "libfontconfig1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libglib-2.0.so.0": "libglib2.0-0",
}
SCREEN_LIBRARIES = {
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
}


class Stop(Exception):
    """It cannot go on; the text says why and what to do, in Chinese and in English."""


def say(chinese: str, english: str) -> None:
    print(f"{chinese}  |  {english}", flush=True)


def run(*words: str | Path, **more: str) -> int:
    """Run a command in the program's folder, with more environment; its exit code."""
    return subprocess.run([str(word) for word in words], cwd=ROOT, env={**os.environ, **more}, check=False).returncode


def check_machine() -> None:
    """Refuse, in a sentence, a Python or a processor for which the lock holds no files."""
    if not OLDEST <= sys.version_info[:2] <= NEWEST:
        here, oldest, newest = (".".join(map(str, v)) for v in (sys.version_info[:2], OLDEST, NEWEST))
        line = "py -3.13 packaging\\start.py" if WINDOWS else "python3.13 packaging/start.py"
        raise Stop(
            f"需要 Python {oldest} 到 {newest}，现在用的是 {here}；请装一个合适的版本，再这样运行：{line}\n"
            f"Python {oldest} to {newest} is needed, this is {here}; install one of them and run: {line}"
        )
    if sys.platform not in ("win32", "linux") or platform.machine().lower() not in ("x86_64", "amd64"):
        raise Stop(
            f"本程序目前只支持 64 位 Windows 和 Linux（x86-64），这台机器是 {sys.platform} {platform.machine()}。\n"
            f"Only 64-bit Windows and Linux (x86-64) are supported; this is {sys.platform} {platform.machine()}."
        )


def has_screen() -> bool:
    return WINDOWS or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def missing_libraries() -> dict[str, str]:
    wanted = {**LIBRARIES, **(SCREEN_LIBRARIES if has_screen() else {})}
    return {library: package for library, package in wanted.items() if not loads(library)}


def as_root() -> list[str] | None:
    """What to put before a command that needs root: nothing, sudo, or None where it cannot be had."""
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo") and (sys.stdin.isatty() or run("sudo", "-n", "true") == 0):
        return ["sudo"]
    return None


def install_libraries() -> None:
    """On Linux: the system libraries that Qt loads, installed where they are missing and apt-get is there."""
    missing = missing_libraries()
    if not missing:
        return
    packages = sorted(missing.values())
    root = as_root() if shutil.which("apt-get") else None
    if root is not None:
        say(f"正在安装系统库：{' '.join(packages)}", "installing system libraries")
        quiet = [*root, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq", "-o", "Dpkg::Use-Pty=0"]
        if run(*quiet, "update") != 0:
            say("软件源没有更新成功，仍用现有目录继续", "the package lists could not be updated; going on with the old")
        run(*quiet, "install", "-y", "--no-install-recommends", *packages)
        missing = missing_libraries()
    if missing:
        names, line = " ".join(sorted(missing)), "apt-get install " + " ".join(sorted(missing.values()))
        raise Stop(
            f"缺少系统库：{names}。请让管理员安装后再运行；在 Debian、Ubuntu 上是：{line}\n"
            f"System libraries are missing: {names}. Have them installed and run this again; on Debian, Ubuntu: {line}"
        )


def make_venv() -> None:
    """.venv with this very Python; one of another version is made anew."""
    ask = "import sys; print(sys.version_info[:2])"
    if PYTHON.exists():
        told = subprocess.run([str(PYTHON), "-c", ask], capture_output=True, text=True, check=False).stdout.strip()
        if told == str(sys.version_info[:2]):
            return
    say("正在建立运行环境 .venv", "making the environment .venv")
    if run(sys.executable, "-m", "venv", "--clear", VENV) != 0:
        raise Stop(
            "运行环境没有建成。在 Debian、Ubuntu 上请先安装 python3-venv：apt-get install python3-venv\n"
            "The environment could not be made. On Debian and Ubuntu this helps: apt-get install python3-venv"
        )


def install(lock: str, covered_by: str = "") -> None:
    """Everything in the lock file, by its hashes; skipped where this lock, or the one that covers it, is in already."""

    def stamp(name: str) -> Path:
        digest = hashlib.sha256((ROOT / "packaging" / name).read_bytes()).hexdigest()[:16]
        return VENV / f"{Path(name).stem}-{digest}.done"

    if stamp(lock).exists() or (covered_by and stamp(covered_by).exists()):
        return
    say(
        "正在下载并安装软件包（约 110 MB，连同测试 190 MB）",
        "installing packages (about 110 MB, with the tests 190 MB)",
    )
    options = ["--disable-pip-version-check", "--require-hashes", "--only-binary", ":all:"]
    options += [] if sys.stdout.isatty() else ["--quiet"]
    if run(PYTHON, "-m", "pip", "install", *options, "-r", ROOT / "packaging" / lock) != 0:
        raise Stop(
            "软件包没有装成，原因见上面几行；多半是网络不通或下载中断，连上网后再运行一次即可。\n"
            "The packages could not be installed, see the lines above; most often the network failed: run this again."
        )
    for old in VENV.glob("*.done"):
        old.unlink()
    stamp(lock).touch()


def run_program() -> int:
    if not (ROOT / "main.py").exists():
        raise Stop("这里没有 main.py，程序不完整，请重新取一份。\nmain.py is missing: this copy is incomplete.")
    if has_screen():
        return run(PYTHON, "main.py")
    say("没有显示器，改为走一遍主要工作，结果放在 out/tour", "no screen: the tour is run, its results go to out/tour")
    return run(PYTHON, "main.py", "tour", "--out", ROOT / "out" / "tour", QT_QPA_PLATFORM="offscreen")


def run_tests(words: list[str]) -> int:
    """Ruff, mypy and pytest, all three whatever comes out; 0 only if every one passed."""
    checks: list[list[str]] = [["ruff", "check", "."], ["mypy"], ["pytest", *words]]
    results = {}
    for check in checks:
        say(f"== {check[0]} ==", "running")
        results[check[0]] = run(PYTHON, "-m", *check, QT_QPA_PLATFORM="offscreen")
    failed = [name for name, code in results.items() if code != 0]
    if failed:
        say("没有通过：" + "、".join(failed), "failed: " + ", ".join(failed))
    return 1 if failed else 0


def main(words: list[str]) -> int:
    testing = words[:1] == ["test"]
    if words and not testing:
        print(__doc__)
        return 2
    check_machine()
    if not WINDOWS:
        install_libraries()
    make_venv()
    if testing:
        install("requirements-dev.txt")
        return run_tests(words[1:])
    install("requirements.txt", covered_by="requirements-dev.txt")
    return run_program()


if __name__ == "__main__":
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace")  # type: ignore[union-attr]
    try:
        sys.exit(main(sys.argv[1:]))
    except Stop as why:
        sys.exit(f"\n{why}")
    except KeyboardInterrupt:
        sys.exit("\n已中断。再运行一次会接着做。 | Interrupted; run it again to go on.")
