"""What stands in simulated AWS, asked type by type: the proof that a destroy left nothing.

Asked of every account and region in which anything was ever made, by whom and in which run does not matter: what a
destroy says last has to be true.
"""

import os
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from sandbox.aws.gateway import Gateway
from sandbox.aws.resource import Census
from sandbox.aws.services import TYPES

OWNERLESS = (
    Census(
        service="ec2",
        operation="DescribeInstances",
        path="Reservations[].Instances[?State.Name != 'terminated'][].InstanceId",
    ),
    Census(service="wafv2", operation="ListWebACLs", path="WebACLs[].ARN", params={"Scope": "REGIONAL"}),
    Census(service="elbv2", operation="DescribeLoadBalancers", path="LoadBalancers[].LoadBalancerArn"),
)
"""What the program makes none of, and people do."""
ACCOUNT = "MOTO_ACCOUNT_ID"


class Standing(NamedTuple):
    id: str
    where: str
    removal: str = ""
    """The command that deletes it, for what AWS makes unasked too."""


def census(gateway: Gateway) -> set[Standing]:
    """All that stands, AWS's own defaults left out."""
    found: set[Standing] = set()
    for account, region, services in _places(gateway):
        with _in_account(account):
            for count in _questions():
                if count.service in services and count.only_in in {"", region}:
                    params: dict[str, Any] = {
                        name: value.format(account=account, region=region) if isinstance(value, str) else value
                        for name, value in count.params.items()
                    }
                    path = count.path.replace("{account}", account)
                    ids: list[str] | None = gateway.region(region).find(count.service, count.operation, path, **params)
                    where, removal = f"{region}, account {account}", count.removal
                    known = [one.removeprefix(count.prefix) for one in ids or []]
                    found.update(Standing(one, where, removal.format(id=one, region=region)) for one in known)
    return found


def _questions() -> Iterator[Census]:
    yield from (kind.census for kind in TYPES.values() if kind.census)
    yield from OWNERLESS


def _places(gateway: Gateway) -> Iterator[tuple[str, str, set[str]]]:
    """Accounts and regions in which a service was used, and the services.

    The world's own (``aws``) are asked once; of buckets each region tells its own.
    """
    gateway.wake()
    from sandbox.aws.moto_state import backends  # noqa: PLC0415 - moto is loaded once it is needed

    used = [
        (account, region, service)
        for service, accounts in backends().items()
        for account, regions in accounts.items()
        for region in regions
    ]
    for account in sorted({account for account, _, _ in used}):
        worldwide = {service for its, region, service in used if its == account and region == "aws"}
        regions = {region for its, region, _ in used if its == account and region != "aws"} | _with_buckets(account)
        asked_everywhere, asked_once = worldwide & {"s3"}, worldwide - {"s3"}
        for region in sorted(regions or {"us-east-1"}):
            services = {service for its, where, service in used if (its, where) == (account, region)}
            yield account, region, services | asked_everywhere | asked_once
            asked_once = set[str]()


def _with_buckets(account: str) -> set[str]:
    """Regions of which nothing else may have been used: moto keeps buckets in one place."""
    from sandbox.aws.moto_state import backends  # noqa: PLC0415 - as above

    places = backends().get("s3", {}).get(account, {}).values()
    return {bucket.region_name for place in places for bucket in place.buckets.values()}


@contextmanager
def _in_account(account: str) -> Generator[None]:
    before = os.environ.get(ACCOUNT)
    os.environ[ACCOUNT] = account
    try:
        yield
    finally:
        if before is None:
            del os.environ[ACCOUNT]
        else:
            os.environ[ACCOUNT] = before
