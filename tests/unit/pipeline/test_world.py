"""Whoever waits hears of every photo: how many are done, and which one is under way."""

from dataclasses import dataclass, field

from hairtrack.pipeline.shelf import Shelf
from hairtrack.pipeline.world import World


@dataclass
class Listener:
    heard: list[tuple[str, int, int, str]] = field(default_factory=list)

    def step(self, stage: str, done: int, total: int, *, photo: str) -> None:
        self.heard.append((stage, done, total, photo))


@dataclass(frozen=True)
class Work:
    file: str


def test_each_photo_is_named_while_it_is_under_way(tmp_path):
    listener = Listener()
    world = World(shelf=Shelf.open(tmp_path), progress=listener)
    assert world.each("drawing", lambda work: work.file.upper(), (Work("a"), Work("b"))) == ("A", "B")
    assert listener.heard == [("drawing", 0, 2, "a"), ("drawing", 1, 2, "b"), ("drawing", 2, 2, "")]


def test_a_stage_without_photos_is_passed_over(tmp_path):
    listener = Listener()
    world = World(shelf=Shelf.open(tmp_path), progress=listener)
    assert world.each("drawing", lambda work: work.file, ()) == ()
    assert listener.heard == [("drawing", 0, 0, "")]
