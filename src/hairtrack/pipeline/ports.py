"""What the program needs of the world: the day, many hands, a place to tell how far it is."""

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import UTC, date, datetime
from multiprocessing import get_context
from typing import Protocol, Self, TypeVar

import numpy as np

from hairtrack.pipeline.worker import begin

Item = TypeVar("Item")
Answer = TypeVar("Answer")


class Clock(Protocol):
    """Knows the day."""

    def today(self) -> date:
        """Return the local date."""
        ...


class Executor(Protocol):
    """Does the same work on many items; answers come in the order of the items."""

    def map(self, work: Callable[[Item], Answer], items: Sequence[Item]) -> Iterator[Answer]:
        """Return an iterator over `work(item)` for each item, in order."""
        ...


class RandomSource(Protocol):
    """Gives generators that depend on nothing but a name."""

    def generator(self, name: str) -> np.random.Generator:
        """Return a generator; the same name gives the same stream."""
        ...


class Progress(Protocol):
    """Hears how far a stage is."""

    def step(self, stage: str, done: int, total: int, *, photo: str) -> None:
        """Hear that `done` of `total` photos of a stage are finished; `photo` is the one under way, "" at the end."""
        ...


@dataclass(frozen=True, slots=True)
class SystemClock:
    """The day of this machine."""

    def today(self) -> date:
        """Return the local date."""
        return datetime.now(UTC).astimezone().date()


@dataclass(frozen=True, slots=True)
class FixedClock:
    """A day that stands still, for tests and for judging a case as of a date."""

    day: date

    def today(self) -> date:
        """Return the day given."""
        return self.day


@dataclass(frozen=True, slots=True)
class NamedRandom:
    """Generators seeded by a number and a name."""

    seed: int = 20_260_110

    def generator(self, name: str) -> np.random.Generator:
        """Return a generator seeded by `seed` and the bytes of `name`."""
        return np.random.default_rng([self.seed, *name.encode()])


class SerialExecutor:
    """One item after the other, in this process."""

    def map(self, work: Callable[[Item], Answer], items: Sequence[Item]) -> Iterator[Answer]:
        """Return the answers, each worked out when it is asked for."""
        return map(work, items)


def usable_cores() -> int:
    """Return how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class PoolExecutor:
    """A pool of spawned processes, as many as this process may use cores; starts with the first batch of two or more.

    Use as a context manager, so that no process is left behind.
    """

    def __init__(self, workers: int | None = None) -> None:
        self._workers = workers or usable_cores()
        self._pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)
            self._pool = None

    def map(self, work: Callable[[Item], Answer], items: Sequence[Item]) -> Iterator[Answer]:
        """Return the answers in order; a single item is worked here, a process would cost more than it saves."""
        if len(items) <= 1 or self._workers == 1:
            return map(work, items)
        if self._pool is None:
            self._pool = ProcessPoolExecutor(self._workers, mp_context=get_context("spawn"), initializer=begin)
        return self._pool.map(work, items)


class SilentProgress:
    """Tells nobody."""

    def step(self, stage: str, done: int, total: int, *, photo: str) -> None:
        """Do nothing with what is heard."""
