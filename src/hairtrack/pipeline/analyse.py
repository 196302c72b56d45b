"""The whole program on one page: from a folder of photos to everything that can honestly be said about them."""

from dataclasses import dataclass, replace
from pathlib import Path

from hairtrack.course import changes, observations_of
from hairtrack.ingest import open_case, settle
from hairtrack.knowledge import load
from hairtrack.model import Case, CloseupEntry, Dossier, Figure, PhotoEntry
from hairtrack.outcome import OutcomeSettings
from hairtrack.pipeline.chains import with_chains
from hairtrack.pipeline.closeup_figures import draw_hair_pair, hair_pair_drawings
from hairtrack.pipeline.compare import bring_together, pairs_of, series_of
from hairtrack.pipeline.figures import draw, drawings_of
from hairtrack.pipeline.hair_pairs import closeup_pairs, growth_measurements, match_pair
from hairtrack.pipeline.hair_states import like_with_like
from hairtrack.pipeline.look import Look, LookTask, look_at
from hairtrack.pipeline.numbers import measure_regions, measurings_of
from hairtrack.pipeline.pair_numbers import reasoned, with_pair_numbers
from hairtrack.pipeline.provenance import provenance_of
from hairtrack.pipeline.reasoning import assess
from hairtrack.pipeline.regions import place_regions
from hairtrack.pipeline.retake_guides import draw_guide, guides_of
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
    knowledge, settings, today = load(), world.settings, world.clock.today()

    # Each photo by itself: read it, judge it, find head and hair.
    draft = open_case(folder, today=today, settings=settings.ingest)
    looking = tuple(LookTask(source=s, today=today, settings=settings, shelf=world.shelf) for s in draft.sources)
    looked = world.each("looking at photos", look_at, looking)
    case = settle(draft, tuple(look.photo for look in looked), today=today)
    looks = looks_of(case, looked)

    # Photos of one view together: lay each follow-up on its reference, carry the regions.
    series = series_of(case, looks)
    pairs = world.each("aligning photos", bring_together, pairs_of(case, series, world))
    pairs = with_chains(series, pairs, case=case, world=world)
    regions = place_regions(series, pairs, outlines=case.outlines, shelf=world.shelf)
    hair_matches = world.each("finding hairs again", match_pair, closeup_pairs(case, looks, world))

    # Numbers with their errors, and what changed beyond them.
    measuring = measurings_of(series, pairs, regions, looks, world, case=case)
    measured = world.each("measuring regions", measure_regions, measuring)
    alone = like_with_like(
        (measurement for photo in measured for measurement in photo), series, regions, shelf=world.shelf
    )
    measurements = (*with_pair_numbers(alone, series, case.photos), *growth_measurements(looks, hair_matches))
    differences = changes(measurements, knowledge=knowledge)

    # What the numbers mean, by date and treatment.
    ours = observations_of(reasoned(measurements, case), case.photos)
    case = replace(case, observations=(*case.observations, *ours))
    assessment = assess(case, knowledge=knowledge, settings=OutcomeSettings(as_of=today, every_assumption=True))

    # Pictures for the report.
    drawings = drawings_of(
        looks,
        series,
        pairs,
        regions=regions,
        measurements=measurements,
        changes=differences,
        show_face=show_face,
        shelf=world.shelf,
    )
    drawn = world.each("drawing", draw, drawings)
    pairs_drawn = world.each(
        "drawing hairs", draw_hair_pair, hair_pair_drawings(looks, hair_matches, shelf=world.shelf)
    )
    retakes = guides_of(looks, series, pairs, show_face=show_face, shelf=world.shelf, settings=settings.align)
    guides = world.each("drawing guides", draw_guide, retakes)

    dossier = Dossier(
        patient=case.patient,
        treatments=case.treatments,
        observations=case.observations,
        notes=case.notes,
        photos=tuple(PhotoEntry(photo=look.photo, quality=look.quality) for look in looks),
        regions=tuple(region for file in sorted(regions) for region in regions[file]),
        registrations=tuple(pair.registration for pair in pairs),
        measurements=measurements,
        closeups=tuple(CloseupEntry(file=k.photo.file, reading=k.reading) for k in looks if k.reading),
        hair_matches=hair_matches,
        changes=differences,
        bands=assessment.bands,
        verdicts=assessment.verdicts,
        alerts=assessment.alerts,
        notices=assessment.notices,
        problems=case.problems,
        provenance=provenance_of(case, measurements, assessment, settings=settings, knowledge=knowledge),
    )
    figures = (*(figure for photo in (*drawn, *pairs_drawn) for figure in photo), *guides)
    return Analysis(dossier=dossier, figures=figures)


def looks_of(case: Case, looked: tuple[Look, ...]) -> tuple[Look, ...]:
    """Return the looks at the photos that stayed in the case, in its order, with what settling found out of them."""
    by_file = {look.photo.file: look for look in looked}
    return tuple(
        replace(by_file[photo.file], photo=replace(photo, scale=by_file[photo.file].photo.scale))
        for photo in case.photos
    )
