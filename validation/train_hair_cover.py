#!/usr/bin/env python3
r"""Train the network that tells which share of the scalp hair hides, on drawn heads and on hand-drawn areas.

    python validation/train_pixel_classes.py --out models/segment/pixel_classes.npz --halves /tmp/halves
    python validation/cover_lessons.py --halves /tmp/halves --lessons /tmp/lessons
    uv run --with torch --with onnx python validation/train_hair_cover.py \
        --halves /tmp/halves --lessons /tmp/lessons --out models/segment/hair_cover.onnx

Drawn heads (`drawn_heads.py`) have an exact cover; areas that a person drew on licensed photos (`head_marks.toml`) keep
the network true to real skin and light. It trains on drawn heads alone, and then three times on both: with all photos
for the shipped network, and with the photos of one half of the heads each for cover_A.onnx and cover_B.onnx in the
folder of the halves, to be scored on the other half by `score_segmentation.py`. Every fourth drawn head is never
trained on: the errors printed are of those, and of photos of the half not seen. The network learns also what each place
shows. What a person drew is held to be true to .05, so that drawn heads say the rest.

Training needs PyTorch, which the program does not. Its sums run side by side, so that the last digits differ from run
to run.
"""
# ruff: noqa: PLR2004 each size and share of the training stands where it is used, once

import argparse
import copy
import os
import sys
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from cover_lessons import AS_SENT_FROM, KEPT, LARGE_FROM, Lesson, lessons_in
from cover_network import Network, Stored
from hairtrack.segment.classifier import HAIR
from hairtrack.segment.cover import OUTPUTS, PLACES_ACROSS
from train_pixel_classes import HELD_OUT_EVERY

LEAST_PLACES = 25
ALONG, CLASS_HAIR = 27, 32 + HAIR
"""Features of `hairtrack.segment.cover.cover_features`: light between skin and hair, and the class hair."""

WIDTHS = (32, 48, 64)
BATCH = 16
STEPS_ALONE, STEPS_TOGETHER = 5000, 1000
RATE_ALONE, RATE_TOGETHER = 3e-3, 1e-3
DECAY = 1e-2
REAL_SHARE = 0.25
MARK_SLACK = 0.05
"""To this a person tells a share; within it a licensed photo asks for nothing."""

LARGE_AGAIN = 2
"""So many times as often large heads are shown: most photos are sharp."""

OFFSET_STD = 0.02
"""By how much all places of a photo are moved in each number, in its own spread: no number is trusted to the last."""

SLOWNESS = 0.995
"""Of the running mean of the weights, which is what is kept."""

AREAS = (8, 16)
"""Places across the areas whose mean must be right too, 3 and 6 cm."""

CALM = 0.003


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """A region of a drawn head, or the marked areas of a licensed photo: true and found cover, and the doubt told."""

    hair_to_skin: float
    truth: float
    found: float
    doubt: float


def tell(name: str, rows: list[Scored]) -> None:
    """Print errors by how light hair is against skin, and by the doubt told."""
    contrast, off, doubt, truth = np.array([(r.hair_to_skin, r.found - r.truth, r.doubt, r.truth) for r in rows]).T
    print(
        f"\n{name}: {len(rows)}, bias {off.mean():+.3f}, mean absolute {np.abs(off).mean():.3f}, 95 % within ", end=""
    )
    print(f"{np.quantile(np.abs(off), 0.95):.3f}, correlation {np.corrcoef(truth, truth + off)[0, 1]:.3f}")
    if contrast.any():
        print("  hair's light / skin's light, n, bias, mean absolute error")
        for low, high in ((0, 0.15), (0.15, 0.35), (0.35, 0.65), (0.65, 1.1), (1.1, 99)):
            part = (contrast >= low) & (contrast < high)
            print(
                f"  {low:5.2f} to {high:5.2f}  {part.sum():4d}  {off[part].mean():+.3f}  {np.abs(off[part]).mean():.3f}"
            )
    print("  doubt told, n, mean absolute error, 95 % within so many doubts")
    edges = np.quantile(doubt, np.linspace(0, 1, 6))
    for low, high in pairwise(edges):
        part = (doubt >= low) & (doubt <= high)
        within = np.quantile(np.abs(off[part]) / doubt[part], 0.95)
        print(f"  {low:.3f} to {high:.3f}  {part.sum():4d}  {np.abs(off[part]).mean():.3f}  {within:.2f}", flush=True)


