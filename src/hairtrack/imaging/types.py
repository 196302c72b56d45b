"""Names for arrays: shape, dtype and range of everything that rooms hand to each other."""

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Rgb8Image: TypeAlias = NDArray[np.uint8]
"""(H, W, 3) sRGB, 0-255."""

RgbImage: TypeAlias = NDArray[np.float32]
"""(H, W, 3) sRGB, 0-1."""

GrayImage: TypeAlias = NDArray[np.float32]
"""(H, W), 0-1 unless its function says otherwise."""

Mask: TypeAlias = NDArray[np.bool_]
"""(H, W), True inside."""

FractionMap: TypeAlias = NDArray[np.float32]
"""(H, W), 0-1, NaN where unknown."""

PointsXY: TypeAlias = NDArray[np.float64]
"""(N, 2), (column, row) of pixel centres."""

Matrix3: TypeAlias = NDArray[np.float64]
"""(3, 3) homogeneous transform; `a_from_b` maps points of b to points of a."""
