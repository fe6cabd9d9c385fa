"""Where the work is done that keeps a processor busy: a few threads, beside the event loop.

More threads than processors, so that questions can wait for the encoder together (`service.batching`); few,
so that they don't take each other's processor away in the middle of a search.
"""

import asyncio
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


def processors() -> int:
    """How many this process may use, where the system tells."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


PROCESSORS = processors()
_THREADS = ThreadPoolExecutor(2 * PROCESSORS, thread_name_prefix="computing")


async def compute(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """The result of `work(*args, **kwargs)`, first come, first served, in the caller's context.

    What is cancelled while it waits never starts; what has started is worked off, and its result dropped.
    """
    loop = asyncio.get_running_loop()
    context = copy_context()
    return await loop.run_in_executor(_THREADS, lambda: context.run(work, *args, **kwargs))
