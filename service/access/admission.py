"""How many questions are taken on at once; whoever comes after that is told to come again."""

from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager

from fastapi import Depends, Request

from service.errors import Overloaded


class Admission:
    """Counts the questions that are being answered or wait for it. For the event loop's thread alone."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._admitted = 0

    @property
    def admitted(self) -> int:
        """How many there are."""
        return self._admitted

    @contextmanager
    def slot(self) -> Iterator[None]:
        """Count a question in while the `with` block lasts. Raises Overloaded if there are too many."""
        if self._admitted >= self._most:
            raise Overloaded(self._most)
        self._admitted += 1
        try:
            yield
        finally:
            self._admitted -= 1


async def admitted(request: Request) -> AsyncIterator[None]:
    """Keeps a slot until the response has gone out, streamed ones as well, or its reader is gone."""
    admission: Admission = request.app.state.admission
    with admission.slot():
        yield


# For the routes that search: in their decorators' `dependencies`.
ADMITTED = Depends(admitted)
