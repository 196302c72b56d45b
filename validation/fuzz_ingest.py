"""Mutated picture files and case files through ingest: nothing may crash, hang or fill the memory.

A child process reads one mutated input after another; this process watches it from outside, since a hang or a crash
inside a decoder cannot be caught from within. Every input follows from the seed and its number alone.

    python validation/fuzz_ingest.py --images 20000 --case-files 5000 --seed 1

Prints a table of what became of the inputs and ends with 1 when any crashed, hung or took too much memory.
"""

import argparse
import multiprocessing
import os
import resource
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path

import numpy as np

from hairtrack.imaging.photo import LoadedPhoto
from hairtrack.ingest import IngestSettings, PhotoSource, open_case, read_case_facts, read_photo
from hairtrack.model import InputError
from mutated_inputs import mutated_case, mutated_picture, sample_pictures

TODAY = date(2026, 11, 22)
SECONDS_ALLOWED = 5.0
RESIDENT_BYTES_ALLOWED = 1_500_000_000
STARTING_SECONDS = 120.0
WAITING_TIMES = 12
"""By the clock an input may take this many times longer, since the machine may be busy with other work."""
ADDRESS_SPACE = 8_000_000_000
"""A net under a runaway: the limit that counts is the resident memory above."""


def read_one(job: tuple[str, int], *, seed: int, pictures: Mapping[str, bytes], folder: Path) -> tuple[str, str]:
    """Return the group of an input and what became of it; whatever ingest raises is let through."""
    what, number = job
    if what == "image":
        group, content = mutated_picture(pictures, seed=seed, number=number)
        path = folder / "2026-01-08_top.jpg"
        path.write_bytes(content)
        read = read_photo(PhotoSource(path=path, file=path.name), today=TODAY, settings=IngestSettings())
        if isinstance(read, LoadedPhoto):
            height, width, channels = read.rgb8.shape
            if (width, height, channels) != (
                read.record.width_px,
                read.record.height_px,
                3,
            ) or read.rgb8.dtype != np.uint8:
                raise AssertionError("pixels and record disagree")
            return group, "read"
        if read.problem is None:
            raise AssertionError("neither pixels nor a problem")
        return group, read.problem.kind
    group, content = mutated_case(seed=seed, number=number)
    name = "case.toml" if group == "toml" else "case.json"
    (folder / name).write_bytes(content)
    try:
        if group == "toml":
            open_case(folder, today=TODAY)
        else:
            read_case_facts(folder / name, today=TODAY)
    except InputError:
        return f"case {group}", "refused"
    return f"case {group}", "read"


def child(connection: Connection, seed: int, folder: Path) -> None:
    """Read every input that is asked for, and tell what became of it."""
    resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_SPACE, ADDRESS_SPACE))
    pictures = sample_pictures()
    connection.send("ready")
    while (job := connection.recv()) is not None:
        started = time.process_time()
        try:
            group, outcome = read_one(job, seed=seed, pictures=pictures, folder=folder)
        except Exception as error:  # noqa: BLE001 finding these is the purpose
            group, outcome = job[0], f"CRASH {type(error).__name__}: {' '.join(str(error).split())[:120]}"
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
        connection.send((group, outcome, time.process_time() - started, peak))


@dataclass(kw_only=True)
class Tally:
    """What became of the inputs."""

    outcomes: Counter[tuple[str, str]] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    slowest_s: float = 0.0
    peak_bytes: int = 0


def processor_seconds(process_id: int | None) -> float:
    """Return the processor time that a process has used (Linux), 0 when it has ended."""
    try:
        fields = Path(f"/proc/{process_id}/stat").read_text(encoding="utf-8").rsplit(")", maxsplit=1)[1].split()
    except FileNotFoundError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


