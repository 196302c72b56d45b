"""Whole reports on real heads: the same photo turned, re-lit or blurred must never look like a change or a failure.

    .venv/bin/python validation/report_on_heads.py --heads 67 --out validation/results/report_on_heads.txt

Each head of ../shared/data/heads becomes a patient with a transplant into mid-scalp and crown on 2026-01-20: five views
before it, and later "visits" that are the same Top-Down and Back photos turned by a quarter, re-lit, and blurred beyond
use. Nothing grew and nothing fell out, so the truth is: no change, and no failure that the photos could show.
"""

import argparse
import json
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import cv2
import jsonschema
import numpy as np

from hairtrack.model import State
from hairtrack.pipeline.analyse import Analysis, analyse_case
from hairtrack.pipeline.ports import FixedClock, PoolExecutor
from hairtrack.pipeline.shelf import Shelf
from hairtrack.pipeline.world import World
from hairtrack.report.document import to_json

ROOT = Path(__file__).parents[1]
VIEWS = {"Top-Down": "top", "Front": "front", "Back": "back", "Left": "left", "Right": "right"}
CASE = """
[patient]
sex_at_birth = "male"
[[treatments]]
kind = "fue"
performed_on = 2026-01-20
recipient_regions = ["midscalp", "vertex"]
donor_regions = ["occipital"]
"""


@dataclass
class Tally:
    """What happened over all heads."""

    counts: Counter[str] = field(default_factory=Counter)
    differences: list[float] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


def relit(picture: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return the photo under another lamp: exposure within half a stop and another white balance, in linear light."""
    linear = (picture / 255.0) ** 2.2 * 2 ** rng.uniform(-0.5, 0.5) * rng.uniform(0.92, 1.08, 3)
    return np.round(255 * np.clip(linear, 0, 1) ** (1 / 2.2)).astype(np.uint8)


def write_patient(photos: Path, head: str, folder: Path, rng: np.random.Generator) -> None:
    """Write a head as a case: five views before the operation, then visits at which nothing has changed."""
    (folder / "case.toml").write_text(CASE, encoding="utf-8")
    for name, view in VIEWS.items():
        picture = cv2.imread(str(photos / f"{head}-{name}.jpg"))
        visits = {"2026-01-10": picture}
        if view in {"top", "back"}:
            visits["2026-04-20"] = cv2.rotate(picture, int(rng.integers(3)))
            visits["2027-03-20"] = relit(picture, rng)
            visits["2027-06-20"] = relit(cv2.rotate(picture, int(rng.integers(3))), rng)
            visits["2027-07-20"] = cv2.GaussianBlur(picture, (0, 0), 12)
        for day, shown in visits.items():
            (folder / day).mkdir(exist_ok=True)
            cv2.imwrite(str(folder / day / f"{view}.png"), shown)


def judge_patient(head: str, analysis: Analysis, tally: Tally, schema: dict) -> None:
    """Add one patient to the tally, and every breach of the truth by name."""
    dossier = analysis.dossier
    jsonschema.validate(json.loads(to_json(dossier)), schema)
    for entry in dossier.photos:
        blurred = entry.photo.taken_on == date(2027, 7, 20)
        tally.counts[f"{'blurred' if blurred else 'good'} photo: {entry.quality.decision.value}"] += 1
    for registration in dossier.registrations:
        tally.counts[f"pair: {registration.status.value} {registration.tier.value}"] += 1
    for change in dossier.changes:
        tally.differences.append(change.difference)
        tally.counts["change beyond error" if change.beyond_error else "change within error"] += 1
        if change.beyond_error:
            tally.faults.append(f"{head} {change.region.value} {change.to_date}: {change.difference:+.3f} beyond error")
    for verdict in dossier.verdicts:
        tally.counts[f"verdict: {verdict.state.value}"] += 1
        if verdict.state is State.FAILURE:
            tally.faults.append(f"{head} {verdict.region.value}: failure")


def main() -> int:
    """Print the table; 1 when a change was seen where none is, or a failure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared")
    parser.add_argument("--heads", type=int, default=67)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path)
    arguments = parser.parse_args()
    photos = arguments.shared / "data" / "heads" / "photos"
    heads = [path.name.removesuffix("-Top-Down.jpg") for path in sorted(photos.glob("*-Top-Down.jpg"))][
        : arguments.heads
    ]
    schema = json.loads((ROOT / "docs/schemas/1/dossier.schema.json").read_text(encoding="utf-8"))
    tally, started = Tally(), time.perf_counter()
    for head in heads:
        rng = np.random.default_rng([arguments.seed, *head.encode()])
        with tempfile.TemporaryDirectory() as case, tempfile.TemporaryDirectory() as shelf, PoolExecutor() as pool:
            write_patient(photos, head, Path(case), rng)
            world = World(shelf=Shelf.open(Path(shelf)), clock=FixedClock(date(2027, 8, 1)), executor=pool)
            judge_patient(head, analyse_case(Path(case), world=world), tally, schema)
    sizes = np.abs(tally.differences) if tally.differences else np.array([np.nan])
    lines = [
        f"validation/report_on_heads.py --heads {len(heads)} --seed {arguments.seed}",
        *(f"{count:6d}  {what}" for what, count in sorted(tally.counts.items())),
        (
            f"|difference| of coverage where nothing changed: median {np.median(sizes):.3f}, "
            f"95th percentile {np.percentile(sizes, 95):.3f}, largest {sizes.max():.3f}"
        ),
        *(tally.faults or ["no change beyond error, no failure"]),
    ]
    print("\n".join(lines), f"\n{time.perf_counter() - started:.0f} s")
    if arguments.out:
        arguments.out.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return 1 if tally.faults else 0


if __name__ == "__main__":
    sys.exit(main())
