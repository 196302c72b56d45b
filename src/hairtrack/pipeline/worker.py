"""How a process of the pool begins; imports nothing that counts before the threads are told."""

import os

THREAD_VARIABLES = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")
"""Read by linear algebra when numpy is loaded."""


def begin() -> None:
    """Keep this process to one thread: the pool already fills the cores, and threads that wait for each other cost."""
    for variable in THREAD_VARIABLES:
        os.environ[variable] = "1"
    from hairtrack.imaging.threads import use_one_thread  # noqa: PLC0415 numpy must not be loaded before

    use_one_thread()