def losses(scores: Tensor, doubt: Tensor, cover: Tensor, slack: Tensor, known: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Return the loss place by place, of the means of areas, and of the doubt told of these (Laplace)."""
    found = torch.sigmoid(scores)
    asked = found.detach().clamp(cover - slack, cover + slack)
    place = functional.binary_cross_entropy_with_logits(scores, asked, reduction="none")
    off, off_mark = (found - asked) * known, (found.detach() - cover) * known
    area, told_off = torch.zeros(()), torch.zeros(())
    for side in AREAS:
        share = functional.avg_pool2d(known[:, None], side, side // 2)
        enough = (share > 0.3).float()
        count = enough.sum().clamp(min=1)
        mean, mean_mark = (
            (functional.avg_pool2d(one[:, None], side, side // 2) / share.clamp(min=0.05)).abs()
            for one in (off, off_mark)
        )
        likely = functional.avg_pool2d((doubt * known)[:, None], side, side // 2) / share.clamp(min=0.05)
        likely = likely.clamp(min=CALM)
        area = area + (mean * enough).sum() / count / len(AREAS)
        told_off = told_off + ((mean_mark / likely + torch.log(likely)) * enough).sum() / count / len(AREAS)
    return (place * known).sum() / known.sum().clamp(min=1), area, told_off


def batch(drawn: list[Lesson], real: list[Lesson], rng: np.random.Generator) -> list[Tensor]:
    """Return the layers `KEPT` of some lessons, turned by quarters or mirrored, and by how much each may be off."""
    shown: list[list[np.ndarray]] = [[] for _ in KEPT]
    slack = []
    for _ in range(BATCH):
        pool = real if real and rng.random() < REAL_SHARE else drawn
        lesson, quarters, mirrored = pool[rng.integers(len(pool))], int(rng.integers(4)), rng.random() < 0.5
        for layers, name in zip(shown, KEPT, strict=True):
            layer = getattr(lesson, name)
            turned = np.rot90(layer[..., ::-1] if mirrored else layer, quarters, (-2, -1))
            layers.append(turned.astype(np.float32))
        slack.append(MARK_SLACK if lesson.half else 0.0)
    return [*(torch.from_numpy(np.stack(layers)) for layers in shown), torch.tensor(slack)[:, None, None]]


@torch.no_grad()
def follow(mean: Network, network: Network, slowness: float) -> None:
    """Bring the running mean of the weights a step nearer to the weights."""
    for own, new in zip(mean.parameters(), network.parameters(), strict=True):
        own.mul_(slowness).add_(new, alpha=1 - slowness)
    for own, new in zip(mean.buffers(), network.buffers(), strict=True):
        own.copy_(new)


def trained(start: Network, drawn: list[Lesson], real: list[Lesson], *, steps: int, rate: float, seed: int) -> Network:
    """Return the running mean of a network that goes on from `start`."""
    network, mean = copy.deepcopy(start).train(), copy.deepcopy(start).eval()
    optimizer = torch.optim.AdamW(network.parameters(), lr=rate, weight_decay=DECAY)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda k: min(1.0, (k + 1) / (0.05 * steps)) * 0.5 * (1 + np.cos(np.pi * min(1.0, k / steps)))
    )
    rng = np.random.default_rng(seed)
    for step in range(steps):
        features, cover, known, classes, classes_known, slack = batch(drawn, real, rng)
        offset = OFFSET_STD * torch.randn(BATCH, features.shape[1], 1, 1)
        with torch.autocast("cpu", dtype=torch.bfloat16):
            scores, told, shows = network(features.contiguous(memory_format=torch.channels_last), offset)
        place, area, doubt = losses(scores, told, cover.clamp(0, 1), slack, known)
        wrong = functional.cross_entropy(shows, classes, reduction="none")
        place_told = (wrong * classes_known).sum() / classes_known.sum().clamp(min=1)
        optimizer.zero_grad()
        (place + 2 * area + 0.2 * doubt + 0.5 * place_told).backward()
        optimizer.step()
        schedule.step()
        if (step + 1) % (steps // 8) == 0:
            print(f"  step {step + 1}: areas off by {float(area.detach()):.3f}", file=sys.stderr, flush=True)
        follow(mean, network, min(SLOWNESS, (step + 1) / (step + 10)))
    return mean


@torch.no_grad()
def scored(network: Network, lessons: list[Lesson]) -> list[Scored]:
    """Return what is read of the regions of drawn heads, or of the marked areas of licensed photos."""
    rows = []
    for one in lessons:
        scores, doubt, *_ = network(torch.from_numpy(one.features.astype(np.float32))[None])
        found, told = torch.sigmoid(scores[0]).numpy(), doubt[0].numpy()
        wholes = [one.known] if one.region is None else [one.known & (one.region == r) for r in range(9)]
        rows += [
            Scored(
                hair_to_skin=one.hair_to_skin,
                truth=float(one.cover[here].astype(np.float64).mean()),
                found=float(found[here].mean()),
                doubt=float(told[here].mean()),
            )
            for here in wholes
            if here.sum() >= LEAST_PLACES
        ]
    return rows


def tell_without_network(held_out: list[Lesson]) -> None:
    """Print what single numbers tell of drawn regions held out."""
    for name, column in (("light between skin and hair alone", ALONG), ("class hair alone", CLASS_HAIR)):
        off = [
            np.clip(one.features[column][here].astype(np.float32), 0, 1).mean() - one.cover[here].mean()
            for one in held_out
            for here in (one.known & (one.region == r) for r in range(9))
            if here.sum() >= LEAST_PLACES
        ]
        print(f"{name}: mean absolute error of drawn regions held out {np.abs(off).mean():.3f}")


def started(drawn: list[Lesson], chosen: argparse.Namespace) -> Network:
    """Return the network trained on drawn heads alone."""
    start = Network(drawn[0].features.shape[0], WIDTHS).to(memory_format=torch.channels_last)
    if chosen.start and chosen.start.exists():
        start.load_state_dict(torch.load(chosen.start))
        start.eval()
    else:
        some = np.concatenate([one.features[:, one.known][:, ::7].astype(np.float32) for one in drawn[::5]], axis=1)
        start.mean[:] = torch.from_numpy(some.mean(axis=1))[None, :, None, None]
        start.scale[:] = torch.from_numpy(some.std(axis=1) + 1e-3)[None, :, None, None]
        start = trained(start, drawn, [], steps=STEPS_ALONE, rate=RATE_ALONE, seed=chosen.seed)
        if chosen.start:
            torch.save(start.state_dict(), chosen.start)
    return start


def main() -> int:
    """Train, report and write."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--halves", type=Path, required=True, help="folder for cover_A.onnx and cover_B.onnx")
    parser.add_argument("--lessons", type=Path, required=True, help="folder that cover_lessons.py has written")
    parser.add_argument("--out", type=Path, required=True, help="where the shipped network goes")
    parser.add_argument("--start", type=Path, help="weights after training on drawn heads alone: kept here, or taken")
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    torch.manual_seed(chosen.seed)
    lessons = lessons_in(chosen.lessons)
    drawn = [one for one in lessons if not one.half and one.number % HELD_OUT_EVERY]
    drawn += (LARGE_AGAIN - 1) * [one for one in drawn if one.number >= LARGE_FROM]
    held_out = [one for one in lessons if one.region is not None and one.number % HELD_OUT_EVERY == 0]
    real = [one for one in lessons if one.half]
    tell_without_network(held_out)
    start = started(drawn, chosen)
    large = [one for one in held_out if one.number >= LARGE_FROM]
    tell("drawn heads alone: large drawn regions held out", scored(start, large))
    tell("drawn heads alone: drawn regions held out", scored(start, held_out))
    tell("drawn heads alone: licensed photos", scored(start, [one for one in real if one.view < AS_SENT_FROM]))
    for halves, path in {
        "AB": chosen.out,
        "A": chosen.halves / "cover_A.onnx",
        "B": chosen.halves / "cover_B.onnx",
    }.items():
        own = [one for one in real if one.half in halves]
        network = trained(start, drawn, own, steps=STEPS_TOGETHER, rate=RATE_TOGETHER, seed=chosen.seed)
        path.parent.mkdir(parents=True, exist_ok=True)
        example = torch.zeros(1, drawn[0].features.shape[0], PLACES_ACROSS, PLACES_ACROSS)
        names = {"input_names": ["features"], "output_names": list(OUTPUTS)}
        stored = Stored(network.to(memory_format=torch.contiguous_format)).eval()
        torch.onnx.export(stored, (example,), str(path), dynamo=False, **names)
        tell(f"{path.stem}: drawn regions held out", scored(network, held_out))
        tell(f"{path.stem}: large drawn regions held out", scored(network, large))
        others = [one for one in real if one.half not in halves and one.view < AS_SENT_FROM]
        if others:
            tell(f"{path.stem}: licensed photos of the half not seen", scored(network, others))
    return 0


if __name__ == "__main__":
    sys.exit(main())
