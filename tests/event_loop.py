"""Running what is asynchronous, where a browser was tested before."""

import asyncio
from concurrent.futures import ThreadPoolExecutor


def run(coroutine, *, seconds=60):
    """Run it to its end in a thread of its own: the loop of a browser's test before may run on in this one.

    Raises:
        TimeoutError: it has not ended after so many seconds
    """
    with ThreadPoolExecutor(max_workers=1) as thread:
        return thread.submit(asyncio.run, asyncio.wait_for(coroutine, seconds)).result()
