"""Whether it is time to look for newer versions: ``python -m dhakacart_infra.config.version_age``.

For a schedule, not for a test: a pull request must not fail because of the date.
"""

import sys
from datetime import UTC, date, datetime

from dhakacart_infra.config.versions import LOOKED_UP

MAX_AGE_DAYS = 60  # Bottlerocket and the add-ons have security fixes every month or so


def main(today: date) -> int:
    """Exit codes: 0 looked up lately, 1 too long ago."""
    age = (today - LOOKED_UP).days
    if age <= MAX_AGE_DAYS:
        print(f"Versions were looked up {age} days ago, on {LOOKED_UP}.")
        return 0
    print(
        f"error: versions were last looked up {age} days ago, on {LOOKED_UP}: what was mended since is missing."
        '\n  Try: docs/runbooks/cluster.md, "Every month"',
        file=sys.stderr,
    )
    return 1


if __name__ == "__main__":
    sys.exit(main(datetime.now(UTC).date()))
