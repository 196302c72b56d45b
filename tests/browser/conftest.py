"""The page in a real browser: Debian's Chromium without a network, the invented case of the report's unit tests."""

import dataclasses
import importlib.util
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from hairtrack.model import (
    CountChange,
    FigureKind,
    HairMatch,
    HairMatchEntry,
    RegionName,
    Registration,
    RegistrationStatus,
    State,
    Tier,
)
from hairtrack.report.html import render_html

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
CHROMIUM_ARGUMENTS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking")
PICTURE_PX = 96
STATES = {
    RegionName.FRONTAL: State.ON_COURSE,
    RegionName.MIDSCALP: State.BEHIND,
    RegionName.VERTEX: State.EXPECTED_SHEDDING,
    RegionName.TEMPLE_LEFT: State.DIRECTION_FAULT,
    RegionName.TEMPLE_RIGHT: State.INSUFFICIENT_EVIDENCE,
    RegionName.OCCIPITAL: State.DONOR_AS_PLANNED,
}
"""A region in each tone: axe takes seconds for a page of all."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Start Chromium once; without it every test of this folder is skipped with a clear word."""
    program = next((found for name in CHROMIUM_NAMES if (found := shutil.which(name))), None)
    if program is None:
        pytest.skip("no Chromium on this machine (apt-get install chromium): the page was not looked at in a browser")
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 only where there is a browser to drive

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=program, args=list(CHROMIUM_ARGUMENTS))
        yield started
        started.close()


@pytest.fixture(scope="session")
def invented(repository: Path) -> ModuleType:
    """Return the module that makes the invented case."""
    path = repository / "tests" / "unit" / "report" / "conftest.py"
    spec = importlib.util.spec_from_file_location("invented_case", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def case(invented: ModuleType) -> tuple[Any, tuple[Any, ...]]:
    """Return a dossier and figures of every kind: maps of a region, matched close-ups, guides."""
    place = RegionName.FRONTAL
    dossier, figures = invented.make_dossier(STATES), list(invented.make_figures(PICTURE_PX))
    dossier = dataclasses.replace(dossier, measurements=tuple(m for m in dossier.measurements if m.region is place))
    aligned = {FigureKind.ALIGNED_REFERENCE, FigureKind.ALIGNED_MOVING, FigureKind.COVERAGE_MAP, FigureKind.CHANGE_MAP}
    figures += [dataclasses.replace(figure, region=place) for figure in figures if figure.kind in aligned]
    registration = Registration(reference="a", moving="b", status=RegistrationStatus.ACCEPTED, tier=Tier.SCALP)
    match = HairMatch(
        status=RegistrationStatus.ACCEPTED,
        reason=None,
        pairs=((0, 0),),
        lost=(1,),
        gained=(1, 2),
        thinned=(),
        registration=registration,
        count_change=CountChange(value=1, fraction=0.02, interval95=(-0.05, 0.09)),
    )
    files = [figure.file for figure in figures if figure.kind is FigureKind.PHOTO]
    matches = []
    for first, second in ((files[0], files[-1]), (files[0], files[1])):
        spot = {"kind": FigureKind.CLOSEUP_OVERLAY, "region": place}
        pictures = {figure.file: figure for figure in figures if figure.kind is FigureKind.PHOTO}
        before = dataclasses.replace(
            pictures[first], **spot, reference=second, alt="1 of 41 hairs not found again on 2026-11-10"
        )
        after = dataclasses.replace(
            pictures[second], **spot, reference=first, alt="2 of 42 hairs not there on 2026-01-08"
        )
        figures += [before, after]
        matches.append(HairMatchEntry(reference=first, moving=second, match=match))
    refused = dataclasses.replace(match, status=RegistrationStatus.REFUSED, reason="not aligned", count_change=None)
    matches.append(HairMatchEntry(reference=files[0], moving=files[2], match=refused))
    return dataclasses.replace(dossier, hair_matches=tuple(matches)), tuple(figures)


@dataclass
class Look:
    """A page as one reader sees it, with everything that the browser complained of or asked the network for."""

    page: Any
    complaints: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)


@pytest.fixture(scope="session")
def report_file(case: tuple[Any, tuple[Any, ...]], tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """Return the file of a report, written once for each audience and language."""
    folder = tmp_path_factory.mktemp("pages")

    def file_of(audience: str = "clinician", language: str = "en") -> Path:
        path = folder / f"{audience}-{language}.html"
        if not path.exists():
            path.write_text(render_html(*case, audience=audience, language=language), encoding="utf-8")
        return path

    return file_of


@pytest.fixture
def look_at(browser: Any) -> Iterator[Callable[..., Look]]:
    """Return a function that opens a file as asked: scheme, width, touch, reduced motion, no script."""
    contexts = []

    def look(path: Path, *, width: int = 1400, **options: Any) -> Look:
        context = browser.new_context(viewport={"width": width, "height": 900}, **options)
        contexts.append(context)
        seen = Look(page=context.new_page())

        def answer(route: Any) -> None:
            if route.request.url == path.as_uri():
                route.continue_()
            else:
                seen.requests.append(route.request.url[:120])
                route.abort()

        seen.page.route("**/*", answer)
        seen.page.on("console", lambda message: seen.complaints.append(message.text))
        seen.page.on("pageerror", lambda error: seen.complaints.append(str(error)))
        seen.page.goto(path.as_uri())
        return seen

    yield look
    for context in contexts:
        context.close()
