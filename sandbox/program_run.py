"""One run of an inline program, ended in order even if its engine was not.

When the engine dies, the SDK takes down the program's event loop and its tasks afterwards, and may fail half way. What
it leaves fails loudly whenever Python collects it, and upsets the interpreter's own bookkeeping.
"""

import asyncio
import time
from typing import Any

import pulumi
from pulumi.runtime import _grpc_settings

OWN_CONNECTION = ("grpc.use_local_subchannel_pool", 1)
PATIENCE_SECONDS = 10
PAUSE_SECONDS = 0.05
TURNS = 1000  # of the event loop; a cancelled task takes two or three


def share_no_connections() -> None:
    """Let the SDK reach each engine by a connection of its own.

    gRPC shares them within a process by address: to the port of an engine that is gone it waits before it tries again,
    and a later engine that the system gives the same port to is taken for unreachable as well.
    """
    if OWN_CONNECTION not in _grpc_settings._GRPC_CHANNEL_OPTIONS:  # pyright: ignore[reportPrivateUsage] # noqa: SLF001
        _grpc_settings._GRPC_CHANNEL_OPTIONS.append(OWN_CONNECTION)  # pyright: ignore[reportPrivateUsage] # noqa: SLF001


def spare_details() -> None:
    """Keep the SDK from telling the engine what it does for each resource: a third of a preview, and nobody sees it.

    Each is a call for which the program waits, and the engine drops them all unless it was started with --debug.
    """
    pulumi.log.debug = _unsaid


def _unsaid(*_: object, **__: object) -> None: ...


class ProgramRun:
    """Made inside the program, where its event loop and main task can be had."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._task = asyncio.current_task()  # kept, so that it is not collected before it is ended

    def end(self) -> None:
        """Wait until the SDK has taken the run down; what it could not, cancel here."""
        patience = time.monotonic() + PATIENCE_SECONDS
        while not self._loop.is_closed() and time.monotonic() < patience:
            time.sleep(PAUSE_SECONDS)
        if self._loop.is_closed() or self._loop.is_running():
            return
        left = asyncio.all_tasks(self._loop)
        for task in left:
            task.cancel()
        if left:
            self._finish(asyncio.gather(*left, return_exceptions=True))
        self._loop.close()

    def _finish(self, ended: asyncio.Future[Any]) -> None:
        # Turn by turn, because the SDK may have asked the loop to stop: run_until_complete would fail with that.
        for _ in range(TURNS):
            if ended.done():
                return
            self._loop.call_soon(self._loop.stop)
            self._loop.run_forever()
