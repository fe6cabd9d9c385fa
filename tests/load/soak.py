"""Twice the load that a service takes, while its documents change: `python -m tests.load.soak SECONDS`."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles

import httpx
import psutil

from eval.questions import load_questions
from tests.likeness import content
from tests.load.traffic import Request, Traffic, requests

ROOT = Path(__file__).parents[2]
QUEUE = 8
CLIENTS = 2 * QUEUE
QUESTIONS = 15
_SETTLES = 20.0  # seconds at most, on a machine that is busy with other tests
_PAUSE = 3.0  # seconds between two ingestions
_PAPER = "# Frost at the Needle\n\n## Results\n\nFrost was seen at 7 of 12 needles in the freezer.\n"
_PAPER_ID = "frost-at-the-needle"


@dataclass(frozen=True)
class Figures:
    """What a soak came to. memory in bytes and files: one figure a second, of the service alone."""

    traffic: Traffic
    ingestions: int
    memory: list[int]
    files: list[int]
    files_left: int
    files_before: int

    @property
    def growth(self) -> float:
        """Bytes by which the last third's memory exceeds the third before it."""
        third = len(self.memory) // 3
        return median(self.memory[-third:]) - median(self.memory[third : 2 * third])

    def __str__(self) -> str:
        lines = [f"{kind}: {count}" for kind, count in sorted(self.traffic.counts.items())]
        for kind, seconds in sorted(self.traffic.seconds.items()):
            if len(seconds) > 1:
                cuts = quantiles(seconds, n=100)
                lines.append(f"{kind}: p50 {cuts[49] * 1000:.0f} ms, p99 {cuts[98] * 1000:.0f} ms")
        megabytes = [count / 1e6 for count in self.memory]
        lines.append(f"ingestions: {self.ingestions}")
        first, most, last = megabytes[0], max(megabytes), megabytes[-1]
        lines.append(f"memory: {first:.0f} MB at first, {most:.0f} at most, {last:.0f} at last")
        lines.append(f"memory of the last third over that of the second: {self.growth / 1e6:+.1f} MB")
        lines.append(f"files: {self.files_before} before, {max(self.files)} at most, {self.files_left} after")
        return "\n".join([*lines, f"faults: {len(self.traffic.faults)}", *self.traffic.faults[:20]])


def soak(seconds: float, folder: Path) -> Figures:
    """Ask for so many seconds, with corpus and index in `folder`, which holds an index or nothing."""
    shutil.copytree(ROOT / "corpus", folder / "corpus")
    (folder / "paper.md").write_text(_PAPER)
    asked = requests([question.question for question in load_questions()[::18][:QUESTIONS]])
    with _serving(folder) as (process, address):
        expected = [_heard(address, asked)]
        # Without the paper again, token vectors keep the scale that it brought: the third digit may differ.
        for command in (["add", "paper.md"], ["remove", _PAPER_ID]):
            _change(folder, command, address)
            expected.append(_heard(address, asked))
        traffic = Traffic(address, asked, expected)
        return _under_load(traffic, seconds, folder, psutil.Process(process.pid))


def _under_load(traffic: Traffic, seconds: float, folder: Path, service: psutil.Process) -> Figures:
    stop = threading.Event()
    memory: list[int] = []
    files: list[int] = []
    files_before = service.num_fds()
    with ThreadPoolExecutor(CLIENTS + 1) as threads:
        changing = threads.submit(_keep_changing, folder, traffic.address, stop)
        clients = [threads.submit(traffic.client, seed, stop) for seed in range(CLIENTS)]
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            time.sleep(1)
            memory.append(service.memory_info().rss)
            files.append(service.num_fds())
        stop.set()
        for each in clients:
            each.result()
        ingestions = changing.result()
    return Figures(traffic, ingestions, memory, files, _files_left(service, files_before), files_before)


def _files_left(service: psutil.Process, before: int) -> int:
    """What is open once the service has seen that everyone has gone, and closed the generation before."""
    end = time.monotonic() + _SETTLES
    while time.monotonic() < end and service.num_fds() > before:
        time.sleep(0.5)
    return service.num_fds()


def _keep_changing(folder: Path, address: str, stop: threading.Event) -> int:
    """Add the paper and take it out again, until `stop`; how often."""
    done = 0
    while not stop.is_set():
        _change(folder, ["remove", _PAPER_ID] if done % 2 else ["add", "paper.md"], address)
        done += 1
        stop.wait(_PAUSE)
    return done


def _change(folder: Path, command: Sequence[str], address: str) -> None:
    """Run a command that changes the documents, and wait until the service answers from them."""
    before = _generation(address)
    subprocess.run([sys.executable, "-m", "service.cli", *command], **_place(folder), check=True, stdout=-3)
    while _generation(address) == before:
        time.sleep(0.1)


def _generation(address: str) -> str:
    return str(httpx.get(f"{address}/readyz", trust_env=False, timeout=60).json()["generation"])


def _heard(address: str, asked: Sequence[Request]) -> list[object]:
    with httpx.Client(base_url=address, trust_env=False, timeout=60) as client:
        return [content(client.post(route, json=body)) for _, route, body in asked]


@contextmanager
def _serving(folder: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    command = [sys.executable, "-m", "service.cli", "serve", "--port", "0"]
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(command, **_place(folder), stderr=log)
    try:
        while not (said := re.search(r"answers at (http://\S+)", (folder / "log").read_text())):
            assert process.poll() is None, (folder / "log").read_text()
            time.sleep(0.1)
        yield process, said[1]
    finally:
        process.terminate()
        process.wait(timeout=60)


def _place(folder: Path) -> dict[str, object]:
    settings = {"NEEDLE_QUEUE": str(QUEUE), "NEEDLE_LOG_LEVEL": "warning", "PYTHONPATH": str(ROOT)}
    return {"cwd": folder, "env": {**os.environ, **settings}}


def main(seconds: float) -> int:
    """Print the figures; 1 if anything happened that should not."""
    with tempfile.TemporaryDirectory() as folder:
        figures = soak(seconds, Path(folder))
    print(figures)
    return 1 if figures.traffic.faults else 0


if __name__ == "__main__":
    sys.exit(main(float(sys.argv[1])))
