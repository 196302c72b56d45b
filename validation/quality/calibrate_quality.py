"""Set the limits of the quality gate on half of the heads, and show on the other half what the gate does.

    python validation/quality/calibrate_quality.py --every 3 --write

Good photos are given known faults (`degradations.py`); beyond use means that more than a third of the head has lost its
fine detail compared with the good photo, which no check of the gate can know. Subjects are dealt alternately to a
tuning half, which sets the limits, and a reporting half. The settings of the gate carry the rounded
limits. Prints the table, with --write also to validation/results/quality_calibration.txt and .json, and then
ends with 1 when the settings differ from the limits by more than the rounding.
"""

import argparse
import csv
import hashlib
import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import cv2
import numpy as np
from degradations import AMOUNTS, Kind, Rgb8, degraded

from hairtrack.imaging.photo import working_image
from hairtrack.model import Photo, QualityDecision, View
from hairtrack.quality import QualitySettings, judge
from hairtrack.quality.gate import central_ellipse, decide
from hairtrack.segment.head import find_head

ROOT = Path(__file__).resolve().parents[2]
RESULTS = ROOT / "validation" / "results"
VIEWS = {"Top-Down": View.TOP, "Front": View.FRONT, "Back": View.BACK, "Left": View.LEFT, "Right": View.RIGHT}

NOT_GOOD = {
    "2-37-Back.jpg": "shaken: no strand to be seen",
    "2-9-Right.jpg": "shaken: no strand to be seen",
    "3-51-Top-Down.jpg": "out of focus on the crown",
    "4-11-Left.jpg": "shaken, and dark against a window",
    "4-37-Right.jpg": "out of focus, lens smeared",
    "4-7-Back.jpg": "head a black shape against a lamp",
    "5-7-Front.jpg": "smeared by the camera's noise filter, nothing to see on the scalp",
    "5-7-Left.jpg": "smeared by the camera's noise filter, nothing to see on the scalp",
    "5-7-Top-Down.jpg": "smeared by the camera's noise filter, nothing to see on the scalp",
    "6-15-Top-Down.jpg": "out of focus: no texture on skin or fringe",
}
"""Photos that a person would not call good, judged by eye at full size; they are judged and shown apart."""

LOOKED_AT = """\
Good photos refused: 2-21-Top-Down and 2-27-Back show little but black hair in a dim room, so that no part of the
head is bright; 2-31-Left was smoothed by the camera and shows no strand.
Accepted beyond use: a straight shake of stubble, curls or fine grey hair (7-3, 5-27-Right, 4-21-Back, 2-33-Back)
leaves streaks that are sharp across and repeat sharp detail along, and the gate reads them as sharp. Photos
enlarged five times keep kinks that pass for edges. A bald head in a quarter to an eighth of its light (6-27, 6-13,
7-15) is still bright where it shines: what is lost is skin texture. Heads blurred in one part only (3-51-Top-Down)
are judged by their sharp part, skin that a camera smoothed (5-7) by its outline. A head that is black against a
lamp (4-7-Back) has a bright rim. Strong JPEG compression is not looked for at all.
The share cut off reads about 1.4 times too high: the hair-bearing part of a head is flatter than a disc."""
"""Causes, found by looking at what was refused and what was missed."""

CALIBRATED: dict[str, tuple[tuple[Kind, ...], float, float]] = {
    "head_blur_fraction": (("head_blur",), 0.010, 0.10),
    "overall_blur_fraction": (("blur", "shake", "enlarged"), 0.015, 0.10),
    "bright_level": (("dark",), 0.025, 0.06),
    "burnt_fraction": (("light",), 0.0, 0.06),
    "head_length_px": (("small",), 0.0, 0.02),
}
"""For each check its faults, and the share of the good tuning photos that a retake limit and a limit of full use may
cost at most: the retake limits together below 5 %."""

CAUGHT_FRACTION = 0.95
"""A retake limit is no stricter than catches this share of the tuning photos that its faults put beyond use."""

BLURS: tuple[Kind, ...] = ("blur", "shake", "head_blur", "enlarged")
FAULTS: dict[str, tuple[Kind, ...]] = {
    "blurred": BLURS,
    "underexposed": ("dark",),
    "overexposed": ("light",),
    "too small": ("small",),
    "compressed": ("jpeg",),
}


