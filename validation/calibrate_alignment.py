"""Set the gate and the expected error of the scalp tier on half the subjects, and report them on the other half.

    python ../shared/bench/make_head_pairs.py --out pairs_a --part a --seed 31 --pairs 72 --same-room 24 --turned 24
    python ../shared/bench/make_head_pairs.py --out pairs_b --part b --seed 41 --pairs 80 --same-room 24 --turned 24
    python validation/score_alignment_predictions.py --pairs pairs_a --out predictions_a      (and b)
    python validation/alignment_null.py --out validation/results/alignment_null.json
    python validation/calibrate_alignment.py --a pairs_a predictions_a --b pairs_b predictions_b \
        --null validation/results/alignment_null.json --out validation/results/alignment_gate.txt

A true pair is good when 95 % of its known scalp points lie within 1 % of the head's width. Null pairs are different
heads (made, half of them before one unmoved room, and unchanged photos), other views and mirrored photos. The true
standard error of a pair is the root mean square over its trusted known points, in % of the head's diameter.
"""

import argparse
import json
from pathlib import Path

import numpy as np

from hairtrack.align import AlignSettings
from hairtrack.align.evidence import Evidence
from hairtrack.align.gate import doubt_about, expected_error_fraction

SCORES = ("correlation", "tile_share", "matches_spread", "matches", "coarse_share", "disagreement_fraction")


def read_pairs(pairs: Path, predictions: Path) -> list[dict[str, object]]:
    """Return one row a predicted pair: group, scores, true errors (None without a map or for impostors)."""
    truth = json.loads((pairs / "truth.json").read_text(encoding="utf-8"))["pairs"]
    rows: list[dict[str, object]] = []
    with np.load(pairs / "points.npz"), np.load(pairs / "truth.npz") as targets:
        for file in sorted(predictions.glob("*.json")):
            answer, known = json.loads(file.read_text(encoding="utf-8")), truth[file.stem]
            row = {"group": known["group"], "scores": answer.get("scores"), "p95": None, "standard_error": None}
            row |= {"photo": known["photos"][0], "level": known["level"], "predictors": answer.get("predictors", {})}
            if known["same_head"] and answer.get("scores"):
                seen = np.isfinite(targets[file.stem]).all(axis=1)
                miss = np.linalg.norm(np.array(answer["points"]) - targets[file.stem], axis=1)
                trusted = seen & np.array(answer["trusted"])
                row["p95"] = 100 * float(np.percentile(miss[seen], 95)) / known["head_width"]
                row["trusted_p95"] = (
                    100 * float(np.percentile(miss[trusted], 95)) / known["head_width"] if trusted.any() else np.inf
                )
                row["off_share"] = float((miss[trusted] > 0.01 * known["head_width"]).mean()) if trusted.any() else 1.0
                row["trusted_share"] = float(trusted.sum() / seen.sum())
                if trusted.any():
                    row["standard_error"] = float(np.sqrt((miss[trusted] ** 2).mean())) / answer["diameter_px"]
            rows.append(row)
    return rows


def evidence_of(row: dict) -> Evidence | None:
    """Return a row's evidence, or None when no map was found."""
    return Evidence(**row["scores"]) if row["scores"] else None


def accepted(row: dict, settings: AlignSettings) -> bool:
    """Return what the gate says."""
    evidence = evidence_of(row)
    return evidence is not None and doubt_about(evidence, settings) is None


def is_true(row: dict) -> bool:
    """Return whether both photos show one head."""
    return row["group"] in {"plain", "same-room", "turned"}


def describe_scores(rows: list[dict]) -> list[str]:
    """Return the range of each score over good pairs and over null pairs that got a map at all."""
    good = [r["scores"] for r in rows if is_true(r) and r["p95"] is not None and r["p95"] < 1]
    null = [r["scores"] for r in rows if not is_true(r) and r["scores"]]
    lines = [f"  good pairs {len(good)}; made impostors and null pairs with a map {len(null)}"]
    for name in SCORES:
        low = np.percentile([s[name] for s in good], [0, 5, 50]) if good else [np.nan] * 3
        high = max((s[name] for s in null), default=float("nan"))
        lines.append(
            f"  {name:21s} good: least {low[0]:8.4f}, 5 % {low[1]:8.4f}, median {low[2]:8.4f}; null: most {high:8.4f}"
        )
    return lines


def fit_error(rows: list[dict]) -> str:
    """Return factor and powers of the expected error, fitted in logarithms."""
    used = [r for r in rows if r["standard_error"] and r["p95"] < 3]  # noqa: PLR2004 a lost map is the gate's business
    table = [
        (1.0, np.log(max(r["scores"]["disagreement_fraction"], 1e-4)), np.log(r["scores"]["miss_fraction"] + 1e-4))
        for r in used
    ]
    constant, power, miss_power = np.linalg.lstsq(np.array(table), np.log([r["standard_error"] for r in used]))[0]
    return (
        f"  fitted to {len(used)} pairs: factor {np.exp(constant):.4f}, power {power:.3f}, miss power {miss_power:.3f}"
    )


