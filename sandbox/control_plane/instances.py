"""The instances behind the nodes, in simulated AWS: whose network interfaces the load balancer controller opens.

They are there for who asks where a pod has its address, and run nothing.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sandbox.aws.record import Place

IMAGE, TYPE = "ami-00000000000000000", "m6g.xlarge"
SCHEME = "aws:///"


class Instances:
    """Of an EKS cluster: each has the group that EKS gave the cluster, as nodes and pods do."""

    def __init__(self, place: "Place", cluster: Mapping[str, Any]) -> None:
        self._ec2, self._region = place.of("ec2"), place.region
        self._config = cluster["resourcesVpcConfig"]

    def start(self, zone: str, pods: str, tags: Mapping[str, str]) -> str:
        """What a node calls its instance, whose interface carries the addresses of its pods."""
        reservation = self._ec2.run_instances(
            IMAGE,
            1,
            None,
            [],
            instance_type=TYPE,
            is_instance_type_default=False,
            region_name=self._region,
            tags={"instance": dict(tags)},
            nics=[
                {
                    "DeviceIndex": 0,
                    "SubnetId": self._subnet(zone),
                    "Groups": [self._config["clusterSecurityGroupId"]],
                    "DeleteOnTermination": True,
                }
            ],
        )
        (instance,) = reservation.instances
        # Moto's have no prefixes of their own; a reply has whatever the interface has under AWS's name for it.
        instance.nics[0].ipv4_prefixes = [{"Ipv4Prefix": pods}]
        return f"{SCHEME}{zone}/{instance.id}"

    def stop(self, provider_id: str) -> None:
        self._ec2.terminate_instances([provider_id.rpartition("/")[2]])

    def _subnet(self, zone: str) -> str:
        return next(
            subnet for subnet in self._config["subnetIds"] if self._ec2.get_subnet(subnet).availability_zone == zone
        )
