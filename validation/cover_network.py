"""The network of `train_hair_cover.py`: three grids down and up again, in PyTorch."""

import torch
from torch import Tensor, nn
from torch.nn import functional

from hairtrack.segment.classifier import CLASSES

LEAST_DOUBT = 0.004
DOUBT_AT_FIRST = -2.5
MOST = 4.0
"""Spreads beyond which a number tells no more."""


def convolution(inner: int, outer: int, side: int = 3, step: int = 1, *, rectified: bool = True) -> nn.Sequential:
    """Return a convolution with normalised, rectified results."""
    layers: list[nn.Module] = [nn.Conv2d(inner, outer, side, step, side // 2, bias=False), nn.BatchNorm2d(outer)]
    return nn.Sequential(*layers, *([nn.ReLU(inplace=True)] if rectified else []))


class Residual(nn.Module):
    """Two convolutions whose result is added to what they read (He et al. 2016, doi 10.1109/CVPR.2016.90)."""

    def __init__(self, features: int) -> None:
        super().__init__()
        self.b = nn.Sequential(convolution(features, features), convolution(features, features, rectified=False))

    def forward(self, values: Tensor) -> Tensor:
        """Return values of the same shape."""
        return functional.relu(values + self.b(values))


class Finer(nn.Module):
    """Brings what is known on a coarse grid to one twice as fine."""

    def __init__(self, coarse: int, fine: int) -> None:
        super().__init__()
        self.p = nn.Conv2d(coarse, fine, 1)
        self.r = Residual(fine)

    def forward(self, coarse: Tensor, fine: Tensor) -> Tensor:
        """Return values on the finer grid."""
        return self.r(functional.relu(fine + functional.interpolate(self.p(coarse), scale_factor=2, mode="nearest")))


class Network(nn.Module):
    """What all places say together, their mean and their most, is given to each of the coarsest."""

    mean: Tensor
    scale: Tensor

    def __init__(self, features: int, widths: tuple[int, int, int]) -> None:
        super().__init__()
        a, b, c = widths
        self.register_buffer("mean", torch.zeros(1, features, 1, 1))
        self.register_buffer("scale", torch.ones(1, features, 1, 1))
        self.stem, self.e1 = convolution(features, a, 1), Residual(a)
        self.d2, self.e2 = convolution(a, b, 3, 2), Residual(b)
        self.d3, self.e3 = convolution(b, c, 3, 2), Residual(c)
        self.glob = nn.Sequential(nn.Linear(2 * c, c), nn.ReLU(), nn.Linear(c, c))
        self.u2, self.u1 = Finer(c, b), Finer(b, a)
        self.out = nn.Conv2d(a, 2 + len(CLASSES), 1)

    def forward(self, features: Tensor, offset: Tensor | None = None) -> tuple[Tensor, Tensor, Tensor]:
        """Return scores of the hidden share, the doubt, (N, S, S), and scores of classes, (N, 4, S, S)."""
        values = ((features - self.mean) / self.scale).clamp(-MOST, MOST)
        if offset is not None:
            values = values + offset
        first = self.e1(self.stem(values))
        second = self.e2(self.d2(first))
        third = self.e3(self.d3(second))
        together = self.glob(torch.cat([third.mean((2, 3)), third.amax((2, 3))], 1))
        third = functional.relu(third + together[:, :, None, None])
        told = self.out(self.u1(self.u2(third, second), first)).float()
        return told[:, 0], functional.softplus(told[:, 1] + DOUBT_AT_FIRST) + LEAST_DOUBT, told[:, 2:]


class Stored(nn.Module):
    """The network as the program reads it: shares and probabilities themselves."""

    def __init__(self, network: Network) -> None:
        super().__init__()
        self.network = network

    def forward(self, features: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Return (N, S, S) each, and classes (N, 4, S, S), from (N, F, S, S)."""
        scores, doubt, classes = self.network(features)
        return torch.sigmoid(scores), doubt, torch.softmax(classes, 1)