def compared_predictors(fitted_to: list[dict], told_of: list[dict]) -> list[str]:
    """Return how well each number alone tells the error by `factor * number ** power`, fitted to some, told of others.

    Told of the same pairs, each subject is left out in turn.
    """
    one, other = ([r for r in rows if r["standard_error"] and r["predictors"]] for rows in (fitted_to, told_of))
    lines = [
        f"  numbers that may tell the error, fitted to {len(one)} pairs, told of {len(other)}: within 1.5, within 2"
    ]
    for name in one[0]["predictors"] if one else ():
        apart = np.concatenate([_ratios(name, one, other, left_out) for left_out in _subjects(one, other)])
        within = [float(np.mean(np.abs(apart) < np.log(k))) for k in (1.5, 2)]
        lines.append(f"    {name:40s} {within[0]:4.0%} {within[1]:4.0%}")
    return lines


def _subjects(one: list[dict], other: list[dict]) -> list[str | None]:
    """Return the subjects that both share, each to be left out in turn; None where they share none."""
    same = sorted({_subject(r) for r in one} & {_subject(r) for r in other})
    return [*same] if same else [None]


def _subject(row: dict) -> str:
    return "-".join(row["photo"].split("-")[:2])


def _ratios(name: str, one: list[dict], other: list[dict], left_out: str | None) -> np.ndarray:
    """Return the logarithms of the true over the told error."""
    fitted = [r for r in one if left_out is None or _subject(r) != left_out]
    told = [r for r in other if left_out is None or _subject(r) == left_out]
    power, constant = np.polyfit(*_logarithms(name, fitted), 1)
    number, error = _logarithms(name, told)
    return error - constant - power * number


def _logarithms(name: str, rows: list[dict]) -> tuple[np.ndarray, np.ndarray]:
    return np.log([max(r["predictors"][name], 1e-5) for r in rows]), np.log([r["standard_error"] for r in rows])


def decisions(rows: list[dict], settings: AlignSettings) -> list[str]:
    """Return how the gate sorts the pairs and how the expected error holds."""
    true, null = [r for r in rows if is_true(r)], [r for r in rows if not is_true(r)]
    taken = [r for r in true if accepted(r, settings)]
    good = [r for r in true if r["p95"] is not None and r["p95"] < 1]
    good_taken = sum(accepted(r, settings) for r in good)
    taken_good, trusted_good = (sum(r[name] < 1 for r in taken) for name in ("p95", "trusted_p95"))
    lines = [
        f"  true pairs accepted {len(taken)} of {len(true)}; good ones accepted {good_taken} of {len(good)}",
        f"  accepted ones good {taken_good} of {len(taken)}, on their trusted points {trusted_good}",
    ]
    for group in sorted({r["group"] for r in null}):
        of_group = [r for r in null if r["group"] == group]
        taken_wrongly = sum(accepted(r, settings) for r in of_group)
        every = "" if group == "impostor" else " that got a map"
        lines.append(f"  {group}: accepted {taken_wrongly} of {len(of_group)}{every}")
    ratio = np.array(
        [r["standard_error"] / expected_error_fraction(Evidence(**r["scores"]), settings.expected_error) for r in taken]
    )
    within = [np.mean(np.abs(np.log(ratio)) < np.log(k)) for k in (1.5, 2)]
    lines.append(
        f"  true over expected standard error: median {np.median(ratio):.2f}, P90 {np.percentile(ratio, 90):.2f};"
        f" within a factor 1.5 {within[0]:.0%}, within 2 {within[1]:.0%}"
    )
    off, held = (np.mean([r[name] for r in taken]) for name in ("off_share", "trusted_share"))
    lines.append(f"  trusted points: {held:.0%} of the known ones, off by > 1 %: {off:.1%}")
    return lines


def main() -> None:
    """Print and write the report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--a", type=Path, nargs="+", default=None, metavar="PAIRS PREDICTIONS")
    parser.add_argument("--b", type=Path, nargs="+", required=True, metavar="PAIRS PREDICTIONS")
    parser.add_argument("--null", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=None)
    arguments = parser.parse_args()
    settings = AlignSettings()
    null = json.loads(arguments.null.read_text(encoding="utf-8"))
    lines = [f"null photos: {null['command']}; {null['pairs']} pairs"]
    lines += [f"  {count} {kind}" for kind, count in null["counts"].items()]
    of_a: list[dict] = []
    for half, made in (("a", arguments.a), ("b", arguments.b)):
        if not made:
            continue
        rows = [row for two in zip(made[::2], made[1::2], strict=True) for row in read_pairs(*two)]
        rows += [
            {"group": r["kind"], "scores": r["scores"], "p95": None, "standard_error": None}
            for r in null["rows"]
            if r["half"] == half
        ]
        lines.append(f"half {half} of the subjects, {'thresholds set here' if half == 'a' else 'only reported'}")
        lines += describe_scores(rows)
        if half == "a":
            of_a = rows
            lines.append(fit_error(rows))
        lines += decisions(rows, settings)
        lines += compared_predictors(of_a or rows, rows)
    lines.append(f"gate: {settings.gate}")
    lines.append(f"expected error: {settings.expected_error}")
    print("\n".join(lines))
    if arguments.out is not None:
        arguments.out.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
