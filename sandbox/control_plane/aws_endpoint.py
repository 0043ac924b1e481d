"""Simulated AWS for a process beside this one: the same backends, over HTTP."""

import io
import logging
import re
from collections.abc import Generator
from contextlib import contextmanager
from threading import Thread
from typing import Any
from urllib.parse import parse_qs

from werkzeug.serving import make_server

from sandbox.aws.gateway import Gateway


@contextmanager
def aws_endpoint(gateway: Gateway, asked: set[str]) -> Generator[str]:
    """Its URL. One request at a time, as the gateway's own calls: moto's backends are not made for threads.

    ``asked`` gets the actions that were called, as IAM names them: it allows all here, and only what is listed on AWS.
    """
    gateway.wake()
    from moto.moto_server.werkzeug_app import (  # noqa: PLC0415 - see Gateway.wake
        DomainDispatcherApplication,
        MotoRequestHandler,
        create_backend_app,
    )

    application: Any = DomainDispatcherApplication(create_backend_app)

    def answer(environ: dict[str, Any], start_response: Any) -> Any:
        action = _action(environ)
        with gateway.lock:
            asked.add(action)
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


def _action(environ: dict[str, Any]) -> str:
    """``ec2:DescribeSubnets``: the service from the signature, the operation from the header or the form."""
    service = re.search(r"Credential=[^/]+/\d+/[^/]+/([^/]+)/", environ.get("HTTP_AUTHORIZATION", ""))
    target: str = environ.get("HTTP_X_AMZ_TARGET", "")
    if not target:
        body: bytes = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        environ["wsgi.input"] = io.BytesIO(body)
        target = parse_qs(body.decode(errors="replace")).get("Action", ["?"])[0]
    return f"{service[1] if service else '?'}:{target.rpartition('.')[2]}"
