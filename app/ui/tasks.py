"""Slow work (任务): one thread that writes, one that reads, one that reads for long; answers on the window's thread.

Work is a plain function. It runs in a copy of the context it was asked in, so that `here()` and `today()` answer there
as they do here; each thread has a connection of its own and closes it at the end.
"""

from __future__ import annotations

import gc
import threading
import time
from collections.abc import Callable
from contextvars import Context, copy_context
from queue import SimpleQueue
from typing import Any

import shiboken6
from PySide6.QtCore import QObject, Qt, QTimer, Signal, SignalInstance

from app.models.database import DataFile
from app.models.faults import Cancelled
from app.models.here import here_or_none
from app.models.progress import Progress

EVERY = 0.05  # seconds between two reports of progress
SWEEP = 1000  # milliseconds between two looks at the garbage


class Job:
    """Work that was asked for. `drop` it when its answer is no longer wanted: neither `done` nor `failed` is called."""

    def __init__(
        self, title: str, work: Callable[..., Any], done: Callable[[Any], None] | None,
        failed: Callable[[Exception], None] | None,
    ) -> None:  # fmt: skip
        self.title, self.work, self.done, self.failed = title, work, done, failed
        self.context: Context = copy_context()
        self.dropped = self.cancelled = False
        self.connection: Any = None  # of the thread that does it, while it does
        self.lock = threading.Lock()  # nobody may interrupt the connection once it serves the next job
        self.answer: Any = None
        self.error: Exception | None = None

    def drop(self) -> None:
        self.dropped = True
        self.cancel()

    def cancel(self) -> None:
        """Ask the work to stop: at its next progress, or at once inside a long question to the file."""
        self.cancelled = True
        with self.lock:
            stop = getattr(self.connection, "interrupt", None) or getattr(self.connection, "cancel", None)
            if stop:
                stop()


class _Hand(threading.Thread):
    """One thread that does one job after another, tells how far each is and gives it back through `ended`."""

    def __init__(self, name: str, ended: SignalInstance, reached: SignalInstance) -> None:
        super().__init__(name=name, daemon=True)
        self.jobs: SimpleQueue[Job | None] = SimpleQueue()
        self.ended, self.reached = ended, reached
        self.file: DataFile | None = None  # whose connection this thread holds open

    def run(self) -> None:
        while (job := self.jobs.get()) is not None:
            if not job.dropped:
                job.context.run(self._do, job)
            self.ended.emit(job)
        if self.file is not None:
            self.file.close()

    def _do(self, job: Job) -> None:
        try:
            self._connect(job)
            if job.cancelled:
                raise Cancelled
            job.answer = job.work(self._watch(job)) if job.title else job.work()
        except Exception as error:  # noqa: BLE001  (the one place where work of every kind comes back)
            job.error = Cancelled() if job.cancelled else error
        finally:
            with job.lock:
                job.connection = None

    def _connect(self, job: Job) -> None:
        place = here_or_none()
        file = place.file if place else None
        if self.file is not None and self.file is not file:
            self.file.close()
        self.file = file
        if file is not None:
            file.connect()
            job.connection = file.database.connection()

    def _watch(self, job: Job) -> Progress:
        told = 0.0

        def progress(done: int, total: int, text: str) -> None:
            nonlocal told
            if job.cancelled:
                raise Cancelled
            if (now := time.monotonic()) - told >= EVERY:
                told = now
                self.reached.emit(job, done, total, text)

        return progress


