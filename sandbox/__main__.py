"""``python -m sandbox``: see ``python -m sandbox --help``."""

import gc
import os
import sys

# Nearly all that is made is modules, which stay: looking through them for garbage is a tenth of a preview, and taking
# them down at the end as much again.
gc.set_threshold(200_000, 20, 20)

from sandbox.cli import main  # noqa: E402 - as little as possible before it

code = main()
sys.stdout.flush()
sys.stderr.flush()
os._exit(code)
