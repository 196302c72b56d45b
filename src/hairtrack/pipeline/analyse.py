"""The whole program on one page: from a folder of photos to everything that can honestly be said about them."""

from dataclasses import dataclass, replace
from pathlib import Path

from hairtrack.course import changes, observations_of
from hairtrack.ingest import open_case, settle
from hairtrack.knowledge import load
from hairtrack.model import Case, Dossier, Figure, PhotoEntry, QualityDecision
from hairtrack.pipeline.closeups import CloseupPairTask, closeup_pairs, match_pair
from hairtrack.pipeline.compare import PairTask, bring_together, series_of
from hairtrack.pipeline.figures import draw_all
from hairtrack.pipeline.look import Look, LookTask, look_at
from hairtrack.pipeline.numbers import MeasureTask, followed_in, measure_regions
from hairtrack.pipeline.provenance import provenance_of
from hairtrack.pipeline.reasoning import assess
from hairtrack.pipeline.regions import place_regions
from hairtrack.pipeline.world import World


@dataclass(frozen=True, slots=True, kw_only=True)
class Analysis:
    """A case, told in values and in pictures."""

    dossier: Dossier
    figures: tuple[Figure, ...]


def analyse_case(folder: Path, *, world: World, show_face: bool = False) -> Analysis:
    """Return what the photos and facts of a case folder say.

    Parameters
    ----------
    folder
        A folder of photos, flat or nested, with or without a case.toml.
    world
        Settings, the day, hands, a shelf and an ear.
    show_face
        Leave faces in the pictures.

    Raises
    ------
    InputError
        When the folder cannot be read, or its case.toml is wrong.
    """
    settings, today, shelf = world.settings, world.clock.today(), world.shelf
    knowledge = load()

    # Each photo by itself.
    draft = open_case(folder, today=today, settings=settings.ingest)
    looking = [LookTask(source=source, today=today, settings=settings, shelf=shelf) for source in draft.sources]
    looks = world.each("looking at photos", look_at, tuple(looking))
    case = settle(draft, tuple(look.photo for look in looks), today=today)
    looks = settled_looks(case, looks)

    # Photos of one view together.
    all_series = series_of(looks, first_day=first_treatment_day(case))
    aligning = [
        PairTask(reference=series.reference, moving=followup, landmarks=case.landmarks, settings=settings, shelf=shelf)
        for series in all_series
        for followup in series.followups
    ]
    pairs = world.each("aligning photos", bring_together, tuple(aligning))
    regions = {
        file: placed
        for series in all_series
        for file, placed in place_regions(
            series, [pair for pair in pairs if pair.reference is series.reference], outlines=case.outlines, shelf=shelf
        ).items()
    }

    # Numbers.
    measuring = [
        MeasureTask(
            look=look, regions=followed_in(series, all_series, regions)[look.photo.file], settings=settings, shelf=shelf
        )
        for series in all_series
        for look in series.looks
    ]
    measured = world.each("measuring regions", measure_regions, tuple(measuring))
    hair_matches = world.each("matching hairs", match_pair, closeup_pairs(looks, settings=settings, shelf=shelf))
    measurements = tuple(m for of_photo in measured for m in of_photo)
