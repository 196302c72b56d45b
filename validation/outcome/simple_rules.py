# ruff: noqa: PLR2004 the limits that these rules are known by
"""What clinics and programs without a model of the course do: three rules of thumb, and a regression on the last photo.

They stand beside the verdicts in every table, to show what gates, courses and causes earn.
"""

from dataclasses import dataclass
from types import ModuleType

import numpy as np
import numpy.typing as npt
from histories import Cell, Patient

RULES = ("below baseline", "less than half at 6", "less than .4 at 12", "last photo")
"""Below the baseline from month 1 on; gained less than half of the planted hair from month 6; less than .4 from month
12; probability of poor growth of at least .8 by logistic regression on any photo from month 12."""

CALLED_FROM = 0.8
LEARNED_FROM = (
    Cell("learned, front", error=0.10),
    Cell("learned, front 20%", error=0.20),
    Cell("learned, crown", error=0.10, place="crown"),
    Cell("learned, unknown", error=0.10, planted_known=False),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class LastPhoto:
    """Logistic regression of poor growth (survival < .60) on one photo after month 12."""

    weights: npt.NDArray[np.float64]

    def poor(self, patient: Patient, months: float, value: float) -> float:
        """Return the probability of poor growth from one photo."""
        return float(1 / (1 + np.exp(-features(patient, months, value) @ self.weights)))


def features(patient: Patient, months: float, value: float) -> npt.NDArray[np.float64]:
    """Return what the regression sees: gain over planted, its square, fold change, density before, month."""
    gain = float(np.clip((value - patient.baseline) / max(patient.planted, 1.0), -1.5, 2.5))
    fold = np.log((value + 5.0) / (patient.baseline + 5.0))
    return np.array([1.0, gain, gain**2, fold, patient.baseline / 50.0, (months - 15.0) / 3.0])


def learn(simulator: ModuleType, *, patients: int = 2000, seed: int = 9001, ridge: float = 1e-3) -> LastPhoto:
    """Return the regression learned on cohorts of a simulator, a photo a patient, by Newton's method."""
    rows, poor = [], []
    for cell in LEARNED_FROM:
        rng = np.random.default_rng([seed, len(cell.name)])
        for _ in range(patients):
            patient = simulator.patient(rng, cell)
            late = [reading for reading in patient.readings if reading[0] >= 11.5]
            if late:
                rows.append(features(patient, *late[int(rng.integers(len(late)))]))
                poor.append(float(patient.survival < 0.60))
    seen, truth = np.array(rows), np.array(poor)
    weights = np.zeros(seen.shape[1])
    for _ in range(40):
        p = 1 / (1 + np.exp(-np.clip(seen @ weights, -30, 30)))
        slope = seen.T @ (truth - p) - ridge * weights
        curvature = (seen * (p * (1 - p))[:, None]).T @ seen + ridge * np.eye(seen.shape[1])
        weights = weights + np.linalg.solve(curvature, slope)
    return LastPhoto(weights=weights)


def naive_calls(patient: Patient, last_photo: LastPhoto | None) -> dict[str, float]:
    """Return when each rule first calls a patient failed, by its name in `RULES`; nothing for what it never does."""
    calls: dict[str, float] = {}
    for months, value in patient.readings[1:]:
        gain = (value - patient.baseline) / max(patient.planted, 1.0)
        if months >= 1 and value < patient.baseline:
            calls.setdefault("below baseline", months)
        if months >= 6 and gain < 0.5:
            calls.setdefault("less than half at 6", months)
        if months >= 12 and gain < 0.4:
            calls.setdefault("less than .4 at 12", months)
        if last_photo is not None and months >= 12 and last_photo.poor(patient, months, value) >= CALLED_FROM:
            calls.setdefault("last photo", months)
    return calls