class Watched:
    """A child process, started again whenever an input ends it."""

    def __init__(self, *, seed: int, folder: Path, seconds: float, resident_bytes: float) -> None:
        self._seed, self._folder, self._seconds, self._resident_bytes = seed, folder, seconds, resident_bytes
        self._process: BaseProcess
        self._connection: Connection
        self._start()

    def _start(self) -> None:
        context = multiprocessing.get_context("spawn")
        self._connection, far_end = context.Pipe()
        self._process = context.Process(target=child, args=(far_end, self._seed, self._folder), daemon=True)
        self._process.start()
        far_end.close()
        if not self._connection.poll(STARTING_SECONDS):  # says when its imports are done
            raise RuntimeError("the reading process does not start")
        self._connection.recv()

    def read(self, job: tuple[str, int], tally: Tally) -> None:
        """Let the child read one input and write down what became of it."""
        try:
            self._connection.send(job)
            answer = self._connection.recv() if self._answered() else None
        except (EOFError, OSError):
            self.stop()
            self._note(job, f"CRASH of the process (exit code {self._process.exitcode})", tally)
            self._start()
            return
        if answer is None or answer[2] > self._seconds:  # an answer may come between two looks at the clock
            self.stop()
            self._note(job, f"HANG over {self._seconds:g} s", tally)
            self._start()
            return
        group, outcome, seconds, peak = answer
        tally.outcomes[group, "CRASH" if outcome.startswith("CRASH") else outcome] += 1
        tally.slowest_s, tally.peak_bytes = max(tally.slowest_s, seconds), max(tally.peak_bytes, peak)
        if outcome.startswith("CRASH"):
            tally.faults.append(f"{job[0]} {job[1]}: {outcome}")
        if peak > self._resident_bytes:
            self._note(job, f"MEMORY {peak / 1e6:.0f} MB", tally)
            self.stop()
            self._start()

    def _answered(self) -> bool:
        """Wait for an answer: as long as the input takes too little processor time, a busy machine is to blame."""
        spent_before = processor_seconds(self._process.pid)
        waited_since = time.monotonic()
        while not self._connection.poll(min(self._seconds, 1.0)):
            spent = processor_seconds(self._process.pid) - spent_before
            waited = time.monotonic() - waited_since
            if spent > self._seconds or waited > WAITING_TIMES * self._seconds:
                return False
        return True

    def _note(self, job: tuple[str, int], fault: str, tally: Tally) -> None:
        tally.faults.append(f"{job[0]} {job[1]}: {fault}")
        tally.outcomes[job[0], fault.split(maxsplit=1)[0]] += 1

    def stop(self) -> None:
        """End the child."""
        self._process.kill()
        self._process.join()
        self._connection.close()


def print_table(tally: Tally, *, images: int, case_files: int, seed: int) -> None:
    """Print what became of the inputs, group by group."""
    print(f"{images} mutated pictures and {case_files} mutated case files, seed {seed}\n")
    groups = sorted({group for group, _ in tally.outcomes})
    kinds = sorted({kind for _, kind in tally.outcomes}, key=lambda kind: (kind != "read", kind.isupper(), kind))
    print(f"{'input':24}" + "".join(f"{kind:>18}" for kind in kinds))
    for group in groups:
        print(f"{group:24}" + "".join(f"{tally.outcomes[group, kind]:18d}" for kind in kinds))
    print(f"\nslowest input {tally.slowest_s:.2f} s of processor time (allowed {SECONDS_ALLOWED:g} s)")
    print(f"peak memory {tally.peak_bytes / 1e6:.0f} MB (allowed {RESIDENT_BYTES_ALLOWED / 1e6:.0f} MB)")
    print(f"crashes, hangs and excesses of memory: {len(tally.faults)}")
    for fault in tally.faults[:40]:
        print(f"  {fault}")


def main() -> int:
    """Run the fuzzer; return 1 when anything went wrong."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--images", type=int, default=20_000)
    parser.add_argument("--case-files", type=int, default=5_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--seconds", type=float, default=SECONDS_ALLOWED, help="of processor time, allowed for one input"
    )
    parser.add_argument("--megabytes", type=float, default=RESIDENT_BYTES_ALLOWED / 1e6, help="resident, allowed")
    parser.add_argument("--only", help="one input again, such as image:1234")
    arguments = parser.parse_args()
    tally = Tally()
    jobs = [("image", number) for number in range(arguments.images)]
    jobs += [("case", number) for number in range(arguments.case_files)]
    if arguments.only:
        what, number = arguments.only.split(":")
        jobs = [(what, int(number))]
    with tempfile.TemporaryDirectory() as folder:
        watched = Watched(
            seed=arguments.seed,
            folder=Path(folder),
            seconds=arguments.seconds,
            resident_bytes=arguments.megabytes * 1e6,
        )
        for job in jobs:
            watched.read(job, tally)
        watched.stop()
    print_table(tally, images=arguments.images, case_files=arguments.case_files, seed=arguments.seed)
    return 1 if tally.faults else 0


if __name__ == "__main__":
    sys.exit(main())
