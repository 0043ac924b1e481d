"""What a bucket's policy says to a request, as IAM would evaluate it: a refusal wins, and silence is one."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from tests.support.iam_lint import Statement, several

TESTS: Mapping[str, Callable[[str, str], bool]] = {
    "ArnLike": fnmatchcase,
    "Bool": lambda given, wanted: given == wanted,
    "NumericLessThan": lambda given, wanted: float(given) < float(wanted),
}


@dataclass(frozen=True, kw_only=True)
class Request:
    service: str
    action: str
    resource: str
    context: Mapping[str, str]
    """Condition keys that the request has; a test of any other fails."""


def allows(policy: str, request: Request) -> bool:
    effects = {one["Effect"] for one in json.loads(policy)["Statement"] if _speaks_of(one, request)}
    return effects == {"Allow"}


def _speaks_of(statement: Statement, request: Request) -> bool:
    return (
        (statement["Principal"] == "*" or statement["Principal"] == {"Service": f"{request.service}.amazonaws.com"})
        and any(fnmatchcase(request.action, pattern) for pattern in several(statement["Action"]))
        and any(fnmatchcase(request.resource, pattern) for pattern in several(statement["Resource"]))
        and all(_holds(test, wanted, request) for test, wanted in statement.get("Condition", {}).items())
    )


def _holds(test: str, wanted: Mapping[str, Any], request: Request) -> bool:
    given = request.context
    return all(
        key in given and any(TESTS[test](given[key], value) for value in several(values))
        for key, values in wanted.items()
    )
