"""What the stacks need of AWS's quotas, by account and region: ``python -m dhakacart_infra.config.quotas``.

Only quotas that a new account may meet. What they are there now: ``aws service-quotas get-service-quota``.
"""

import argparse
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dhakacart_infra.config.model import StackConfig
from dhakacart_infra.config.parse import parse
from dhakacart_infra.config.problem import NAMESPACE, ConfigurationError

SYSTEM_NODE_VCPU = 2  # of the sizes in cluster/system_nodes.py


@dataclass(frozen=True, kw_only=True)
class Quota:
    """``default`` is what a new account has (Service Quotas console, by ``code``)."""

    name: str
    service: str
    code: str
    default: int


ADDRESSES = Quota(name="Elastic IP addresses", service="ec2", code="L-0263D0A3", default=5)
VPCS = Quota(name="VPCs, the default one included", service="vpc", code="L-F678F1CE", default=5)
NATS = Quota(name="NAT gateways in one zone", service="vpc", code="L-FE5A380F", default=5)
ON_DEMAND = Quota(name="vCPUs of on-demand standard instances", service="ec2", code="L-1216C47A", default=5)
SPOT = Quota(name="vCPUs of spot standard instances", service="ec2", code="L-34B43A08", default=5)
CLUSTERS = Quota(name="EKS clusters", service="eks", code="L-1194D53C", default=100)


def needs(config: StackConfig) -> dict[Quota, int]:
    """What one stack takes at its largest."""
    zones, cluster = len(config.network.availability_zones), config.cluster
    gateways = 1 if config.network.nat_gateways == "single" else zones
    return {
        ADDRESSES: gateways,
        VPCS: 1,
        NATS: 1,
        # The managed group is replaced node by node when it is updated, with as many again beside it.
        ON_DEMAND: 2 * cluster.system_nodes * SYSTEM_NODE_VCPU + cluster.node_limits.on_demand_vcpu,
        SPOT: cluster.node_limits.spot_vcpu,
        CLUSTERS: 1,
    }


def report(stacks: Mapping[str, StackConfig]) -> Iterator[str]:
    """A table for each account and region that the stacks share, and what to ask for."""
    for account, region in sorted({(config.account_id, config.region) for config in stacks.values()}):
        here = {name: needs(one) for name, one in stacks.items() if (one.account_id, one.region) == (account, region)}
        yield f"{region}, account {account}: {', '.join(here)}"
        totals = {quota: sum(taken[quota] for taken in here.values()) for quota in next(iter(here.values()))}
        totals[VPCS] += 1
        for quota, total in totals.items():
            shares = " + ".join(str(taken[quota]) for taken in here.values())
            verdict = "enough" if total <= quota.default else f"ask for {total}"
            yield f"  {quota.name:38} {shares:>12} = {total:4}   a new account has {quota.default:4}   {verdict}"
        for quota, total in totals.items():
            if total > quota.default:
                yield (
                    f"  aws service-quotas request-service-quota-increase --region {region}"
                    f" --service-code {quota.service} --quota-code {quota.code} --desired-value {total}"
                )


def read(folder: Path, names: list[str]) -> dict[str, StackConfig]:
    """The stacks' configurations. Raises ConfigurationError, and OSError for a stack without a file."""
    import yaml  # noqa: PLC0415 - the engine reads the stack's file when it runs the program

    def own(name: str) -> dict[str, Any]:
        config = yaml.safe_load((folder / f"Pulumi.{name}.yaml").read_text(encoding="utf-8"))["config"]
        prefix = f"{NAMESPACE}:"
        return {key.removeprefix(prefix): value for key, value in config.items() if key.startswith(prefix)}

    return {name: parse(own(name), stack=name) for name in names}


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="quotas", description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("stacks", nargs="*", help="stacks, as in Pulumi.<stack>.yaml (default: all there are)")
    folder = Path.cwd()
    names = parser.parse_args(arguments).stacks or [path.name.split(".")[1] for path in folder.glob("Pulumi.*.yaml")]
    try:
        print("\n".join(report(read(folder, sorted(names)))))
    except ConfigurationError as error:
        print(error, file=sys.stderr)
        return 1
    except OSError as error:
        print(f"error: {error.filename} cannot be read: {error.strerror}.", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
