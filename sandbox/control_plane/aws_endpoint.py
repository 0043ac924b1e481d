"""Simulated AWS for a process beside this one: the same backends, over HTTP."""

import logging
from collections.abc import Generator
from contextlib import contextmanager
from threading import Thread
from typing import Any

from werkzeug.serving import make_server

from sandbox.aws.gateway import Gateway


@contextmanager
def aws_endpoint(gateway: Gateway) -> Generator[str]:
    """Its URL. One request at a time, as the gateway's own calls: moto's backends are not made for threads."""
    gateway.wake()
    from moto.moto_server.werkzeug_app import (  # noqa: PLC0415 - see Gateway.wake
        DomainDispatcherApplication,
        MotoRequestHandler,
        create_backend_app,
    )

    application: Any = DomainDispatcherApplication(create_backend_app)

    def answer(environ: dict[str, Any], start_response: Any) -> Any:
        with gateway.lock:
            return application(environ, start_response)

    logging.getLogger("werkzeug").setLevel(logging.ERROR)  # else every request is a line
    server = make_server("127.0.0.1", 0, answer, threaded=True, request_handler=MotoRequestHandler)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
