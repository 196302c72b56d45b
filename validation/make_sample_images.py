"""Draw the synthetic cases of sample_images again; the same bytes come out.

    .venv/bin/python validation/make_sample_images.py [--out sample_images]

The six photos of sample_images/heads are real, licensed CC BY 4.0, and are not made here.
"""

import argparse
from datetime import date
from pathlib import Path

import cv2
import numpy as np

from hairtrack.imaging.drawing import encode_jpeg
from hairtrack.model import RegionName, View
from hairtrack.synth.camera import Lamp
from hairtrack.synth.cases import CasePlan, Visit, write_case
from hairtrack.synth.closeup import CloseupShot, Spot, grow_spot, render_closeup
from hairtrack.synth.history import Course, Transplant
from hairtrack.synth.scalp import HAIR_COLOURS, SKIN_TONES, SkinAndHair, grow_scalp, region_area_cm2

ROOT = Path(__file__).parents[1]
RECIPIENT = (RegionName.FRONTAL_HAIRLINE, RegionName.FRONTAL)
MONTHS = (-0.07, 0.33, 1.0, 2.0, 3.0, 4.0, 6.0, 9.0, 12.0, 15.0, 16.5)
WITH_DONOR = (-0.07, 6.0, 12.0)
PLANTED_PER_CM2 = 95.0


def transplant_plan(name: str, *, survival: float, seed: int) -> CasePlan:
    """Return a man with a thin front who has grafts of the given survival."""
    colours = SkinAndHair(skin=SKIN_TONES["II"], hair=HAIR_COLOURS["brown" if seed % 2 else "black"])
    area_cm2 = sum(region_area_cm2(region) for region in RECIPIENT)
    return CasePlan(
        patient_id=name,
        scalp=grow_scalp(colours, seed=seed),
        course=Course(
            native_share={RegionName.FRONTAL: 0.10, RegionName.FRONTAL_HAIRLINE: 0.05},
            transplant=Transplant(regions=RECIPIENT, hairs_per_cm2=PLANTED_PER_CM2, survival=survival),
            length_mm=15.0,
        ),
        operated_on=date(2025, 1, 15),
        visits=tuple(
            Visit(month=month, views=(View.TOP, View.BACK) if month in WITH_DONOR else (View.TOP,)) for month in MONTHS
        ),
        planted={
            "grafts_implanted": round(area_cm2 * PLANTED_PER_CM2 / 2.1),
            "hairs_implanted": round(area_cm2 * PLANTED_PER_CM2),
            "recipient_area_cm2": round(area_cm2, 1),
        },
        seed=seed,
    )


def write_closeups(folder: Path, *, seed: int) -> None:
    """Write four close-ups of one spot: finer and fewer hairs under untreated loss, then a gain under treatment."""
    colours = SkinAndHair(skin=SKIN_TONES["II"], hair=HAIR_COLOURS["black"])
    spot = grow_spot(colours, seed=seed)
    lot = np.random.default_rng([seed, 5]).random(len(spot.unit))
    dates = {date(2025, 3, 1): 0.80, date(2025, 6, 2): 0.76, date(2025, 12, 1): 0.90, date(2026, 3, 2): 0.94}
    facts = ["# Synthetic close-ups of one spot: no such person exists.", "[patient]", 'id = "closeup_series"', ""]
    facts += ["[[treatments]]", 'kind = "minoxidil"', "started_on = 2025-03-05", ""]
    truth = ["# What is true of these close-ups: known because they were drawn."]
    for index, (day, share) in enumerate(dates.items()):
        rng = np.random.default_rng([seed, index])
        shot = CloseupShot(
            shift_mm=(float(rng.normal(0, 0.15)), float(rng.normal(0, 0.15))),
            roll_deg=float(rng.normal(0, 3)),
            length_factor=float(rng.uniform(0.9, 1.1)),
            lie_spread_deg=3.0,
            lamp=Lamp(exposure_ev=0.1 + float(rng.normal(0, 0.05))),
        )
        standing: Spot = spot.kept(lot < share)
        photo = render_closeup(standing, shot, rng=rng)
        file = f"{day.isoformat()}/closeup_vertex.jpg"
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        (folder / file).write_bytes(encode_jpeg(photo.rgb8, quality=88))
        facts += ["[[photos]]", f'file = "{file}"', 'view = "closeup"', 'region = "vertex"', "px_per_mm = 179.0", ""]
        truth += ["", "[[photos]]", f'file = "{file}"', f"hairs = {len(photo.hairs)}"]
        truth += [f"hairs_per_cm2 = {photo.hairs_per_cm2:.1f}"]
    (folder / "case.toml").write_text("\n".join(facts), encoding="utf-8")
    (folder / "truth.toml").write_text("\n".join(truth) + "\n", encoding="utf-8")


def main() -> None:
    """Write every synthetic case."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=ROOT / "sample_images")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    cv2.setNumThreads(1)
    write_case(
        arguments.out / "fue_on_course", transplant_plan("fue_on_course", survival=0.92, seed=10 * arguments.seed + 1)
    )
    write_case(
        arguments.out / "fue_poor_growth",
        transplant_plan("fue_poor_growth", survival=0.25, seed=10 * arguments.seed + 2),
    )
    write_closeups(arguments.out / "closeup_series", seed=arguments.seed)


if __name__ == "__main__":
    main()
