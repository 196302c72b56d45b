"""How many threads a process may take for pixels."""

import cv2


def use_one_thread() -> None:
    """Keep cv2 to one thread: for a process that is one of a pool which already fills the cores."""
    cv2.setNumThreads(1)
