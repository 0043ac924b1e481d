"""EC2: what is in use stays. moto lets go of it, and of what leans on it in silence."""

from ipaddress import IPv4Network
from typing import Any

from sandbox.aws.eks.common_recorded import CLUSTERS, NODE_GROUPS
from sandbox.aws.elasticache.common_recorded import in_use, subnets_in_use
from sandbox.aws.record import Answers, Place, Refusal, Thing

DEPENDENCY = "DependencyViolation"


def _delete_subnet(place: Place, asked: Thing) -> Thing:
    ec2, it = place.backend, asked["SubnetId"]
    endpoints = _endpoints(place)
    theirs = {eni for endpoint in endpoints for eni in endpoint.network_interface_ids}  # moto never moves them
    interfaces = {eni.subnet.id for eni in ec2.enis.values() if eni.id not in theirs}
    caches = Place("elasticache", place.account, place.region)
    databases = [subnet["SubnetIdentifier"] for one in _databases(place) for subnet in one.db_subnet_group.subnets]
    taken = (_subnets_of_eks(place), subnets_in_use(caches), databases, *(one.subnet_ids for one in endpoints))
    if it in interfaces.union(*taken):
        raise Refusal(DEPENDENCY, f"The subnet '{it}' has dependencies and cannot be deleted.")
    ec2.delete_subnet(it)
    return {}


def _endpoints(place: Place) -> list[Any]:
    """Those that stand and have interfaces."""
    endpoints = place.backend.vpc_end_points.values()
    return [one for one in endpoints if one.state != "deleted" and one.vpc_endpoint_type.lower() == "interface"]


def _databases(place: Place) -> list[Any]:
    """Each may stand in any subnet of its group: which, RDS does not say."""
    return [one for one in place.of("rds").databases.values() if hasattr(one, "db_subnet_group")]


def _subnets_of_eks(place: Place) -> set[str]:
    """Control planes and nodes have interfaces in theirs."""
    eks = Place("eks", place.account, place.region)
    planes = [cluster["resourcesVpcConfig"]["subnetIds"] for cluster in eks.shelf(CLUSTERS).values()]
    return {it for ids in planes + [group["subnets"] for group in eks.shelf(NODE_GROUPS).values()] for it in ids}


def _delete_security_group(place: Place, asked: Thing) -> Thing:
    ec2: Any = place.backend
    it = asked.get("GroupId") or ec2.get_security_group_by_name_or_id(asked["GroupName"]).id
    endpoints = [one.security_group_ids for one in _endpoints(place)]
    interfaces = [[group.id for group in eni.group_set] for eni in ec2.enis.values()]
    caches = Place("elasticache", place.account, place.region)
    databases = [one.vpc_security_group_ids for one in _databases(place)]
    if in_use(caches, "SecurityGroupIds", it) or any(it in groups for groups in endpoints + interfaces + databases):
        raise Refusal(DEPENDENCY, f"resource {it} has a dependent object")
    ec2.delete_security_group(group_id=it)
    return {"GroupId": it}


def _detach_internet_gateway(place: Place, asked: Thing) -> Thing:
    ec2, vpc = place.backend, asked["VpcId"]
    if any(address.eni and address.eni.subnet.vpc_id == vpc for address in ec2.addresses):
        mapped = f"Network {vpc} has some mapped public address(es)"
        raise Refusal(DEPENDENCY, f"{mapped}. Please unmap those public address(es) before detaching the gateway.")
    ec2.detach_internet_gateway(asked["InternetGatewayId"], vpc)
    return {}


def _release_address(place: Place, asked: Thing) -> Thing:
    ec2, it = place.backend, {"address": asked.get("PublicIp"), "allocation_id": asked.get("AllocationId")}
    for address in ec2.addresses:
        if address.eni and it["allocation_id"] == address.allocation_id:
            raise Refusal("InvalidIPAddress.InUse", f"The address with allocation id [{address.id}] is in use.")
    ec2.release_address(**it)
    return {}


def _disassociate_block(place: Place, asked: Thing) -> Thing:
    """Whatever lies in a block goes before it (VPC guide, "VPC CIDR blocks")."""
    ec2, it = place.backend, asked["AssociationId"]
    for vpc in ec2.vpcs.values():
        for block in (one["cidr_block"] for one in vpc.get_cidr_block_association_set() if one["association_id"] == it):
            for subnet in ec2.describe_subnets(filters={"vpc-id": [vpc.id]}):
                if IPv4Network(subnet.cidr_block).subnet_of(IPv4Network(block)):
                    reason = f"The vpc {vpc.id} currently has a subnet within CIDR block {block}"
                    raise Refusal("InvalidCidrBlock.InUse", reason)
    gone = ec2.disassociate_vpc_cidr_block(it)
    state = {"State": gone["cidr_block_state"]["state"]}
    block = {"AssociationId": it, "CidrBlock": gone["cidr_block"], "CidrBlockState": state}
    return {"VpcId": gone["vpc_id"], "CidrBlockAssociation": block}


ANSWERS: Answers = {
    "DeleteSubnet": _delete_subnet,
    "DeleteSecurityGroup": _delete_security_group,
    "DetachInternetGateway": _detach_internet_gateway,
    "ReleaseAddress": _release_address,
    "DisassociateVpcCidrBlock": _disassociate_block,
}
