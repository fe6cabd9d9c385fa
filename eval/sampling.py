"""How far a figure can be trusted: bootstrap intervals, and the paired randomisation test.

Everything random has a fixed seed, so that a run can be repeated to the digit.
"""

from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

Float64 = NDArray[np.float64]

SEED = 20_170_105
RESAMPLES = 2_000
PERMUTATIONS = 20_000
# 2^12 = 4,096 sign patterns are tried one by one; more differences than that are sampled.
_EXACT_UP_TO = 12


@dataclass(frozen=True, slots=True)
class Interval:
    """A figure with the bounds of its 95 % interval."""

    value: float
    low: float
    high: float


def mean_interval(values: Float64) -> Interval:
    """The mean of (n,) float64, n ≥ 1, and its percentile bootstrap interval (Efron 1979)."""
    random = np.random.default_rng(SEED)
    picked = random.integers(len(values), size=(RESAMPLES, len(values)))
    return _interval(float(values.mean()), values[picked].mean(axis=1))


def pairs_interval(wins: Float64) -> Interval:
    """The mean over all pairs, (n, m) float64, and its interval where rows and columns are resampled each."""
    random = np.random.default_rng(SEED)
    rows, columns = (random.multinomial(size, np.full(size, 1 / size), RESAMPLES) for size in wins.shape)
    return _interval(float(wins.mean()), ((rows @ wins) * columns).sum(axis=1) / wins.size)


def _interval(value: float, resampled: Float64) -> Interval:
    low, high = np.quantile(resampled, [0.025, 0.975])
    return Interval(value, float(low), float(high))


def randomisation_test(first: Float64, second: Float64) -> float:
    """How likely a difference of means at least this large is if the two systems are alike: p, two-sided.

    first, second: (n,) float64, the same questions in the same order. Under the null hypothesis a question's
    two values may be swapped (Smucker, Allan & Carterette 2007). Exact for up to 12 questions that differ.
    """
    differences = first - second
    differences = differences[np.abs(differences) > 1e-12]
    if not len(differences):
        return 1.0
    # Summed the same way as the permuted ones, and with slack, so that rounding decides no tie.
    observed = abs(differences.sum()) - 1e-9
    if len(differences) <= _EXACT_UP_TO:
        signs = np.array(list(product((1, -1), repeat=len(differences))))
        return float((np.abs(signs @ differences) >= observed).mean())
    random = np.random.default_rng(SEED)
    signs = random.choice(np.array([1, -1], np.int8), size=(PERMUTATIONS, len(differences)))
    as_large = int((np.abs(signs @ differences) >= observed).sum())
    # The observed assignment is one of them, so that p is never 0 (Phipson & Smyth 2010).
    return (as_large + 1) / (PERMUTATIONS + 1)
