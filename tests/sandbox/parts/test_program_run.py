"""Several engines in one process, one after the other: each is reached, whatever became of those before."""

import asyncio
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from queue import Queue

import grpc
from pulumi.runtime import _grpc_settings

from sandbox.program_run import ProgramRun, share_no_connections


class Answering(grpc.GenericRpcHandler):
    def service(self, handler_call_details):
        return grpc.unary_unary_rpc_method_handler(lambda request, context: b"here")


def ask(channel: grpc.Channel) -> bytes | grpc.StatusCode:
    try:
        return channel.unary_unary("/engine/Ask")(b"")
    except grpc.RpcError as error:
        return error.code()


def test_an_engine_that_gets_the_port_of_one_that_is_gone_is_reached_at_once():
    share_no_connections()
    share_no_connections()
    options = _grpc_settings._GRPC_CHANNEL_OPTIONS
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{probe.getsockname()[1]}"
    gone = [grpc.insecure_channel(address, options=options) for _ in range(3)]
    assert {ask(channel) for channel in gone for _ in range(3)} == {grpc.StatusCode.UNAVAILABLE}
    server = grpc.server(ThreadPoolExecutor(1), handlers=[Answering()])
    server.add_insecure_port(address)
    server.start()
    try:
        assert ask(grpc.insecure_channel(address, options=options)) == b"here"
    finally:
        server.stop(None)


class Loop(asyncio.SelectorEventLoop):
    closed_by = ""

    def close(self) -> None:
        self.closed_by = self.closed_by or threading.current_thread().name
        super().close()


def test_a_run_that_the_sdk_is_taking_down_is_left_to_it():
    loop, begun = Loop(), Queue[ProgramRun]()

    async def main() -> None:
        begun.put(ProgramRun())
        loop.left = asyncio.ensure_future(asyncio.sleep(60))

    def sdk() -> None:
        loop.run_until_complete(main())
        time.sleep(0.3)  # the loop is at rest between one task's end and the next's
        for task in asyncio.all_tasks(loop):
            task.cancel()
            with suppress(asyncio.CancelledError):
                loop.run_until_complete(task)
        loop.close()

    taking_down = threading.Thread(target=sdk, name="sdk")
    taking_down.start()
    begun.get().end()
    taking_down.join()
    assert loop.closed_by == "sdk"