STRICTNESS = (QualityDecision.USABLE, QualityDecision.USABLE_WITH_LIMITS, QualityDecision.RETAKE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One photo with one fault, and what the gate measured on it."""

    file: str
    tuning: bool
    kind: Kind
    amount: float
    beyond_use: bool
    lost_fraction: float | None
    no_head: bool
    values: dict[str, float]

    @property
    def doubts(self) -> dict[str, QualityDecision]:
        """The checks that are not content, with what they ask for, by the limits set now."""
        settings = QualitySettings()
        decisions = {name: decide(value, getattr(settings, name)) for name, value in self.values.items()}
        return {name: decision for name, decision in decisions.items() if decision is not QualityDecision.USABLE}

    @property
    def objections(self) -> str:
        """The checks that ask for a retake, in words."""
        return ", ".join(name for name, asked in self.doubts.items() if asked is QualityDecision.RETAKE)

    @property
    def decision(self) -> QualityDecision:
        """What the gate says by the limits set now."""
        at_least = STRICTNESS[int(self.no_head)]
        return max((at_least, *self.doubts.values()), key=STRICTNESS.index)


def subjects_and_files(heads: Path) -> list[tuple[str, bool, View]]:
    """Return each file, whether its subject is in the tuning half, and its view."""
    with (heads / "labels.csv").open(encoding="utf-8") as table:
        rows = list(csv.DictReader(table))
    subjects = sorted({(row["level"], row["subject"]) for row in rows})
    tuning = {subject: index % 2 == 0 for index, subject in enumerate(subjects)}
    return [
        (row["file"], tuning[row["level"], row["subject"]], VIEWS[row["view"]])
        for row in sorted(rows, key=lambda row: row["file"])
    ]


def judged_photos(heads: Path, files: Iterable[tuple[str, bool, View]], *, find_again: bool) -> Iterator[Judged]:
    """Yield what the gate says of each photo with each fault; `find_again` looks for the head in each faulty photo."""
    for file, tuning, view in files:
        bgr = cv2.imread(str(heads / "photos" / file), cv2.IMREAD_COLOR)
        rgb8: Rgb8 = np.ascontiguousarray(np.asarray(bgr, np.uint8)[..., ::-1])
        finding = find_head(rgb8, view=view)
        head = finding.mask if finding.refused is None else central_ellipse((rgb8.shape[0], rgb8.shape[1]))
        seed = int.from_bytes(hashlib.sha256(file.encode()).digest()[:4])
        for faulty in degraded(
            rgb8,
            head,
            np.random.default_rng(seed),
            whole_head=finding.refused is None and view in {View.TOP, View.BACK},
        ):
            if file in NOT_GOOD and faulty.kind != "good":
                break
            seen, refused = faulty.head, finding.refused
            if find_again:
                again = find_head(faulty.rgb8, view=view)
                seen, refused = again.mask, again.refused
            report = judge(
                faulty.rgb8,
                working=working_image(faulty.rgb8),
                head_mask=None if refused else seen,
                head_refused=refused,
                glare_fraction=None,
                photo=Photo(file=file, photo_id=file, view=view),
                settings=QualitySettings(),
            )
            yield Judged(
                file=file,
                tuning=tuning,
                kind=faulty.kind,
                amount=faulty.amount,
                beyond_use=faulty.beyond_use,
                lost_fraction=faulty.lost_fraction,
                no_head="no_head" in report.flags,
                values={check.name: check.value for check in report.checks},
            )


def limits_from(judged: Sequence[Judged]) -> dict[str, tuple[float, float]]:
    """Return (limited beyond, retake beyond) of each calibrated check from the tuning half.

    The retake limit is the laxest that catches the wanted share of photos beyond use, unless that would refuse more
    good photos than allowed: then what is allowed counts.
    """
    mine = [one for one in judged if one.tuning]
    found = {}
    for name, (faults, retake_share, limited_share) in CALIBRATED.items():
        sign = -1.0 if getattr(QualitySettings(), name).higher_is_better else 1.0
        good = sign * np.array([one.values[name] for one in mine if one.kind == "good" and name in one.values])
        bad = sign * np.array(
            [one.values[name] for one in mine if one.kind in faults and one.beyond_use and name in one.values]
        )
        catching = float(np.quantile(bad, 1 - CAUGHT_FRACTION))
        retake = max(catching, float(np.quantile(good, 1 - retake_share)))
        limited = min(retake, float(np.quantile(good, 1 - limited_share)))
        found[name] = (sign * limited, sign * retake)
    return found


def retaken(judged: Sequence[Judged]) -> float:
    """Return the share of photos that the gate would have retaken; NaN is never asked for, 0 of 0 is 0."""
    return sum(one.decision == QualityDecision.RETAKE for one in judged) / max(1, len(judged))


def summary(judged: Sequence[Judged]) -> dict[str, dict[str, float]]:
    """Return the figures that the gate is held to, for each half."""
    figures: dict[str, dict[str, float]] = {}
    for half in ("tuning", "reporting"):
        mine = [one for one in judged if one.tuning == (half == "tuning")]
        good = [one for one in mine if one.kind in {"good", "background_blur"}]
        row = {
            "good_photos": float(sum(one.kind == "good" for one in mine)),
            "good_retaken_fraction": retaken([one for one in good if one.kind == "good"]),
            "sharp_head_before_blurred_background_retaken_fraction": retaken(
                [one for one in good if one.kind == "background_blur"]
            ),
        }
        for name, kinds in FAULTS.items():
            beyond = [one for one in mine if one.kind in kinds and one.beyond_use]
            row[f"{name}_beyond_use_photos"] = float(len(beyond))
            row[f"{name}_beyond_use_caught_fraction"] = retaken(beyond)
        figures[half] = row
    return figures


def table(judged: Sequence[Judged]) -> list[str]:
    """Return what the gate does in the reporting half, a line for each fault and amount."""
    heading = f"{'fault':>16} {'amount':>8} {'photos':>7} {'beyond use':>11} {'caught':>7} {'others retaken':>15}"
    lines = [f"{heading} {'limited':>8} {'lost (median)':>14} {'cut off (median)':>17}"]
    for kind, amounts in AMOUNTS:
        for amount in amounts:
            mine = [one for one in judged if not one.tuning and (one.kind, one.amount) == (kind, amount)]
            beyond, others = [[one for one in mine if one.beyond_use is wanted] for wanted in (True, False)]
            lost = [one.lost_fraction for one in mine if one.lost_fraction is not None]
            limited = sum(one.decision == QualityDecision.USABLE_WITH_LIMITS for one in mine) / max(1, len(mine))
            cut = [one.values["missing_head_fraction"] for one in mine if "missing_head_fraction" in one.values]
            lines.append(
                f"{kind:>16} {amount:8.3g} {len(mine):7d} {len(beyond):11d}"
                f" {f'{retaken(beyond):.2f}' if beyond else '-':>7} {f'{retaken(others):.3f}' if others else '-':>15}"
                f" {limited:8.2f} {f'{np.median(lost):.2f}' if lost else '-':>14}"
                f" {f'{np.median(cut):.2f}' if cut else '-':>17}"
            )
    return lines


def report_lines(everything: Sequence[Judged], limits: dict[str, tuple[float, float]]) -> list[str]:
    """Return the whole table as text."""
    judged = [one for one in everything if one.file not in NOT_GOOD]
    lines = ["Limits from the good photos of the tuning half, and the settings that carry them", ""]
    for name, (limited, retake) in limits.items():
        held = getattr(QualitySettings(), name)
        lines.append(
            f"{name:>24}  limited beyond {limited:.5f} (set {held.limited_beyond})"
            f"  retake beyond {retake:.5f} (set {held.retake_beyond})"
        )
    for half, figures in summary(judged).items():
        lines += ["", f"{half.capitalize()} half", ""]
        lines += [f"{name:>60} {value:.3f}" for name, value in figures.items()]
    lines += ["", "Reporting half, by fault", "", *table(judged)]
    lines += ["", "Left out of all the above as not good by eye, and what the gate says of them", ""]
    lines += [
        f"  {one.file}: {NOT_GOOD[one.file]}: {one.decision} {one.objections}"
        for one in everything
        if one.file in NOT_GOOD
    ]
    with_them = [one for one in everything if one.kind == "good" and not one.tuning]
    lines += ["", f"Reporting half with them counted as good: {retaken(with_them):.3f} of {len(with_them)} retaken"]
    refused = [one for one in judged if one.kind == "good" and one.decision == QualityDecision.RETAKE]
    lines += ["", "Good photos retaken, both halves", ""]
    lines += [f"  {one.file} ({'tuning' if one.tuning else 'reporting'}): {one.objections}" for one in refused]
    lines += ["", "Looked at", "", LOOKED_AT]
    return lines


def main() -> int:
    """Run the calibration; 1 when settings and figures disagree."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--heads", type=Path, default=ROOT.parent / "shared" / "data" / "heads")
    parser.add_argument("--every", type=int, default=1, help="use every n-th photo only")
    parser.add_argument("--find-again", action="store_true", help="find the head anew in each faulty photo")
    parser.add_argument(
        "--measured", type=Path, help="keep what was measured here, and take it from here when it is there"
    )
    parser.add_argument("--write", action="store_true", help="write the table to validation/results")
    options = parser.parse_args()
    cv2.setNumThreads(1)
    files = [
        one
        for index, one in enumerate(subjects_and_files(options.heads))
        if index % options.every == 0 or one[0] in NOT_GOOD
    ]
    if options.measured is not None and options.measured.exists():
        everything = [Judged(**row) for row in json.loads(options.measured.read_text(encoding="utf-8"))]
    else:
        everything = list(judged_photos(options.heads, files, find_again=options.find_again))
    if options.measured is not None:
        options.measured.write_text(json.dumps([asdict(one) for one in everything]), encoding="utf-8")
    judged = [one for one in everything if one.file not in NOT_GOOD]
    limits = limits_from(judged)
    text = "\n".join(
        [
            f"python validation/quality/calibrate_quality.py --every {options.every} --write",
            "",
            *report_lines(everything, limits),
        ]
    )
    sys.stdout.write(text + "\n")
    if not options.write:
        return 0
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "quality_calibration.txt").write_text(text + "\n", encoding="utf-8")
    document = {"limits": limits, "figures": summary(judged)}
    (RESULTS / "quality_calibration.json").write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")
    return 0 if settings_agree(limits) else 1


def settings_agree(limits: dict[str, tuple[float, float]]) -> bool:
    """Return whether the defaults of the gate are the calibrated limits, to 3 %."""
    settings = QualitySettings()
    return all(
        np.isclose(limit, held, rtol=0.03)
        for name, found in limits.items()
        for limit, held in zip(
            found, (getattr(settings, name).limited_beyond, getattr(settings, name).retake_beyond), strict=True
        )
    )


if __name__ == "__main__":
    sys.exit(main())
