"""Close-ups of one spot of the front over a transplant: native hairs stay, grafts shed, wait and grow, or never do."""

from datetime import date, timedelta
from pathlib import Path

import numpy as np

from hairtrack.imaging.drawing import encode_jpeg
from hairtrack.synth.camera import Lamp
from hairtrack.synth.closeup import CloseupShot, grow_spot, render_closeup
from hairtrack.synth.scalp import HAIR_COLOURS, SKIN_TONES, SkinAndHair

DAYS_PER_MONTH = 30.4375
OPERATED_ON = date(2025, 1, 15)
PX_PER_MM = 120.0
SIZE_PX = (900, 720)


def write_closeups(folder: Path, *, survival: float, months: tuple[float, ...], seed: int) -> None:
    """Write a case folder with one close-up a month; the same seed gives the same bytes.

    Parameters
    ----------
    folder
        Where photos and case.toml go.
    survival
        Share of the planted hairs that grow again, 0-1.
    months
        Since the operation.
    seed
        Of spot, fates and photos.
    """
    rng = np.random.default_rng([seed, 3])
    spot = grow_spot(SkinAndHair(skin=SKIN_TONES["II"], hair=HAIR_COLOURS["black"]), seed=seed)
    per_cm2 = len(spot.unit) / (10.0 * 9.0 / 100.0)
    count = len(spot.unit)
    lot = rng.random(count)
    native_share, planted_share = float(rng.uniform(0.08, 0.22)), float(rng.uniform(0.38, 0.55))
    native, planted = lot < native_share, (lot >= native_share) & (lot < native_share + planted_share)
    lives = rng.random(count) < survival
    shed = 0.75 * np.exp(rng.normal(0, 0.2, count))
    returns = 5.8 * np.exp(rng.normal(0, 0.15)) * np.exp(rng.normal(0, 0.42, count))
    facts = ["# Synthetic close-ups of one spot: no such person exists.", "[patient]", f'id = "closeups-{seed}"', ""]
    facts += ["[[treatments]]", 'kind = "fue"', f"performed_on = {OPERATED_ON.isoformat()}"]
    facts += ['recipient_regions = ["frontal"]', f"hairs_implanted = {round(planted_share * per_cm2 * 46)}"]
    facts += ["recipient_area_cm2 = 46.0", ""]
    for month in months:
        stands = native | (planted & (month >= 0) & ((month < shed) | (lives & (month > returns))))
        shot = CloseupShot(
            size_px=SIZE_PX,
            px_per_mm=PX_PER_MM,
            shift_mm=(float(rng.normal(0, 0.15)), float(rng.normal(0, 0.15))),
            roll_deg=float(rng.normal(0, 3)),
            length_factor=float(rng.uniform(0.9, 1.1)),
            lie_spread_deg=3.0,
            lamp=Lamp(exposure_ev=0.1 + float(rng.normal(0, 0.05))),
        )
        photo = render_closeup(spot.kept(stands), shot, rng=rng)
        day = OPERATED_ON + timedelta(days=round(month * DAYS_PER_MONTH))
        file = f"{day.isoformat()}/closeup_frontal.jpg"
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        (folder / file).write_bytes(encode_jpeg(photo.rgb8, quality=88))
        facts += ["[[photos]]", f'file = "{file}"', 'view = "closeup"', 'region = "frontal"']
        facts += [f"px_per_mm = {PX_PER_MM:.1f}", ""]
    (folder / "case.toml").write_text("\n".join(facts), encoding="utf-8")
