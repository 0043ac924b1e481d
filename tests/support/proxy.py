"""A proxy that lets nobody through, and remembers whom it was asked for."""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from unittest.mock import patch


@contextmanager
def proxied() -> Iterator[list[str]]:
    """Until the block is left, the environment names the proxy; the hosts asked for so far."""
    asked: list[str] = []

    class Refusing(BaseHTTPRequestHandler):
        def do_CONNECT(self) -> None:
            asked.append(self.path)
            self.send_error(502)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name in the base class
            """Nothing: the test says what was asked."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Refusing) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_port}"
        with patch.dict(os.environ, dict.fromkeys(("http_proxy", "https_proxy", "HTTPS_PROXY"), address)):
            yield asked
        server.shutdown()
