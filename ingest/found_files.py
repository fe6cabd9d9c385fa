"""The files that a person means by paths, folders and patterns."""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath

from ingest.errors import CorpusError
from ingest.formats import SUFFIXES


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A file to be added, or a path that leads to none.

    name: to show to a person. parts: of its place in the corpus, below the folder that was named.
    inside: its place in the corpus if it lies there already.
    problem: why there is no file.
    """

    name: str
    path: Path
    parts: tuple[str, ...]
    inside: str | None = None
    problem: str | None = None

    def read(self) -> bytes:
        """Its bytes. Raises CorpusError."""
        if self.problem:
            raise CorpusError(self.problem)
        try:
            return self.path.read_bytes()
        except OSError as exc:
            raise CorpusError(f"{self.name} cannot be read ({exc.strerror}); make it readable") from exc


def find_files(paths: Sequence[str], corpus: Path) -> Iterator[FoundFile]:
    """Every file of the given files, folders and patterns, once, in order.

    A folder gives what is in it and below, in a format that can be read; what is hidden is left out.
    """
    seen: set[Path] = set()
    for given in paths:
        for found in _find(given, corpus):
            if found.problem or found.path.resolve() not in seen:
                seen.add(found.path.resolve())
                yield found


def _find(given: str, corpus: Path) -> Iterator[FoundFile]:
    path = Path(given)
    if path.is_dir():
        yield from _in_folder(path, corpus)
    elif path.is_file():
        yield _found(path, (path.name,), corpus)
    elif path.exists():
        yield FoundFile(given, path, (), problem=f"{given} is neither a file nor a folder; name one")
    else:
        matches = sorted(Path(path.anchor).glob(str(path.relative_to(path.anchor))))
        if not matches:
            yield FoundFile(given, path, (), problem=f"{given} does not exist; correct the path")
        for match in matches:
            yield from _find(str(match), corpus)


def _in_folder(folder: Path, corpus: Path) -> Iterator[FoundFile]:
    empty = True
    for parent, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            path = Path(parent, name)
            readable = PurePath(name).suffix.lower() in SUFFIXES and not name.startswith(".")
            if readable and path.is_file():
                empty = False
                yield _found(path, path.relative_to(folder).parts, corpus)
    if empty:
        endings = ", ".join(sorted(SUFFIXES))
        yield FoundFile(
            str(folder), folder, (), problem=f"{folder} holds no file that ends in {endings}; name another"
        )


def _found(path: Path, parts: tuple[str, ...], corpus: Path) -> FoundFile:
    real, home = path.resolve(), corpus.resolve()
    inside = real.relative_to(home).as_posix() if real.is_relative_to(home) else None
    return FoundFile(str(path), path, parts, inside)
