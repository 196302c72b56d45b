"""Does guidance say the right way? Mis-posed photos of known error, the words read back.

    python ../shared/bench/make_head_pairs.py --out pairs --part b --seed 21
    python validation/guidance_directions.py --pairs pairs --heads 3 --out validation/results/guidance_directions.txt

Two sources. `--pairs`: real heads (part b of the benchmark, which nothing here was tuned on), re-warped with all errors
at once: turned 5-15 degrees in any direction, rolled, nearer or farther, shifted, hair and light changed. `--heads`:
drawn heads, other hair, one error a photo: turn, tilt, roll, distance or shift, on top of nearly perfect care. What
counts is every error beyond 3 degrees or 5 %: told the right way, told the wrong way, or not told. `alarm` is the share
of pairs told of an error that is less than half as large.
"""

import argparse
import json
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import cv2
import numpy as np

from hairtrack.align import AlignmentInput, likely_turn_deg, register
from hairtrack.imaging.photo import working_image
from hairtrack.imaging.warp import ReducedWarp
from hairtrack.model import View
from hairtrack.quality.guidance import TIERS_THAT_TELL_A_TURN, guidance_sentences
from hairtrack.segment.head import find_head
from hairtrack.synth.camera import Pose
from hairtrack.synth.history import Course, hair_on
from hairtrack.synth.photo import Shot, render_global
from hairtrack.synth.scalp import HAIR_COLOURS, SKIN_TONES, SkinAndHair, grow_scalp
from score_alignment_predictions import VIEWS, read_input

LEAST = {"nearer": 0.05, "right": 0.05, "down": 0.05, "clockwise": 3.0, "turned right": 3.0, "turned down": 3.0}
"""Errors of the second photo, and from where they count: shares of size and frame, degrees."""

WORDS = {
    r"^Move farther away": ("nearer", 1),
    r"^Come closer": ("nearer", -1),
    r"further left, by": ("right", 1),
    r"further right, by": ("right", -1),
    r"further up, by": ("down", 1),
    r"further down, by": ("down", -1),
    r"^Turn the phone clockwise": ("clockwise", 1),
    r"^Turn the phone counter-clockwise": ("clockwise", -1),
    r"moves left in the picture": ("turned right", 1),
    r"moves right in the picture": ("turned right", -1),
    r"moves up in the picture": ("turned down", 1),
    r"moves down in the picture": ("turned down", -1),
    r"^Turn the chin to the right": ("turned right", 1),
    r"^Turn the chin to the left": ("turned right", -1),
}
CHIN = {
    View.FRONT: {"Raise the chin": 1, "Lower the chin": -1},
    View.BACK: {"Lower the chin": 1, "Raise the chin": -1},
    View.LEFT: {"right shoulder": 1, "left shoulder": -1},
    View.RIGHT: {"left shoulder": 1, "right shoulder": -1},
}


APEX_RADII, CAMERA_RADII, REFRAMED = 0.85, 5.0, 0.9
"""How the benchmark draws a turned head: its apex, its camera, and how far the photographer follows the apex."""


@dataclass
class Tally:
    """What was told of errors, by kind of error."""

    right: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    wrong: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    silent: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    alarms: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    small: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    tiers: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    def add(self, true: dict[str, float], told: dict[str, int]) -> None:
        """Count one pair."""
        for kind, error in true.items():
            if abs(error) < LEAST[kind]:
                if abs(error) < LEAST[kind] / 2:
                    self.small[kind] += 1
                    self.alarms[kind] += kind in told
            elif kind not in told:
                self.silent[kind] += 1
            elif told[kind] == np.sign(error):
                self.right[kind] += 1
            else:
                self.wrong[kind] += 1

    def lines(self, title: str) -> list[str]:
        """Return the table."""
        tiers = ", ".join(f"{name} {count}" for name, count in sorted(self.tiers.items()))
        rows = [f"{title} (aligned by: {tiers})", "error           count   right   wrong  silent | alarm"]
        for kind in LEAST:
            count = self.right[kind] + self.wrong[kind] + self.silent[kind]
            shares = [part[kind] / max(1, count) for part in (self.right, self.wrong, self.silent)]
            alarm = self.alarms[kind] / max(1, self.small[kind])
            rows.append(f"{kind:14s}  {count:5d} " + "".join(f"{share:7.0%} " for share in shares) + f"| {alarm:5.0%}")
        told = sum(self.right.values()) + sum(self.wrong.values())
        count = told + sum(self.silent.values())
        rows.append(
            f"all             {count:5d}  {sum(self.right.values()) / max(1, count):6.1%}; "
            f"right where told: {sum(self.right.values()) / max(1, told):.1%} of {told}"
        )
        return rows


def told_by(sentences: tuple[str, ...], view: View) -> dict[str, int]:
    """Return the errors that the words speak of, with their sign."""
    told = {}
    for sentence in sentences:
        for pattern, (kind, sign) in WORDS.items():
            if re.search(pattern, sentence):
                told[kind] = sign
        for words, sign in CHIN.get(view, {}).items():
            if words in sentence:
                told["turned down"] = sign
    return told


def guide(reference: AlignmentInput, moving: AlignmentInput, view: View, tally: Tally) -> dict[str, int]:
    """Return what guidance tells of a pair."""
    found = register(reference, moving)
    tally.tiers[found.tier.value] += 1
    warp = None
    if found.warp is not None:
        warp = ReducedWarp(
            warp=found.warp,
            reference_full_per_working=reference.working.full_per_working,
            moving_full_per_working=moving.working.full_per_working,
        )
    likely = None if found.tier in TIERS_THAT_TELL_A_TURN else likely_turn_deg(reference, moving)
    words = guidance_sentences(reference.head_mask, moving.head_mask, warp=warp, view=view, likely_turn_deg=likely)
    return told_by(words, view)


