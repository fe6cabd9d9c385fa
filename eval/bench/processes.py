"""Services as processes: started on a free port, watched until they are ready, measured, and ended."""

import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import psutil

from eval.bench.contenders import Contender
from eval.bench.load import Address
from eval.errors import ServiceFailed

_HOST = "127.0.0.1"
_READY = 180.0  # seconds; torch takes its time on a busy machine
_LOOK = 0.01  # seconds between two looks whether it is ready
_END = 10.0
_SHOWN = 400  # characters of what a process said last


@dataclass(frozen=True, slots=True)
class Place:
    """What a service is started with: the folder of this run, the model's, the index, all absolute."""

    folder: Path
    model: Path
    index: Path
    encoder: str


@dataclass(frozen=True, slots=True)
class Running:
    """A service that is ready. start_seconds: from the start of its process to its first good answer."""

    contender: Contender
    address: Address
    start_seconds: float
    process: psutil.Process

    def resident_mb(self) -> float:
        """Resident memory of its process and the ones that it started, in MB (10^6 bytes)."""
        family = [self.process, *self.process.children(recursive=True)]
        return float(sum(each.memory_info().rss for each in family)) / 1e6


def build(contender: Contender, place: Place) -> None:
    """Make the contender's own index, if it has one. Raises ServiceFailed."""
    if not contender.build:
        return
    log = place.folder / f"{contender.name}.log"
    with log.open("ab") as said:
        command = contender.command(contender.build, folder=place.folder, model=place.model)
        code = subprocess.run(command, cwd=place.folder, env=_environment(place), stdout=said, stderr=said)
    if code.returncode:
        raise ServiceFailed(f"the index of {contender.name} was not built ({_last(log)}); mend that")


@contextmanager
def running(contender: Contender, place: Place) -> Iterator[Running]:
    """The service while the `with` block lasts. Raises ServiceFailed if it does not get ready."""
    port = _free_port()
    log = place.folder / f"{contender.name}.log"
    command = contender.command(
        contender.arguments, folder=place.folder, model=place.model, index=place.index, port=port
    )
    with log.open("ab") as said:
        started = time.perf_counter()
        process = subprocess.Popen(
            command, cwd=place.folder, env=_environment(place), stdout=said, stderr=said
        )
    try:
        _wait_until_ready(process, f"http://{_HOST}:{port}{contender.ready}", log)
        spent = time.perf_counter() - started
        yield Running(contender, (_HOST, port), spent, psutil.Process(process.pid))
    finally:
        process.terminate()
        try:
            process.wait(_END)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait_until_ready(process: subprocess.Popen[bytes], url: str, log: Path) -> None:
    deadline = time.monotonic() + _READY
    with httpx.Client(trust_env=False, timeout=_READY) as client:
        while time.monotonic() < deadline:
            if process.poll() is not None:
                raise ServiceFailed(f"it ended with code {process.returncode} ({_last(log)}); mend that")
            try:
                if client.get(url).is_success:
                    return
            except httpx.TransportError:
                pass
            time.sleep(_LOOK)
    raise ServiceFailed(f"{url} was not ready within {_READY:.0f} seconds ({_last(log)}); mend that")


def _environment(place: Place) -> dict[str, str]:
    """This process's own, without settings of Needle's that would make it another service."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("NEEDLE_")}
    root = str(Path(__file__).resolve().parents[2])
    return {
        **own,
        "PYTHONPATH": os.pathsep.join(filter(None, [root, own.get("PYTHONPATH", "")])),
        "NEEDLE_INDEX": str(place.index),
        "NEEDLE_ENCODER": place.encoder,
        # The same for all. More threads a question are faster on idle processors and collapse on busy ones.
        "OMP_NUM_THREADS": "1",
        "TOKENIZERS_PARALLELISM": "false",
        "HF_HUB_OFFLINE": "1",
    }


def _free_port() -> int:
    with socket.create_server((_HOST, 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


def _last(log: Path) -> str:
    """What a process said last, on one line."""
    return " ".join(log.read_text(encoding="utf-8", errors="replace").split())[-_SHOWN:] or "it said nothing"