class _Sweep(QTimer):
    """Collects Python's garbage on the window's thread only: a widget that another thread collected would crash Qt."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._was_on = gc.isenabled()
        gc.disable()
        self.timeout.connect(self.sweep)
        self.start(SWEEP)

    def sweep(self) -> None:
        for generation in (2, 1, 0):
            if gc.get_count()[generation] > gc.get_threshold()[generation]:
                gc.collect(generation)
                return

    def end(self) -> None:
        self.stop()
        if self._was_on:
            gc.enable()


class Tasks(QObject):
    """One titled work is told of at a time, the one asked for first: `started(title)` when its turn comes, then
    `progressed(done, total, text)`; `finished()` when any has ended. `failed(error)` tells of errors that nobody asked
    to hear of.
    """

    started = Signal(str)
    progressed = Signal(int, int, str)
    finished = Signal()
    failed = Signal(object)
    _ended = Signal(object)
    _reached = Signal(object, int, int, str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._ended.connect(self._take, Qt.ConnectionType.QueuedConnection)
        self._reached.connect(self._tell, Qt.ConnectionType.QueuedConnection)
        names = ("reading", "long reading", "writing")
        self._hands = [_Hand(name, self._ended, self._reached) for name in names]
        self._reader, self._long_reader, self._writer = self._hands
        self._titled: list[Job] = []  # under way or waiting, oldest first: that one is being done
        self._closed = False
        self._sweep = _Sweep(self)
        for hand in self._hands:
            hand.start()

    def read(
        self, work: Callable[[], Any], done: Callable[[Any], None], failed: Callable[[Exception], None] | None = None
    ) -> Job:
        """Do `work()` on the reading thread, then `done(answer)` here."""
        job = Job("", work, done, failed)
        self._reader.jobs.put(job)
        return job

    def read_long(
        self, title: str, work: Callable[[Progress], Any], done: Callable[[Any], None] | None = None,
        failed: Callable[[Exception], None] | None = None,
    ) -> Job:  # fmt: skip
        """Do `work(progress)`, which writes nothing into the data file, on a thread that neither saving nor the search
        box waits for; then `done(answer)` here."""
        return self._begin(self._long_reader, Job(title, work, done, failed))

    def write(
        self, title: str, work: Callable[[Progress], Any], done: Callable[[Any], None] | None = None,
        failed: Callable[[Exception], None] | None = None,
    ) -> Job:  # fmt: skip
        """Do `work(progress)` on the one writing thread, then `done(answer)` here."""
        return self._begin(self._writer, Job(title, work, done, failed))

    def _begin(self, hand: _Hand, job: Job) -> Job:
        self._titled.append(job)
        hand.jobs.put(job)
        if self._titled[0] is job:
            self.started.emit(job.title)
        return job

    def note(self, work: Callable[[], Any]) -> None:
        """Write a note of the desk on the writing thread, without telling of it."""
        self._writer.jobs.put(Job("", work, None, None))

    def aside(self, work: Callable[[], Any], done: Callable[[Any], None] | None = None) -> None:
        """Do something that nobody waits for when all long reading asked for so far has ended, then `done(answer)`."""
        self._long_reader.jobs.put(Job("", work, done, lambda error: None))

    @property
    def busy(self) -> bool:
        """Whether anything with a title is under way or waits."""
        return bool(self._titled)

    @property
    def doing(self) -> str:
        """The title of the work that is told of, or nothing."""
        return self._titled[0].title if self._titled else ""

    def cancel(self) -> None:
        """Stop the work that is told of; a write rolls back, and `failed` gets `Cancelled`."""
        if self._titled:
            self._titled[0].cancel()

    def close(self) -> None:
        """Finish what waits, close the threads' connections and end them."""
        if not self._closed:
            self._closed = True
            for hand in self._hands:
                hand.jobs.put(None)
            for hand in self._hands:
                hand.join()
            self._sweep.end()

    def _tell(self, job: Job, done: int, total: int, text: str) -> None:
        if self._titled and self._titled[0] is job:
            self.progressed.emit(done, total, text)

    def _take(self, job: Job) -> None:
        if job in self._titled:
            told = self._titled[0] is job
            self._titled.remove(job)
            self.finished.emit()
            if told and self._titled:
                self.started.emit(self._titled[0].title)
        if job.dropped:
            return
        if job.error is None:
            if job.done is not None and _alive(job.done):
                job.done(job.answer)
        elif job.failed is not None:
            if _alive(job.failed):
                job.failed(job.error)
        else:
            self.failed.emit(job.error)


def _alive(call: Callable[..., Any]) -> bool:
    """Whether the page that a bound method belongs to still exists."""
    owner = getattr(call, "__self__", None)
    return not isinstance(owner, QObject) or shiboken6.isValid(owner)
