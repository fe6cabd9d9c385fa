"""What the service shall reach, and what it did."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from eval.bench.figures import Figures, Setting, by_round, figures, ratio
from eval.bench.rounds import Measured

SERVICE = "needle"
ENCODER = "encoder"
ONE, ALONE = Setting(1, False), Setting(16, False)
# Both processors: as many threads.
BOTH = Setting(2, False)


@dataclass(frozen=True, slots=True)
class Goal:
    """A figure and its bound. reached: None where it was not measured."""

    what: str
    reached: float | None
    bound: float
    at_most: bool = True
    unit: str = ""

    @property
    def met(self) -> bool | None:
        """Whether the bound is kept."""
        if self.reached is None:
            return None
        return self.reached <= self.bound if self.at_most else self.reached >= self.bound


def goals(measured: Measured, peers: Sequence[str]) -> list[Goal]:
    """All of them; ratios of latency and throughput are medians over the rounds."""
    found = figures(measured.spells)
    starts, memory = measured.starts.get(SERVICE), measured.memory.get(SERVICE)
    return [
        Goal("ready after start", median(starts) if starts else None, 1.5, unit="s"),
        Goal("resident memory", memory[0] if memory else None, 300, unit="MB"),
        Goal("p50, of one pass of the encoder", _p50(measured, ENCODER), 1.5, unit="×"),
        Goal("p99, of one pass of the encoder", _p99(found, ENCODER), 3, unit="×"),
        Goal(
            "throughput at 16 clients, of the encoder’s own on both processors",
            _throughput(measured, ENCODER, BOTH),
            0.85,
            at_most=False,
            unit="×",
        ),
        *_against(measured, peers),
        *(
            Goal(
                f"p99 with a busy neighbour, {clients} client{'s' * (clients > 1)}",
                _grown(found, clients),
                3,
                unit="×",
            )
            for clients in (1, 16)
        ),
    ]


def _against(measured: Measured, peers: Sequence[str]) -> Iterator[Goal]:
    for peer in peers:
        throughput = _throughput(measured, peer, ALONE)
        yield Goal(f"throughput at 16 clients, of {peer}’s", throughput, 2, at_most=False, unit="×")
        yield Goal(f"p50, of {peer}’s", _p50(measured, peer), 0.5, unit="×")


def _p50(measured: Measured, other: str) -> float | None:
    own, others = (by_round(measured.spells, name, ONE) for name in (SERVICE, other))
    return ratio({n: one.p50 for n, one in own.items()}, {n: one.p50 for n, one in others.items()})


def _throughput(measured: Measured, other: str, setting: Setting) -> float | None:
    own, others = by_round(measured.spells, SERVICE, ALONE), by_round(measured.spells, other, setting)
    return ratio(
        {n: one.throughput for n, one in own.items()}, {n: one.throughput for n, one in others.items()}
    )


def _p99(found: Mapping[tuple[str, Setting], Figures], other: str) -> float | None:
    own, others = found.get((SERVICE, ONE)), found.get((other, ONE))
    return own.p99 / others.p50 if own and others else None


def _grown(found: Mapping[tuple[str, Setting], Figures], clients: int) -> float | None:
    alone, beside = (found.get((SERVICE, Setting(clients, neighbour))) for neighbour in (False, True))
    return beside.p99 / alone.p99 if alone and beside else None
