"""How hairs are told apart on a close-up: every size and limit, in one value."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ShaftSettings:
    """Sizes and limits of shafts.

    Sizes are of hair; limits of contrast were chosen on every second frame of the development close-ups and are
    reported on the others (validation/results/closeups_held_out_half.txt). Contrast is the natural logarithm of skin
    brightness over hair brightness.

    Parameters
    ----------
    terminal_from_um
        A shaft of at least this diameter is terminal, a thinner one vellus (30 µm; some authors draw it at 40 µm).
    nominal_px_per_mm
        Scale on which sizes are judged when the true one is unknown; no absolute number is then given.
    typical_shaft_um, thickest_um, thinnest_clear_um
        Width of an ordinary shaft when the picture has too few clear ones, and the range of clear single ones.
    clear_side_px, clear_contrast, fewest_clear
        What makes a side clear enough to say how wide shafts are on this picture, and how many it takes.
    widest_of_typical
        A blob wider than this many typical shafts is a bundle.
    shortest_side_px
        Shortest straight edge looked at, at analysis size.
    shortest_mm
        Anything shorter is no hair.
    plain_contrast, faint_contrast
        A shaft of `plain_contrast` is a hair; a fainter one, down to `faint_contrast`, must be long and two-sided.
    unlike_skin_std
        Standard deviations of skin colour that count as `faint_contrast` where a hair is pale.
    thin_of_typical
        A shaft thinner than this share of a typical one is treated as a faint one.
    usual_texture, least_calm
        Lower half of the spread of skin darkness between quartiles, 0.029-0.056 on the development close-ups: where
        skin varies less, dark as well as even skin, these limits of contrast fall with it, to `least_calm` of
        themselves (set on drawn spots of seeds 101 and 102).
    pale_shortest_mm, pale_plain_contrast
        A pale streak shorter than this is a scale or a glint; one of that contrast is a hair.
    thin_shortest_mm, thin_slimness
        Length, absolute and in widths, that a faint or thin shaft must have.
    new_share, new_share_turned
        A hair of a bundle must explain at least this share of its own area that no other hair explains; the second
        when it is turned from its neighbours by `along_deg` or more.
    along_deg, lean_spread_deg
        Turn up to which a hair lies along its neighbours, and the spread with which turned candidates lose weight.
    turned_deg, turned_contrast, turned_shortest_mm
        A candidate turned further than this must have that contrast and length: rims, scales and stubs have not.
    fewest_for_lean
        Fewer hairs than this have no common lean.
    piece_gap_mm
        Pieces of a straight shaft up to this far apart are one hair.
    bend_gap_mm
        Straight pieces whose ends are this near, and which turn little, are one bent hair.
    trim_share
        The end of a hair is cut back while others explain all but this share of it.
    unit_link_mm
        Roots nearer than this share a follicular unit.
    smallest_seen_mm2, most_dark_fraction, densest_per_mm2
        Limits beyond which a picture is no close-up of clipped hair: area, share of dark pixels, strokes a mm² (an
        adult scalp has at most about 3.5 hairs a mm²; twice that cannot be hair).
    most_left_out_fraction, most_unexplained_fraction
        The same for glare and blur, at most 0.01 on close-ups, and for dark pixels that no hair explains, at most 0.002
        (validation/results/closeups_left_out_of_the_area.txt).
    most_uneven_lightness
        Spread of the lightness (CIE L*) of broad patches: at most 21.6 on every fourth close-up, at least 28.2 on every
        sixth photo of a head; of others it refuses 28 of 28 heads and 0 of 24 close-ups
        (validation/results/closeups_bad_inputs.txt).
    neighbour_mm, neighbour_weight
        Distance over which hairs agree on where roots are, and how much that counts against a hair's own shade.
    """

    terminal_from_um: float = 30.0
    nominal_px_per_mm: float = 179.0
    typical_shaft_um: float = 83.0
    thickest_um: float = 145.0
    thinnest_clear_um: float = 45.0
    clear_side_px: float = 18.0
    clear_contrast: float = 0.5
    fewest_clear: int = 6
    widest_of_typical: float = 1.2
    shortest_side_px: float = 8.0
    shortest_mm: float = 0.12
    plain_contrast: float = 0.5
    faint_contrast: float = 0.27
    unlike_skin_std: float = 5.0
    usual_texture: float = 0.03
    least_calm: float = 0.7
    pale_shortest_mm: float = 0.3
    pale_plain_contrast: float = 0.3
    thin_of_typical: float = 0.45
    thin_shortest_mm: float = 0.18
    thin_slimness: float = 3.0
    new_share: float = 0.18
    new_share_turned: float = 0.20
    along_deg: float = 15.0
    lean_spread_deg: float = 20.0
    turned_deg: float = 30.0
    turned_contrast: float = 0.4
    turned_shortest_mm: float = 0.25
    fewest_for_lean: int = 4
    piece_gap_mm: float = 0.1
    bend_gap_mm: float = 0.05
    trim_share: float = 0.25
    unit_link_mm: float = 0.20
    smallest_seen_mm2: float = 2.0
    most_dark_fraction: float = 0.5
    densest_per_mm2: float = 7.0
    most_left_out_fraction: float = 0.4
    most_unexplained_fraction: float = 0.01
    most_uneven_lightness: float = 26.0
    neighbour_mm: float = 0.7
    neighbour_weight: float = 2.0
