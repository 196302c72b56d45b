"""What a photo, a pair and a case cost. Printed; only ratios of one run are judged, never a time."""

import operator
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import cv2
import pytest

from hairtrack.ingest import PhotoSource, read_photo
from hairtrack.pipeline.analyse import analyse_case
from hairtrack.pipeline.compare import Seen, align
from hairtrack.pipeline.look import look_at_pixels
from hairtrack.pipeline.numbers import measure_one
from hairtrack.pipeline.ports import PoolExecutor, SerialExecutor
from hairtrack.pipeline.settings import Settings
from hairtrack.pipeline.shelf import Shelf
from hairtrack.pipeline.world import World

SETTINGS = Settings()
TWELVE_MEGAPIXELS = (3464, 3464)


@pytest.fixture(scope="module")
def sample(repository: Path) -> Path:
    return repository / "sample_images" / "fue_on_course"


@pytest.fixture(scope="module")
def large_photo(sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    small = cv2.imread(str(min(sample.glob("*/top.jpg"))))
    path = tmp_path_factory.mktemp("large") / "top.jpg"
    large = cv2.resize(small, TWELVE_MEGAPIXELS, interpolation=cv2.INTER_CUBIC)
    cv2.imwrite(str(path), large, [cv2.IMWRITE_JPEG_QUALITY, 92])
    return path


def see(path: Path) -> Seen:
    loaded = read_photo(PhotoSource(path=path, file=path.name), today=None, settings=SETTINGS.ingest)
    look, pixels = look_at_pixels(loaded, settings=SETTINGS)
    return Seen(look=look, pixels=pixels)


def test_one_photo_of_12_megapixels_from_file_to_coverage(benchmark, large_photo: Path) -> None:
    results = benchmark.pedantic(lambda: measure_one(see(large_photo), settings=SETTINGS), rounds=3, warmup_rounds=1)
    assert results


def test_two_photos_of_12_megapixels_aligned(benchmark, large_photo: Path, tmp_path: Path) -> None:
    turned = tmp_path / "turned_top.jpg"
    cv2.imwrite(str(turned), cv2.rotate(cv2.imread(str(large_photo)), cv2.ROTATE_90_CLOCKWISE))
    reference, moving = see(large_photo), see(turned)
    alignment = benchmark.pedantic(
        lambda: align(reference, moving, landmarks=(), settings=SETTINGS.align), rounds=3, warmup_rounds=1
    )
    assert alignment.warp is not None


def test_peak_memory_of_one_photo_of_12_megapixels(benchmark, large_photo: Path) -> None:
    code = (
        "import sys, hairtrack; from pathlib import Path; hairtrack.coverage(sys.argv[1]);"
        "lines = Path('/proc/self/status').read_text().splitlines();"
        "print(int(next(line.split()[1] for line in lines if line.startswith('VmHWM'))) // 1024)"
    )

    def peak_mb() -> int:
        answer = subprocess.run([sys.executable, "-c", code, str(large_photo)], capture_output=True, check=True)
        return int(answer.stdout)

    peak = benchmark.pedantic(peak_mb, rounds=1)
    print(f"\npeak memory of a process that measures one photo: {peak} MB")
    assert peak > 0


def cpu_seconds(work: Callable[[], object]) -> tuple[float, float]:
    """Return wall and CPU seconds of this process and its children."""
    kinds = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)

    def used() -> float:
        return sum(usage.ru_utime + usage.ru_stime for usage in map(resource.getrusage, kinds))

    cpu, wall = used(), time.perf_counter()
    work()
    return time.perf_counter() - wall, used() - cpu


def test_a_case_alone_with_two_processes_and_a_new_photo_later(benchmark, sample: Path, tmp_path: Path) -> None:
    case = tmp_path / "case"
    shutil.copytree(sample, case)
    newest = max(case.glob("*/top.jpg"))
    kept = tmp_path / "newest.jpg"
    shutil.move(newest, kept)

    def analyse(shelf: str, executor: SerialExecutor | PoolExecutor) -> None:
        analyse_case(case, world=World(shelf=Shelf.open(tmp_path / shelf), executor=executor))

    def with_processes(shelf: str, workers: int) -> tuple[float, float]:
        """Return wall and CPU seconds of a pool that has begun."""
        with PoolExecutor(workers) as pool:
            list(pool.map(operator.neg, range(2 * workers)))
            return cpu_seconds(lambda: analyse(shelf, pool))

    alone, alone_cpu = cpu_seconds(lambda: analyse("alone", SerialExecutor()))
    two, _ = benchmark.pedantic(lambda: with_processes("two", 2), rounds=1)
    shutil.move(kept, newest)
    again, again_cpu = cpu_seconds(lambda: analyse("alone", SerialExecutor()))
    print(
        f"\ncase of {len(list(case.glob('*/*.jpg')))} photos: alone {alone:.1f} s ({alone_cpu:.1f} s CPU), "
        f"two processes {two:.1f} s ({alone / two:.2f} x); "
        f"with one new photo {again:.1f} s ({again_cpu:.1f} s CPU, 1/{alone_cpu / again_cpu:.1f})"
    )
    assert again_cpu < alone_cpu / 2, "what is known must not be worked out again"
