"""Passwords (密码) and the delay after wrong ones.

Only argon2 hashes are kept (RFC 9106, the library's own parameters). After wrong passwords one must wait, longer each
time; the wait stands in the data file, so that starting the program anew does not shorten it. It is measured in time of
the file: what passes while the program runs by the machine's own counter, and between two runs by the clock, of which
the largest moment ever seen counts. A clock that is set back lets no time pass.

An unknown account is answered like a known one: the same sentence, the same wait, the same work.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from app.models.faults import Fault, Reject, Shut
from app.models.here import here
from app.models.operation import current

FREE, FIRST, LONGEST = 3, 5, 300  # wrong passwords without a wait; seconds of the first wait and of the longest
POOL, REFILL = 12, 300  # wrong passwords that the file takes at once from all accounts; seconds until one more
FORGOTTEN = 86_400  # seconds after which the wrong passwords of an account are forgotten
LEAST = 8  # characters of a password
WRONG = "账号或密码不对，请核对后再试。"
ALL = ""  # the row of the file as a whole, beside those of its accounts
_NOBODYS = (  # the hash of a random word, so that an unknown account takes as long as a known one
    "$argon2id$v=19$m=65536,t=3,p=4$5CF+W0Nyp0+47ws9KhhjgA$GpziINqyt3LsOmMwZyNHxdQ/hVg1GsyxBgJ8mwWww0w"
)


@dataclass(frozen=True)
class Clock:
    """The wall clock, which anybody may set, and the machine's counter, which nobody can; both in seconds."""

    wall: Callable[[], float] = time.time
    running: Callable[[], float] = time.monotonic


def _hasher() -> Any:
    from argon2 import PasswordHasher  # with its compiled half: loaded when the first password is typed

    return PasswordHasher()


def fault_of(password: str, account: str) -> str | None:
    """Why this is no password to take, in a sentence; None for a good one."""
    if len(password) < LEAST:
        return f"密码至少 {LEAST} 个字符，现在是 {len(password)} 个。"
    if password.isdigit() or len(set(password)) < 4:
        return "密码太容易猜，请用字母和数字混合，不要只用数字或重复的字符。"
    if account and account.lower() in password.lower():
        return "密码里不要带账号。"
    return None


def set_password(staff: int, account: str, password: str) -> None:
    """Keep the hash of a new password and forget the wrong ones of the account. Must stand inside an operation."""
    current()
    if why := fault_of(password, account):
        raise Reject(Fault("password", why))
    run = here().file.run
    run(
        "INSERT INTO password (staff, hash) VALUES (?, ?) ON CONFLICT (staff) DO UPDATE SET hash = excluded.hash",
        (staff, _hasher().hash(password)),
    )
    run("DELETE FROM sign_in WHERE account = ?", (account,))


def has_password(staff: int) -> bool:
    return here().file.run("SELECT 1 FROM password WHERE staff = ?", (staff,)).fetchone() is not None


def check(account: str, staff: int | None, password: str, clock: Clock | None = None) -> None:
    """Let the password of an account pass, or raise Shut with a sentence that says what is wrong or how long to wait.

    `staff` is None for an unknown account. The try is counted before the hash is looked at, so that many at once are
    not let through together.
    """
    _let_through(account, clock or Clock())
    found = here().file.run("SELECT hash FROM password WHERE staff = ?", (staff or 0,)).fetchone()
    if not _is_right(found[0] if found else _NOBODYS, password) or found is None:
        raise Shut(WRONG)
    with here().file.writing():
        here().file.run("DELETE FROM sign_in WHERE account = ?", (account,))
        here().file.run("UPDATE sign_in SET wrong = wrong - 1 WHERE account = ? AND wrong > 0", (ALL,))


def _is_right(kept: str, password: str) -> bool:
    from argon2.exceptions import InvalidHashError, VerificationError

    try:
        return bool(_hasher().verify(kept, password))
    except (VerificationError, InvalidHashError):
        return False


# --- the delay --------------------------------------------------------------------------------------------------------


def _let_through(account: str, clock: Clock) -> None:
    """Count one more wrong try of the account and of the file as a whole, or raise Shut when it comes too early."""
    file = here().file
    with file.writing():
        all_wrong, drained, kept, wall = _row(ALL) or (0, 0, None, None)
        now, wall = _file_time(file, clock, kept, wall)
        back = min(all_wrong, (now - drained) // REFILL) if all_wrong else 0
        all_wrong, drained = all_wrong - back, drained + back * REFILL if all_wrong - back else now
        wrong, at, _, _ = _row(account) or (0, 0, None, None)
        wrong = 0 if now - at >= FORGOTTEN else wrong
        wait = max(at + _pause(wrong) - now, drained + REFILL - now if all_wrong >= POOL else 0)
        _put(ALL, all_wrong + (wait <= 0), drained, now, wall)
        if wait <= 0:
            _put(account, wrong + 1, now, None, None)
            file.run("DELETE FROM sign_in WHERE account <> ? AND at < ?", (ALL, now - FORGOTTEN))
    if wait > 0:
        raise Shut(f"密码连续输错，请等 {_in_words(wait)}后再试。")


def _pause(wrong: int) -> int:
    """Seconds to wait after so many wrong passwords."""
    return 0 if wrong < FREE else min(LONGEST, FIRST << min(wrong - FREE, 20))


def _file_time(file: Any, clock: Clock, kept: int | None, wall: int | None) -> tuple[int, int]:
    """The file's time and the largest moment of the clock seen so far, in whole seconds."""
    seen, counter = int(clock.wall()), clock.running()
    if kept is None or wall is None:
        now = seen
    elif file.watch is not None:  # this program has looked before: its own counter tells, whatever the clock says
        began, since = file.watch
        now = max(kept, int(began + counter - since))
    else:
        now = kept + max(0, seen - wall)
    if file.watch is None:
        file.watch = (now, counter)
    return now, max(seen, wall or seen)


def _row(account: str) -> Any:
    sql = "SELECT wrong, at, time, wall FROM sign_in WHERE account = ?"
    return here().file.run(sql, (account,)).fetchone()


def _put(account: str, wrong: int, at: int, now: int | None, wall: int | None) -> None:
    here().file.run(
        "INSERT INTO sign_in (account, wrong, at, time, wall) VALUES (?, ?, ?, ?, ?) ON CONFLICT (account)"
        " DO UPDATE SET wrong = excluded.wrong, at = excluded.at, time = excluded.time, wall = excluded.wall",
        (account, wrong, at, now, wall),
    )


def _in_words(seconds: int) -> str:
    minutes, rest = divmod(seconds, 60)
    return f"{minutes} 分 {rest} 秒" if minutes and rest else f"{minutes} 分钟" if minutes else f"{rest} 秒"
