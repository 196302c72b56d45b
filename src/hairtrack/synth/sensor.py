"""From linear light to the file that a phone writes: exposure, blur, noise, sRGB."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from hairtrack.imaging.types import Rgb8Image
from hairtrack.synth.camera import Lamp

SRGB_LINEAR_END = 0.0031308
"""Below it the sRGB curve is a straight line (IEC 61966-2-1)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sensor:
    """A phone's lens and sensor: blur in pixels, noise as a share of full scale at middle grey."""

    blur_px: float = 0.7
    noise_fraction: float = 0.008


def develop(linear: NDArray[np.float32], lamp: Lamp, sensor: Sensor, *, rng: np.random.Generator) -> Rgb8Image:
    """Return uint8 sRGB of linear light: shot noise grows with the root of the signal, highlights clip."""
    light = linear * np.array(lamp.colour, np.float32) * np.float32(1.55 * 2.0**lamp.exposure_ev)
    if sensor.blur_px > 0:
        light = np.asarray(cv2.GaussianBlur(light, (0, 0), sensor.blur_px), np.float32)
    spread = sensor.noise_fraction * np.sqrt(np.maximum(light, 0) / 0.18 + 0.05)
    light = light + spread * rng.standard_normal(light.shape, np.float32)
    clipped = np.clip(light, 0, 1)
    encoded = np.where(clipped <= SRGB_LINEAR_END, 12.92 * clipped, 1.055 * clipped ** (1 / 2.4) - 0.055)
    return np.asarray(np.round(255 * encoded), np.uint8)
