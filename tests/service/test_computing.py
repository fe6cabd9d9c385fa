"""Work on threads beside the event loop."""

import asyncio
import threading

import pytest

from service.computing import PROCESSORS, compute


def test_work_gives_its_result_and_its_error():
    assert asyncio.run(compute(divmod, 7, 2)) == (3, 1)
    with pytest.raises(ZeroDivisionError):
        asyncio.run(compute(divmod, 1, 0))


def test_the_event_loop_goes_on_meanwhile():
    async def work_that_waits_for_the_loop():
        done = threading.Event()
        working = asyncio.create_task(compute(done.wait, 10))
        await asyncio.sleep(0)
        done.set()
        return await working

    assert asyncio.run(work_that_waits_for_the_loop())


def test_what_is_cancelled_while_it_waits_never_starts():
    started = []

    async def cancel_the_last():
        gate = threading.Event()
        before = [asyncio.create_task(compute(gate.wait, 10)) for _ in range(2 * PROCESSORS)]
        last = asyncio.create_task(compute(started.append, "last"))
        await asyncio.sleep(0.01)
        last.cancel()
        await asyncio.gather(last, return_exceptions=True)
        gate.set()
        await asyncio.gather(*before)
        await compute(started.append, "after")

    asyncio.run(cancel_the_last())
    assert started == ["after"]
