"""What the report of 52 photos costs after analysis: size and CPU time of the page and of the letter.

    .venv/bin/python validation/report_of_a_long_case.py --save validation/results/report_of_a_long_case.txt

A synthetic patient, 13 visits of four views, is drawn, analysed once and told to both readers. CPU time is that of this
process, from the dossier to the bytes, the first time that the file is made. The photos are the same each time.
"""

import argparse
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import cv2

from hairtrack.model import RegionName, View
from hairtrack.pipeline.analyse import Analysis, analyse_case
from hairtrack.pipeline.world import real_world
from hairtrack.report.html import render_html
from hairtrack.report.paper import render_pdf
from hairtrack.synth.cases import CasePlan, Visit, write_case
from hairtrack.synth.history import Course, Transplant
from hairtrack.synth.scalp import HAIR_COLOURS, SKIN_TONES, SkinAndHair, grow_scalp

MONTHS = (-0.07, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 9.0, 10.0, 12.0, 15.0, 16.5)
VIEWS = (View.TOP, View.FRONT, View.LEFT, View.BACK)
RECIPIENT = (RegionName.FRONTAL_HAIRLINE, RegionName.FRONTAL)
LARGEST_PAGE_BYTES = 8_000_000
LONGEST_CPU_SECONDS = 3.0


def long_plan() -> CasePlan:
    """Return a patient with a photo of four sides on each of 13 days."""
    return CasePlan(
        patient_id="long_case",
        scalp=grow_scalp(SkinAndHair(skin=SKIN_TONES["II"], hair=HAIR_COLOURS["brown"]), seed=7),
        course=Course(
            native_share={RegionName.FRONTAL: 0.10, RegionName.FRONTAL_HAIRLINE: 0.05},
            transplant=Transplant(regions=RECIPIENT, hairs_per_cm2=95.0, survival=0.92),
            length_mm=15.0,
        ),
        operated_on=date(2025, 1, 15),
        visits=tuple(Visit(month=month, views=VIEWS) for month in MONTHS),
        seed=7,
    )


def analysed(folder: Path) -> Analysis:
    """Return the long case, drawn and analysed."""
    write_case(folder, long_plan())
    with real_world(workers=1) as world:
        return analyse_case(folder, world=world, show_face=False)


def first_and_again(work: Callable[[], bytes], rounds: int = 3) -> tuple[bytes, float]:
    """Return what the work gives and the CPU seconds of its first round; every round must give the same bytes."""
    start = time.process_time()
    content = work()
    seconds = time.process_time() - start
    if any(work() != content for _ in range(rounds - 1)):
        raise SystemExit("rendering again gave other bytes")
    return content, seconds


def table_of(analysis: Analysis) -> tuple[str, bool]:
    """Return the table, and whether the page keeps to its limits."""
    pictures = sum(len(figure.content) for figure in analysis.figures)
    photos, regions = len(analysis.dossier.photos), len(analysis.dossier.verdicts)
    lines = [
        f"{photos} photos, {regions} regions, {len(analysis.figures)} pictures of {pictures / 1e6:.1f} MB together",
        "",
        "| file | reader | language | MB | CPU s |",
        "|---|---|---|---|---|",
    ]
    kept = True
    for audience, language in (("clinician", "en"), ("patient", "tr")):
        told = {"audience": audience, "language": language}
        for name, work in (
            ("report.html", lambda told=told: render_html(analysis.dossier, analysis.figures, **told).encode()),
            ("report.pdf", lambda told=told: render_pdf(analysis.dossier, analysis.figures, **told)),
        ):
            content, seconds = first_and_again(work)
            lines.append(f"| {name} | {audience} | {language} | {len(content) / 1e6:.1f} | {seconds:.2f} |")
            kept &= len(content) <= LARGEST_PAGE_BYTES and seconds <= LONGEST_CPU_SECONDS
    limits = f"{LARGEST_PAGE_BYTES / 1e6:.0f} MB and {LONGEST_CPU_SECONDS:.0f} s CPU"
    lines += [
        "",
        f"{'Within' if kept else 'NOT within'} {limits}; every file rendered three times with the same bytes.",
    ]
    return "\n".join(lines) + "\n", kept


def main() -> int:
    """Print the table and keep it when asked; 1 when a limit is broken."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--save", type=Path)
    arguments = parser.parse_args()
    cv2.setNumThreads(1)
    with tempfile.TemporaryDirectory() as folder:
        table, kept = table_of(analysed(Path(folder) / "long_case"))
    print(table)
    if arguments.save:
        arguments.save.write_text(table, encoding="utf-8")
    return 0 if kept else 1


if __name__ == "__main__":
    raise SystemExit(main())
