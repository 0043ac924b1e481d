"""What a run takes from the user's environment: nothing that could change what it does or whom it reaches."""

import os
from collections.abc import Generator
from contextlib import contextmanager

FOREIGN = ("AWS_", "MOTO_", "PULUMI_")  # a profile, an endpoint, another stack or backend
KEPT = frozenset({"PULUMI_K8S_DELETE_UNREACHABLE"})  # said on purpose, for one run: docs/runbooks/cluster.md
LOOPBACK = "127.0.0.1,localhost,::1"
OWN = {
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    "MOTO_EC2_LOAD_DEFAULT_AMIS": "false",  # thousands of images that nobody asks for
}


@contextmanager
def isolated() -> Generator[None]:
    """Until the block is left, ``os.environ`` is the run's own.

    Proxies stay, since Go may need them to fetch modules. But gRPC would ask them for 127.0.0.1, too, where engine and
    providers are.
    """
    before = dict(os.environ)
    try:
        for name in before:
            if name.startswith(FOREIGN) and name not in KEPT:
                del os.environ[name]
        direct = ",".join(filter(None, (before.get("no_proxy") or before.get("NO_PROXY"), LOOPBACK)))
        os.environ.update(OWN | {"no_proxy": direct, "NO_PROXY": direct, "no_grpc_proxy": LOOPBACK})
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
