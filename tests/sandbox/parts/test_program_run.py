"""Several engines in one process, one after the other: each is reached, whatever became of those before."""

import socket
from concurrent.futures import ThreadPoolExecutor

import grpc
from pulumi.runtime import _grpc_settings

from sandbox.program_run import share_no_connections


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
