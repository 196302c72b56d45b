"""Set the gate and the expected error of the tier `head`, and say what they do on the other half.

    python validation/calibrate_head_tier.py --null NULL.csv --rerendered DRAWN.csv --out results/head_tier.txt

Reads what `head_tier_null.py` (pairs that must be refused) and `head_tier_rerendered.py` (drawn follow-ups, whose true
error is known) wrote. Half a of the real heads and the even drawn heads set the limits, half b and the odd ones report.
The expected error is `factor * support ** power` in radii of the head, a line through the logarithms.
"""

import argparse
import csv
from pathlib import Path

import numpy as np

from hairtrack.align.head_settings import HeadSettings

SUPPORTS = (0.12, 0.13, 0.14, 0.15, 0.16, 0.18, 0.2)
KINDS = ("different", "other_view", "mirrored")
LEAST_MEDIAN_MM, LEAST_P95_MM = 4.0, 9.0


def rows_of(path: Path) -> list[dict[str, str]]:
    """Return the rows of a table, its command left out."""
    with path.open(encoding="utf-8") as opened:
        return list(csv.DictReader(line for line in opened if not line.startswith("#")))


def number(row: dict[str, str], key: str) -> float:
    """Return a value of a row; what the search ended before has none and counts as 0."""
    return float(row.get(key) or 0)


def accepted(row: dict[str, str], least: float) -> bool:
    """Return whether a pair passes the gate at a limit."""
    return number(row, "support") >= least and number(row, "mirrored_start") < number(row, "start")


def percent(part: int, whole: int) -> str:
    """Return a share with its count."""
    return f"{part / max(1, whole):6.2%} ({part} of {whole})"


def of_impostors(rows: list[dict[str, str]], half: str) -> list[str]:
    """Return the share of pairs accepted that must be refused, by limit."""
    lines = [f"must be refused, half {half}: accepted at each least support"]
    for least in SUPPORTS:
        parts = []
        for kind in KINDS:
            mine = [r for r in rows if r["half"] == half and r["kind"] == kind]
            parts.append(f"{kind} {percent(sum(accepted(r, least) for r in mine), len(mine))}")
        mine = [r for r in rows if r["half"] == half]
        lines.append(
            f"  {least:.2f}  all {percent(sum(accepted(r, least) for r in mine), len(mine))}  " + "  ".join(parts)
        )
    return lines


def of_followups(rows: list[dict[str, str]], title: str) -> list[str]:
    """Return what is accepted of drawn follow-ups and how far it is off, by limit."""
    lines = [f"drawn follow-ups, {title}: accepted; median and P95 of a pair's median error; of its P95 error; worse"]
    for least in SUPPORTS:
        mine = [r for r in rows if r["untouched_mm"] != "no head"]
        good = [r for r in mine if accepted(r, least)]
        middle, far = (np.array([number(r, key) for r in good]) for key in ("median_mm", "p95_mm"))
        worse = sum(number(r, "median_mm") > number(r, "untouched_mm") for r in good)
        lines.append(
            f"  {least:.2f}  {percent(len(good), len(mine))}"
            f"  {np.median(middle):4.2f} {np.percentile(middle, 95):5.2f} mm"
            f"  {np.median(far):4.2f} {np.percentile(far, 95):5.2f} mm;"
            f" within {LEAST_MEDIAN_MM:g} and {LEAST_P95_MM:g} mm"
            f" {percent(int(((middle <= LEAST_MEDIAN_MM) & (far <= LEAST_P95_MM)).sum()), len(good))};"
            f" worse than untouched {worse}"
        )
    return lines


def logarithms(rows: list[dict[str, str]], least: float) -> tuple[np.ndarray, np.ndarray]:
    """Return the logarithms of support and of true error in radii, of accepted pairs."""
    good = [r for r in rows if r["untouched_mm"] != "no head" and accepted(r, least)]
    support = np.array([number(r, "support") for r in good])
    error = np.array([number(r, "rms_mm") / number(r, "radius_mm") for r in good])
    return np.log(support), np.log(error)


def main() -> None:
    """Print and write the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--null", type=Path, required=True)
    parser.add_argument("--rerendered", type=Path, nargs="+", required=True)
    parser.add_argument("--out", type=Path, default=None)
    arguments = parser.parse_args()
    settings = HeadSettings()
    impostors = rows_of(arguments.null)
    drawn = [row for path in arguments.rerendered for row in rows_of(path)]
    even = [row for row in drawn if int(row["head"]) % 2 == 0]
    odd = [row for row in drawn if int(row["head"]) % 2 == 1]
    names = " ".join(path.name for path in arguments.rerendered)
    lines = [f"command: calibrate_head_tier.py --null {arguments.null.name} --rerendered {names}"]
    lines += of_impostors(impostors, "a") + of_followups(even, "even heads")
    least = settings.gate.least_support
    support, error = logarithms(even, least)
    power, offset = np.polyfit(support, error, 1)
    lines += [
        f"even heads fit: error = {np.exp(offset):.4f} * support ** {power:.2f} radii",
        "",
        f"in use: least support {least:g}; error = {settings.error_factor:g} * support ** {settings.error_power:g}",
        *of_impostors(impostors, "b"),
        *of_followups(odd, "odd heads"),
    ]
    for title, rows in (("even", even), ("odd", odd)):
        support, error = logarithms(rows, least)
        off = error - np.log(settings.error_factor) - settings.error_power * support
        shares = [float((np.abs(off) < np.log(factor)).mean()) for factor in (1.5, 2)]
        lines.append(
            f"true over expected error, {title} heads: median {np.exp(np.median(off)):.2f}; within a factor 1.5"
            f" {shares[0]:.0%}, 2 {shares[1]:.0%}; more than twice as large {float((off > np.log(2)).mean()):.0%}"
            f" (of {len(off)})"
        )
    flipped = [row for row in drawn if row["untouched_mm"] != "no head"]
    mirrored = sum(row["mirror_image_accepted"] == "1" for row in flipped)
    lines.append(
        f"drawn follow-ups mirrored, accepted at the limit they were run with: {percent(mirrored, len(flipped))}"
    )
    print("\n".join(lines))
    if arguments.out is not None:
        arguments.out.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