def true_of_pair(change: dict[str, float], head_px: float, frame_px: float) -> dict[str, float]:
    """Return the errors of a pair of the benchmark."""
    tilt, azimuth = np.deg2rad([change["tilt"], change["azimuth"]])
    nearest = np.sin(tilt) * np.array([np.sin(azimuth), -np.cos(azimuth)])  # where the nearest point has gone, in radii
    apex = APEX_RADII * head_px / 2 * nearest
    depth = 1 - APEX_RADII / CAMERA_RADII * np.cos(tilt)
    reframed = REFRAMED * change["scale"] * apex / depth  # the photographer keeps the apex near its place
    shift = (np.array([change["shift_x"], change["shift_y"]]) * head_px - reframed) / frame_px
    return {
        "nearer": change["scale"] - 1,
        "right": float(shift[0]),
        "down": float(shift[1]),
        "clockwise": change["roll"],
        "turned right": float(np.degrees(np.arcsin(nearest[0]))),
        "turned down": float(np.degrees(np.arcsin(nearest[1]))),
    }


def of_pairs(folder: Path, limit: int | None) -> Tally:
    """Return the tally of the benchmark's plain pairs."""
    tally = Tally()
    truth = json.loads((folder / "truth.json").read_text(encoding="utf-8"))["pairs"]
    pairs = json.loads((folder / "pairs.json").read_text(encoding="utf-8"))["pairs"]
    for pair in [p for p in pairs if truth[p["id"]]["group"] == "plain"][:limit]:
        facts = truth[pair["id"]]
        view = VIEWS[pair["view"]]
        reference, moving = (read_input(folder / pair[key], view) for key in ("baseline", "followup"))
        told = guide(reference, moving, view, tally)
        tally.add(true_of_pair(facts["change"], facts["head_width"], max(reference.working.rgb8.shape[:2])), told)
    return tally


def mis_posed(kind: str, rng: np.random.Generator) -> tuple[Pose, dict[str, float]]:
    """Return a pose with one error, and what is wrong with it."""
    sign = float(rng.choice([-1, 1]))
    degrees, share = sign * float(rng.uniform(3, 15)), sign * float(rng.uniform(0.05, 0.2))
    if kind == "turn":  # the camera walks to the right: the near side moves to the left
        return Pose(turn_deg=degrees), {"turned right": -degrees}
    if kind == "tilt":  # the camera rises: the near side moves down
        return Pose(tilt_deg=degrees), {"turned down": degrees}
    if kind == "roll":
        return Pose(roll_deg=degrees), {"clockwise": degrees}
    if kind == "distance":
        return Pose(distance_factor=1 / (1 + share)), {"nearer": share}
    across = float(rng.choice([-1, 1])) * float(rng.uniform(0.06, 0.12))
    return Pose(shift_fraction=(across / 0.84, 0.0)), {"right": across}


def of_heads(first: int, count: int) -> Iterator[Tally]:
    """Yield the tally of drawn heads after each of them, each from all views with one error of each kind."""
    tally = Tally()
    tones, hairs = list(SKIN_TONES.values()), list(HAIR_COLOURS.values())
    for number in range(first, first + count):
        rng = np.random.default_rng([61, number])
        colours = SkinAndHair(skin=tones[rng.integers(len(tones))], hair=hairs[rng.integers(len(hairs))])
        scalp = grow_scalp(colours, seed=900 + number)
        course = Course(native_share={}, length_mm=float(rng.uniform(3, 20)))
        for view in (View.TOP, View.VERTEX, View.BACK, View.LEFT, View.FRONT):
            shots = [(Shot(view=view, size_px=(560, 560)), {})]
            for kind in ("turn", "tilt", "roll", "distance", "shift"):
                pose, errors = mis_posed(kind, rng)
                shots.append((replace(shots[0][0], pose=pose, room_seed=int(rng.integers(999))), errors))
            photos = [render_global(scalp, hair_on(scalp, course, month=0.0), shot, rng=rng) for shot, _ in shots]
            inputs = []
            for photo in photos:
                working = working_image(photo.rgb8)
                head = find_head(working.rgb8, view=view)
                inputs.append(
                    AlignmentInput(
                        file="drawn", working=working, view=view, head_mask=None if head.refused else head.mask
                    )
                )
            for moving, (_, errors) in zip(inputs[1:], shots[1:], strict=True):
                tally.add(dict.fromkeys(LEAST, 0.0) | errors, guide(inputs[0], moving, view, tally))
        yield tally


def main() -> None:
    """Print and write one table a source."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pairs", type=Path, default=None)
    parser.add_argument("--limit", type=int, default=None)
    parser.add_argument("--heads", type=int, default=0)
    parser.add_argument("--first", type=int, default=0, help="number of the first drawn head; 50 to 57 set limits")
    parser.add_argument("--out", type=Path, default=None)
    arguments = parser.parse_args()
    cv2.setNumThreads(1)
    told_of = f"--limit {arguments.limit or 0} --first {arguments.first} --heads {arguments.heads}"
    lines = [f"command: guidance_directions.py {told_of}"]
    if arguments.pairs is not None:
        lines += of_pairs(arguments.pairs, arguments.limit).lines("real heads, re-warped")
    told = lines
    for number, tally in enumerate(of_heads(arguments.first, arguments.heads), start=1):
        told = [*lines, *tally.lines(f"{number} drawn heads, five views, one error a photo")]
        if arguments.out is not None:
            arguments.out.write_text("\n".join(told) + "\n", encoding="utf-8")
    print("\n".join(told))
    if arguments.out is not None:
        arguments.out.write_text("\n".join(told) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
