"""The field of hair directions in a picture, as doubled angles: what orientation, whorl and parting are read from."""

import cv2
import numpy as np
from numpy.typing import NDArray

from hairtrack.imaging.types import Rgb8Image


def doubled_directions(rgb8: Rgb8Image, sigma_px: float) -> tuple[NDArray[np.complex64], NDArray[np.float32]]:
    """Return (H, W) the mean of exp(2iθ) times edge energy, and the energy; θ is the direction along the hairs.

    Averages run over a Gaussian of `sigma_px`. θ counts from the columns' axis towards the rows' axis, modulo 180
    degrees (structure tensor: Bigun & Granlund 1987).
    """
    light = cv2.cvtColor(rgb8, cv2.COLOR_RGB2GRAY).astype(np.float32) / np.float32(255)
    across = cv2.Sobel(light, cv2.CV_32F, 1, 0, borderType=cv2.BORDER_REFLECT)
    down = cv2.Sobel(light, cv2.CV_32F, 0, 1, borderType=cv2.BORDER_REFLECT)

    def mean(values: NDArray[np.float32]) -> NDArray[np.float32]:
        return np.asarray(cv2.GaussianBlur(values, (0, 0), sigma_px, borderType=cv2.BORDER_REFLECT), np.float32)

    energy = mean(np.asarray(across**2 + down**2, np.float32))
    # Edges run across their gradient: a quarter turn, which doubles to a change of sign.
    even = mean(np.asarray(down**2 - across**2, np.float32))
    odd = mean(np.asarray(-2 * across * down, np.float32))
    return np.asarray(even + 1j * odd, np.complex64), energy
