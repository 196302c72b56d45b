"""Pictures of the report as readers see it: the set of docs/looks, and with --all every page in every look.

The patient is synthetic: photos of sample_images, two of them spoilt (dark and blurred, torn off) so that the report
has something to refuse. Needs Chromium.

    .venv/bin/python validation/report_looks.py [--all FOLDER]
"""

import argparse
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from playwright.sync_api import Page, sync_playwright

from hairtrack.pipeline.analyse import Analysis, analyse_case
from hairtrack.pipeline.world import real_world
from hairtrack.report.html import render_html

ROOT = Path(__file__).parents[1]
SAMPLES, LOOKS = ROOT / "sample_images", ROOT / "docs" / "looks"
AUDIENCES, LANGUAGES, SCHEMES = ("clinician", "patient"), ("en", "tr", "es", "de"), ("light", "dark")
PHONE_PX, DESKTOP_PX = 360, 1400
MORE_FACTS = """
[[treatments]]
kind = "prp"
sessions = [2025-05-17, 2025-06-17, 2025-07-17]

[[notes]]
on = 2025-08-20
kind = "illness"

"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One picture of the set: who reads, how, and which part of the page; `parts` screens of a phone side by side."""

    name: str
    audience: str
    language: str
    scheme: str
    width_px: int
    start: str
    height_px: int
    parts: int = 1


SET = (
    Look(
        name="clinician_first_screen",
        audience="clinician",
        language="en",
        scheme="light",
        width_px=DESKTOP_PX,
        start="body",
        height_px=1500,
    ),
    Look(
        name="clinician_region",
        audience="clinician",
        language="de",
        scheme="dark",
        width_px=DESKTOP_PX,
        start="#region-frontal",
        height_px=1500,
    ),
    Look(
        name="clinician_closeups",
        audience="clinician",
        language="es",
        scheme="light",
        width_px=DESKTOP_PX,
        start="#region-vertex .closeups",
        height_px=640,
    ),
    Look(
        name="patient_phone",
        audience="patient",
        language="tr",
        scheme="light",
        width_px=PHONE_PX,
        start="body",
        height_px=900,
        parts=4,
    ),
    Look(
        name="patient_phone_region",
        audience="patient",
        language="en",
        scheme="dark",
        width_px=PHONE_PX,
        start="#region-frontal",
        height_px=900,
        parts=4,
    ),
    Look(
        name="retake",
        audience="patient",
        language="en",
        scheme="light",
        width_px=DESKTOP_PX,
        start=".retakes",
        height_px=560,
    ),
)


def write_case(folder: Path) -> None:
    """Write the case: the transplant that goes well, close-ups of the crown, and two photos that must be refused."""
    shutil.copytree(SAMPLES / "fue_on_course", folder, ignore=shutil.ignore_patterns("truth.toml"))
    for day in (path for path in (SAMPLES / "closeup_series").iterdir() if path.is_dir()):
        shutil.copytree(day, folder / day.name, dirs_exist_ok=True)
    good = folder / "2025-10-16" / "top.jpg"
    photo = cv2.imread(str(good))
    if photo is None:
        raise FileNotFoundError(good)
    for day in ("2025-09-15", "2026-05-02"):
        (folder / day).mkdir()
    dark = cv2.GaussianBlur(photo, (0, 0), 9).astype(np.float32) / 4
    cv2.imwrite(str(folder / "2025-09-15" / "top.jpg"), dark.astype(np.uint8))
    (folder / "2026-05-02" / "top.jpg").write_bytes(good.read_bytes()[:9000])
    facts = (folder / "case.toml").read_text(encoding="utf-8")
    closeups = (SAMPLES / "closeup_series" / "case.toml").read_text(encoding="utf-8")
    photos = "[[photos]]" + closeups.partition("[[photos]]")[2]
    before, regions, after = facts.partition("[[regions]]")
    (folder / "case.toml").write_text(f"{before}{MORE_FACTS}{regions}{after}\n{photos}", encoding="utf-8")


def analysed() -> Analysis:
    """Return the case, analysed anew."""
    with tempfile.TemporaryDirectory() as scratch, real_world() as world:
        folder = Path(scratch) / "synthetic_patient"
        write_case(folder)
        return analyse_case(folder, world=world)


@contextmanager
def opened(browser: Any, path: Path, *, width_px: int, scheme: str) -> Iterator[Page]:
    """Give a page with every picture decoded."""
    context = browser.new_context(viewport={"width": width_px, "height": 900}, color_scheme=scheme)
    page = context.new_page()
    page.set_default_timeout(120_000)
    page.goto(path.as_uri())
    page.evaluate(
        "() => { for (const i of document.images) i.loading = 'eager';"
        " return Promise.allSettled([...document.images].map(i => i.decode())); }"
    )
    yield page
    context.close()


def picture_of(page: Page, look: Look) -> bytes:
    """Return a JPEG of one part of the page, screens of a phone side by side."""
    box = page.locator(look.start).first.bounding_box()
    top = 0 if look.start == "body" or box is None else max(0, round(box["y"]) - 24)
    whole = cv2.imdecode(np.frombuffer(page.screenshot(full_page=True), np.uint8), cv2.IMREAD_COLOR)
    screens = [whole[top + k * look.height_px : top + (k + 1) * look.height_px] for k in range(look.parts)]
    gap = np.full((look.height_px, 16, 3), 128, np.uint8)
    joined = screens[0] if look.parts == 1 else np.hstack([p for s in screens for p in (s, gap)][:-1])
    return cv2.imencode(".jpg", joined, [cv2.IMWRITE_JPEG_QUALITY, 80, cv2.IMWRITE_JPEG_OPTIMIZE, 1])[1].tobytes()


def main() -> None:
    """Write the set of docs/looks, and with --all every page whole."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--all", type=Path, help="folder for 32 whole pages")
    asked = parser.parse_args()
    analysis = analysed()
    with tempfile.TemporaryDirectory() as scratch, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )

        def page_of(audience: str, language: str) -> Path:
            path = Path(scratch) / f"{audience}-{language}.html"
            page = render_html(analysis.dossier, analysis.figures, audience=audience, language=language)
            path.write_text(page, encoding="utf-8")
            return path

        if asked.all:
            asked.all.mkdir(parents=True, exist_ok=True)
            for audience, language in ((a, la) for a in AUDIENCES for la in LANGUAGES):
                path = page_of(audience, language)
                for scheme, width_px in ((s, w) for s in SCHEMES for w in (PHONE_PX, DESKTOP_PX)):
                    name = f"{audience}-{language}-{scheme}-{width_px}.png"
                    with opened(browser, path, width_px=width_px, scheme=scheme) as page:
                        page.screenshot(path=asked.all / name, full_page=True)
                        print(name, page.evaluate("document.documentElement.scrollWidth"), "px wide")
        LOOKS.mkdir(exist_ok=True)
        for look in SET:
            path = page_of(look.audience, look.language)
            with opened(browser, path, width_px=look.width_px, scheme=look.scheme) as page:
                content = picture_of(page, look)
            (LOOKS / f"{look.name}.jpg").write_bytes(content)
            print(look.name, len(content) // 1000, "kB")
        browser.close()


if __name__ == "__main__":
    main()
