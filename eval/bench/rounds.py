"""The measurement: every system under every load, in rounds, so that noise of the machine hits all alike."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, nullcontext
from dataclasses import dataclass, field

from eval.bench import processes
from eval.bench.contenders import Contender
from eval.bench.figures import Setting, Spell
from eval.bench.load import load_function, load_service
from eval.bench.neighbour import busy_neighbour
from eval.bench.processes import Place, Running
from service.cli.progress import Report

# Calls within one process, by name: the floor. On one thread and on two.
Floors = dict[str, Callable[[str], object]]
FLOOR_THREADS = (1, 2)


@dataclass(frozen=True, slots=True)
class Plan:
    """How much is measured.

    starts: how often each service is started. rounds: how often everything is repeated.
    seconds: of each spell. clients: loads. busy_clients: those repeated with a busy neighbour.
    """

    starts: int
    rounds: int
    seconds: float
    clients: Sequence[int]
    busy_clients: Sequence[int]


FULL = Plan(starts=3, rounds=5, seconds=2.0, clients=(1, 4, 16, 64), busy_clients=(1, 4, 16, 64))
QUICK = Plan(starts=1, rounds=1, seconds=1.5, clients=(1, 16), busy_clients=(1, 16))


@dataclass(slots=True)
class Measured:
    """What came out. starts: seconds until ready, by service. memory: MB and after how many searches.

    left_out: why a service was not measured, by its name.
    """

    starts: dict[str, list[float]] = field(default_factory=dict)
    memory: dict[str, tuple[float, int]] = field(default_factory=dict)
    spells: list[Spell] = field(default_factory=list)
    left_out: dict[str, str] = field(default_factory=dict)


def measure(
    contenders: Sequence[Contender],
    floors: Floors,
    place: Place,
    questions: Iterator[str],
    plan: Plan,
    report: Report,
) -> Measured:
    """Build, start and load all of them. Raises ServiceFailed if one does not build or start."""
    measured = Measured()
    for number, contender in enumerate(contenders, start=1):
        processes.build(contender, place)
        report("indexes", number, len(contenders))
    with ExitStack() as stack:
        services: list[Running] = []
        for turn in range(plan.starts):
            for number, contender in enumerate(contenders, start=1):
                last = turn == plan.starts - 1
                # One at a time, but those of the last turn stay for the load.
                with ExitStack() if not last else nullcontext(stack) as kept:
                    service = kept.enter_context(processes.running(contender, place))
                    measured.starts.setdefault(contender.name, []).append(service.start_seconds)
                    if last:
                        services.append(service)
                report("starts", turn * len(contenders) + number, plan.starts * len(contenders))
        _warm(services, floors, questions)
        loads = len(FLOOR_THREADS) * len(floors) * 2
        loads += len(services) * (len(plan.clients) + len(plan.busy_clients))
        for turn in range(plan.rounds):
            for spell in _spells(turn, services, floors, questions, plan):
                measured.spells.append(spell)
                report("loads", len(measured.spells), loads * plan.rounds)
        for service in services:
            name = service.contender.name
            answered = sum(len(s.loaded.latencies_ms) for s in measured.spells if s.system == name)
            measured.memory[name] = (service.resident_mb(), answered)
    return measured


def _warm(services: Sequence[Running], floors: Floors, questions: Iterator[str]) -> None:
    """What happens once, on the first questions, is no part of the figures."""
    for service in services:
        load_service(service.address, service.contender.request, questions, 4, 0.5)
    for work in floors.values():
        load_function(work, questions, 1, 0.2)


def _spells(
    turn: int, services: Sequence[Running], floors: Floors, questions: Iterator[str], plan: Plan
) -> Iterator[Spell]:
    """One round."""
    for neighbour in (False, True):
        with busy_neighbour() if neighbour else nullcontext():
            for threads in FLOOR_THREADS:
                for name, work in floors.items():
                    loaded = load_function(work, questions, threads, plan.seconds)
                    yield Spell(name, Setting(threads, neighbour), turn, loaded)
            for clients in plan.busy_clients if neighbour else plan.clients:
                for service in services:
                    contender = service.contender
                    loaded = load_service(
                        service.address, contender.request, questions, clients, plan.seconds
                    )
                    yield Spell(contender.name, Setting(clients, neighbour), turn, loaded)
