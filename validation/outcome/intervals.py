"""How a table is told: its heading, and every share as events of n with its 95 % interval after Wilson."""

import math

Z95 = 1.959964


def wilson(events: int, n: int) -> tuple[float, float]:
    """Return the 95 % interval of a share, 0-1, after Wilson (1927); (0, 1) when nothing was tried."""
    if n == 0:
        return 0.0, 1.0
    p, z2 = events / n, Z95**2
    middle = (p + z2 / (2 * n)) / (1 + z2 / n)
    half = Z95 / (1 + z2 / n) * math.sqrt(p * (1 - p) / n + z2 / (4 * n * n))
    return (0.0 if events == 0 else middle - half), (1.0 if events == n else middle + half)


def told(events: int, n: int) -> str:
    """Return a share in words: percent with as many digits as n bears, and its interval."""
    if n == 0:
        return "none seen"
    low, high = wilson(events, n)
    digits = 2 if n >= 1000 else 1 if n >= 200 else 0  # noqa: PLR2004 a digit must mean something
    return f"{events} of {n}: {events / n:.{digits}%} ({low:.{digits}%}-{high:.{digits}%})"


def held(events: int, n: int, *, at_most: float | None = None, at_least: float | None = None) -> str:
    """Return whether a reach is held: `yes` with its whole interval, `figure` by the share alone, or `no`."""
    low, high = wilson(events, n)
    if n == 0:
        return "none seen"
    if at_most is not None:
        return "yes" if high <= at_most else "figure" if events / n <= at_most else "no"
    if at_least is not None:
        return "yes" if low >= at_least else "figure" if events / n >= at_least else "no"
    raise ValueError("a reach has a limit")


def heading(*columns: str) -> list[str]:
    """Return the two lines with which a table of these columns begins."""
    return [f"| {' | '.join(columns)} |", "|" + "---|" * len(columns)]
