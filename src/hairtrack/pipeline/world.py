"""Everything that a run needs beside the case: settings, the day, hands, a shelf, an ear."""

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol, TypeVar

import platformdirs

from hairtrack.pipeline.ports import (
    Clock,
    Executor,
    PoolExecutor,
    Progress,
    SerialExecutor,
    SilentProgress,
    SystemClock,
)
from hairtrack.pipeline.settings import Settings
from hairtrack.pipeline.shelf import Shelf


class OfOnePhoto(Protocol):
    """Work on one photo."""

    @property
    def file(self) -> str:
        """The photo that is worked on."""
        ...


Item = TypeVar("Item", bound=OfOnePhoto)
Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """The ports that a run uses.

    Parameters
    ----------
    shelf
        Where results of single photos and pairs lie; short-lived unless a lasting one was opened.
    clock, executor, progress
        The day, the hands, the ear.
    settings
        One frozen tree.
    """

    shelf: Shelf
    clock: Clock = field(default_factory=SystemClock)
    executor: Executor = field(default_factory=SerialExecutor)
    progress: Progress = field(default_factory=SilentProgress)
    settings: Settings = field(default_factory=Settings)

    def each(self, stage: str, work: Callable[[Item], Answer], items: tuple[Item, ...]) -> tuple[Answer, ...]:
        """Return `work` done on each item, in order, telling how far it is."""
        answers: list[Answer] = []
        under_way = [*(item.file for item in items), ""]
        self.progress.step(stage, 0, len(items), photo=under_way[0])
        for answer in self.executor.map(work, items):
            answers.append(answer)
            self.progress.step(stage, len(answers), len(items), photo=under_way[len(answers)])
        return tuple(answers)


def cache_folder() -> Path:
    """Return the folder of the lasting shelf: HAIRTRACK_CACHE_DIR, or the user's cache folder."""
    chosen = os.environ.get("HAIRTRACK_CACHE_DIR")
    return Path(chosen) if chosen else platformdirs.user_cache_path("hairtrack")


@contextmanager
def real_world(
    *, cached: bool = False, progress: Progress | None = None, workers: int | None = None
) -> Iterator[World]:
    """Give a world with this machine's clock and cores; a shelf that lasts only when `cached`."""
    with tempfile.TemporaryDirectory(prefix="hairtrack-") as passing, PoolExecutor(workers) as executor:
        shelf = Shelf.open(cache_folder() if cached else Path(passing))
        yield World(shelf=shelf, executor=executor, progress=progress or SilentProgress())
        if cached:
            shelf.trim()
