"""A share of hairs that were counted, with the interval of that."""

import numpy as np

from hairtrack.measure.told import Z95
from hairtrack.model import ErrorSource, Measured


def counted_share(events: int, count: int, *, method: str) -> Measured:
    """Return a share of counted hairs with its 95 % interval after Wilson (1927, doi:10.1080/01621459.1927.10502953).

    Parameters
    ----------
    events, count
        How many of how many, `count` at least 1.
    method
        The versioned estimator.
    """
    share, spread = events / count, 1 + Z95**2 / count
    middle = (share + Z95**2 / (2 * count)) / spread
    half = Z95 * float(np.sqrt(share * (1 - share) / count + Z95**2 / (4 * count**2))) / spread
    return Measured(
        value=share,
        unit="1",
        std_uncertainty=half / Z95,
        interval95=(max(0.0, middle - half), min(1.0, middle + half)),
        method=method,
        error_sources=(ErrorSource(name="sampling", std_uncertainty=half / Z95),),
    )
