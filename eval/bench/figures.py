"""The arithmetic: percentiles, and ratios of two systems that were measured one right after the other."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from statistics import median

from eval.bench.load import Loaded


@dataclass(frozen=True, slots=True)
class Setting:
    """Under what load: so many clients (or threads), with or without a busy neighbour."""

    clients: int
    neighbour: bool


@dataclass(frozen=True, slots=True)
class Spell:
    """One system under one load in one round."""

    system: str
    setting: Setting
    round: int
    loaded: Loaded


@dataclass(frozen=True, slots=True)
class Figures:
    """One system under one load, all rounds together.

    throughput: good answers a second. p50, p95, p99: latency in milliseconds.
    """

    requests: int
    failures: int
    throughput: float
    p50: float
    p95: float
    p99: float


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that so large a share of the values does not exceed (nearest rank).

    values: one or more. share: over 0, up to 1.
    """
    return sorted(values)[ceil(share * len(values)) - 1]


def figures(spells: Iterable[Spell]) -> dict[tuple[str, Setting], Figures]:
    """Of each system under each load, in the order in which they came; none where nothing was answered."""
    groups: dict[tuple[str, Setting], list[Loaded]] = {}
    for spell in spells:
        groups.setdefault((spell.system, spell.setting), []).append(spell.loaded)
    return {key: _figures(group) for key, group in groups.items() if any(each.latencies_ms for each in group)}


def _figures(group: Sequence[Loaded]) -> Figures:
    latencies = [latency for loaded in group for latency in loaded.latencies_ms]
    return Figures(
        len(latencies),
        sum(loaded.failures for loaded in group),
        len(latencies) / sum(loaded.seconds for loaded in group),
        percentile(latencies, 0.5),
        percentile(latencies, 0.95),
        percentile(latencies, 0.99),
    )


def by_round(spells: Iterable[Spell], system: str, setting: Setting) -> dict[int, Figures]:
    """The figures of a system under one load, round by round."""
    return {
        spell.round: _figures([spell.loaded])
        for spell in spells
        if spell.system == system and spell.setting == setting and spell.loaded.latencies_ms
    }


def ratio(above: Mapping[int, float], below: Mapping[int, float]) -> float | None:
    """The median, over the rounds that both have, of the one by the other; None if there is no such round.

    Noise of the machine lasts longer than a round, hits both, and leaves the ratio alone.
    """
    rounds = [above[n] / below[n] for n in above if below.get(n)]
    return median(rounds) if rounds else None
