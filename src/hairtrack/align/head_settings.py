"""Settings of the alignment of heads by their broad pattern. Lengths are in radii of the head unless they say other."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class PatternSettings:
    """What is seen of a head once strands are blurred away.

    Parameters
    ----------
    coarse_radius_px, fine_radius_px
        Radius to which a head is brought for the search and for the fit.
    window_radii
        Side of the square that is kept round the head.
    narrow_radii, broad_radii
        Blurs between which the pattern lies: of a head of 80 mm radius, from 2 to 6 mm.
    evening_radii
        Neighbourhood over which the strength of the pattern is evened out.
    rim_radii
        Width of the rim left out: hair that stands off, and edges of the mask.
    """

    coarse_radius_px: int = 32
    fine_radius_px: int = 64
    window_radii: float = 3.2
    narrow_radii: float = 0.025
    broad_radii: float = 0.075
    coarse_narrow_radii: float = 0.025
    coarse_broad_radii: float = 0.1
    evening_radii: float = 0.35
    rim_radii: float = 0.12


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchSettings:
    """Which poses are tried round that of the outline.

    Parameters
    ----------
    rolls_deg, size_ratios
        Tried together; hair that grew makes an outline larger.
    quarter_turns_deg
        Tried after the upright when that finds nothing: a photo from above may be taken from either end.
    reach_radii
        Farthest shift of the head's middle.
    usual_shift_radii, usual_roll_deg, usual_size_fraction, usual_turn_deg, strain_weight
        How far a follow-up usually lies off the outline's pose (standard deviations, wider than the re-takes that
        `validation/head_tier_rerendered.py` draws), and the likeness that a pose off by one of them must make up for.
    least_overlap
        Share of the reference that must be covered.
    """

    rolls_deg: tuple[float, ...] = (-10.0, -5.0, 0.0, 5.0, 10.0)
    size_ratios: tuple[float, ...] = (0.846, 0.92, 1.0, 1.087, 1.182)
    quarter_turns_deg: tuple[float, ...] = (90.0, 180.0, 270.0)
    reach_radii: float = 0.375
    usual_shift_radii: float = 0.12
    usual_roll_deg: float = 8.0
    usual_size_fraction: float = 0.1
    usual_turn_deg: float = 8.0
    strain_weight: float = 0.015
    least_overlap: float = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnSettings:
    """How a turn of the head is told where no alignment is believed, for guidance alone.

    Parameters
    ----------
    slides_radii
        How far the near side of the head is tried right and left, up and down: up to 16 degrees.
    least_likeness, least_likeness_beside
        Likeness from which the turn is told, from above and behind, and from the sides and the front, where less of
        the head's near side bears hair. Set on 8 drawn heads: `validation/guidance_directions.py --first 50`.
    """

    slides_radii: tuple[float, ...] = (-0.27, -0.18, -0.09, 0.0, 0.09, 0.18, 0.27)
    least_likeness: float = 0.12
    least_likeness_beside: float = 0.2


@dataclass(frozen=True, slots=True, kw_only=True)
class TileSettings:
    """How places of the head vote on the map.

    Parameters
    ----------
    across
        Tiles across the head.
    reaches_radii, windows_radii
        How far each tile looks, and the width of its window, round after round.
    line_scales_radii, curve_scales_radii
        Widths of the robust weights of the straight and of the curved fit.
    agreeing_radii
        A tile agrees with the map when it votes for a place nearer than this.
    fewest
        Tiles without which no map is fitted.
    """

    across: int = 9
    reaches_radii: tuple[float, ...] = (0.075, 0.05)
    windows_radii: tuple[float, ...] = (0.22, 0.18)
    line_scales_radii: tuple[float, ...] = (0.15, 0.1, 0.0625)
    curve_scales_radii: tuple[float, ...] = (0.0625, 0.05)
    agreeing_radii: float = 0.0375
    fewest: int = 9


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadGateSettings:
    """What the evidence must reach before the pattern of a head is believed.

    Set between the scores of different heads, other views and mirrored photos and those of heads drawn anew, on one
    half of each: `validation/calibrate_head_tier.py`, `validation/results/head_tier.txt`.

    Parameters
    ----------
    least_start
        Correlation of the coarse search, less its strain, below which nothing further is tried.
    least_support
        Likeness of the two heads, less the strain, times the shares of the head that are seen twice and agree.
    """

    least_start: float = 0.11
    least_support: float = 0.15


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadSettings:
    """All settings of the tier `head`.

    Parameters
    ----------
    error_factor, error_power
        Standard error of a carried point in radii of the head, `factor * support ** power`: fitted by
        `validation/calibrate_head_tier.py`.
    """

    pattern: PatternSettings = field(default_factory=PatternSettings)
    search: SearchSettings = field(default_factory=SearchSettings)
    turn: TurnSettings = field(default_factory=TurnSettings)
    tiles: TileSettings = field(default_factory=TileSettings)
    gate: HeadGateSettings = field(default_factory=HeadGateSettings)
    error_factor: float = 0.006
    error_power: float = -1.2
