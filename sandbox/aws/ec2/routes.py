"""EC2: route tables, their routes, and which subnets they serve."""

import zlib
from collections.abc import Mapping
from typing import Any

from sandbox.aws.checks import cidr, names, network_fault
from sandbox.aws.ec2.common import EC2_TAGS, ec2_arn, tagged
from sandbox.aws.gateway import AwsError, Region
from sandbox.aws.resource import AwsType, Census, Setting, receive, send, tag_map, titled
from sandbox.providers.constraints import Constraints, Inputs
from sandbox.providers.properties import Props

SENT_TARGETS = {
    titled(name): name
    for name in ("gatewayId", "natGatewayId", "networkInterfaceId", "transitGatewayId", "vpcPeeringConnectionId")
} | {"EgressOnlyInternetGatewayId": "egressOnlyGatewayId"}
TARGETS = (
    *SENT_TARGETS.values(),
    *("carrierGatewayId", "coreNetworkArn", "localGatewayId", "odbNetworkArn", "vpcEndpointId"),
)
DESTINATIONS = ("destinationCidrBlock", "destinationIpv6CidrBlock", "destinationPrefixListId")
ROUTE_SENT = frozenset({"routeTableId", *DESTINATIONS, *SENT_TARGETS.values()})
ASSOCIATION_SENT = names("gatewayId routeTableId subnetId")
INLINE_DESTINATIONS = {"cidrBlock": 4, "ipv6CidrBlock": 6, "destinationPrefixListId": None}
"""Of a route inside a route table: the input, and the IP version of the block it takes."""


def _one_of(given: Mapping[str, Any], allowed: tuple[str, ...]) -> str | None:
    found = [name for name in allowed if given.get(name)]
    if not found:
        return f"one of `{', '.join(allowed)}` must be specified"
    if len(found) > 1:
        return f"only one of `{', '.join(allowed)}` can be specified, but `{', '.join(found)}` were specified"
    return None


def _inline_routes(inputs: Inputs) -> str | None:
    for index, route in enumerate(inputs.get("routes") or []):
        fault = _one_of(route, tuple(INLINE_DESTINATIONS)) or _one_of(route, TARGETS)
        for name, version in INLINE_DESTINATIONS.items():
            if not fault and version and route.get(name):
                fault = network_fault(route[name], version)
        if fault:
            return f"routes[{index}]: creating route: {fault}"
    return None


ROUTE_TABLE = Constraints(
    source="internal/service/ec2/vpc_route_table.go",
    inputs=frozenset({"propagatingVgws", "region", "routes", "tags", "vpcId"}),
    required=("vpcId",),
    replaces=frozenset({"region", "vpcId"}),
    computed=frozenset({"propagatingVgws", "routes"}),
    sets=frozenset({"propagatingVgws", "routes"}),
    checks=(_inline_routes,),
)

ROUTE = Constraints(
    source="internal/service/ec2/vpc_route.go",
    inputs=frozenset({"region", "routeTableId", *DESTINATIONS, *TARGETS}),
    required=("routeTableId",),
    replaces=frozenset({"region", "routeTableId", *DESTINATIONS}),
    conflicts=(
        ("carrierGatewayId", "destinationIpv6CidrBlock"),
        ("egressOnlyGatewayId", "destinationCidrBlock"),
        ("vpcEndpointId", "destinationPrefixListId"),
    ),
    exactly_one=(DESTINATIONS, TARGETS),
    computed=frozenset({"networkInterfaceId"}),
    checks=(cidr("destinationCidrBlock", 4), cidr("destinationIpv6CidrBlock", 6)),
)

ROUTE_TABLE_ASSOCIATION = Constraints(
    source="internal/service/ec2/vpc_route_table_association.go",
    inputs=frozenset({"gatewayId", "region", "routeTableId", "subnetId"}),
    required=("routeTableId",),
    replaces=frozenset({"gatewayId", "region", "subnetId"}),
    exactly_one=(("subnetId", "gatewayId"),),
)


def _read_route_table(aws: Region, table_id: str, state: Props) -> Props | None:
    missing = ("InvalidRouteTableID.NotFound",)
    table = aws.find("ec2", "DescribeRouteTables", "RouteTables[0]", missing, RouteTableIds=[table_id])
    if table is None:
        return None
    found = receive(table, "VpcId", "OwnerId")
    return found | {
        "arn": ec2_arn(aws, table["OwnerId"], f"route-table/{table_id}"),
        "tags": tag_map(table.get("Tags")),
    }


def _create_route_table(aws: Region, props: Props) -> str:
    reply = aws.call("ec2", "CreateRouteTable", **send(props, "vpcId"), **tagged("route-table", props))
    return reply["RouteTable"]["RouteTableId"]


def _route_id(table_id: str, destination: str) -> str:
    """Made up as the real provider does: EC2 has none for a route."""
    return f"r-{table_id}{zlib.crc32(destination.encode())}"


def _destination(route: Mapping[str, Any], *spellings: str) -> str:
    return next((route[name] for name in spellings if route.get(name)), "")


def _create_route(aws: Region, props: Props) -> str:
    table, destination = props["routeTableId"], _destination(props, *DESTINATIONS)
    route_id = _route_id(table, destination)
    if _read_route(aws, route_id, props):
        message = f"{table} has a route to {destination} already"
        raise AwsError("ec2", "CreateRoute", "RouteAlreadyExists", message)
    aws.call("ec2", "CreateRoute", **send(props, "routeTableId", *DESTINATIONS, **SENT_TARGETS))
    return route_id


def _read_route(aws: Region, route_id: str, state: Props) -> Props | None:
    """By id alone every table is searched: an id cannot be taken apart into table and destination."""
    known = {"RouteTableIds": [state["routeTableId"]]} if state.get("routeTableId") else {}
    tables = aws.find("ec2", "DescribeRouteTables", "RouteTables", ("InvalidRouteTableID.NotFound",), **known)
    spellings = {titled(name): name for name in DESTINATIONS}
    for table in tables or ():
        for route in table["Routes"]:
            if _route_id(table["RouteTableId"], _destination(route, *spellings)) == route_id:
                found = receive(route, "Origin", "State", *spellings)
                found |= {prop: route[name] for name, prop in SENT_TARGETS.items() if route.get(name)}
                return found | {"routeTableId": table["RouteTableId"]}
    return None


def _delete_route(aws: Region, route_id: str, state: Props) -> None:
    aws.call("ec2", "DeleteRoute", **send(state, "routeTableId", *DESTINATIONS))


def _retarget(aws: Region, route_id: str, props: Props) -> None:
    aws.call("ec2", "ReplaceRoute", **send(props, "routeTableId", *DESTINATIONS, **SENT_TARGETS))


def _associate(aws: Region, props: Props) -> str:
    return aws.call("ec2", "AssociateRouteTable", **send(props, *ASSOCIATION_SENT))["AssociationId"]


def _find_association(aws: Region, association_id: str, state: Props) -> Any:
    """A changed table gives the association a new id, of which the engine never hears: then what it serves tells."""
    path = "RouteTables[].Associations[?!Main][]"
    standing: list[dict[str, Any]] = aws.find("ec2", "DescribeRouteTables", path)
    by_id = (one for one in standing if one["RouteTableAssociationId"] == association_id)
    served = {titled(name): state[name] for name in ("gatewayId", "subnetId") if state.get(name)}
    by_served = (one for one in standing if served and served.items() <= one.items())
    return next(by_id, None) or next(by_served, None)


def _read_association(aws: Region, association_id: str, state: Props) -> Props | None:
    found = _find_association(aws, association_id, state)
    return found and receive(found, *(titled(name) for name in ASSOCIATION_SENT))


def _associate_anew(aws: Region, association_id: str, props: Props) -> None:
    standing = _find_association(aws, association_id, props)["RouteTableAssociationId"]
    aws.call("ec2", "ReplaceRouteTableAssociation", AssociationId=standing, **send(props, "routeTableId"))


def _disassociate(aws: Region, association_id: str, state: Props) -> None:
    standing = _find_association(aws, association_id, state)["RouteTableAssociationId"]
    aws.call("ec2", "DisassociateRouteTable", AssociationId=standing)


TYPES = (
    AwsType(
        type="aws:ec2/routeTable:RouteTable",
        constraints=ROUTE_TABLE,
        create=_create_route_table,
        sent=frozenset({"vpcId"}),
        read=_read_route_table,
        delete=lambda aws, table_id, _: aws.call("ec2", "DeleteRouteTable", RouteTableId=table_id),
        tagging=EC2_TAGS,
        census=Census(
            service="ec2", operation="DescribeRouteTables", path="RouteTables[?!(Associations[?Main])].RouteTableId"
        ),
    ),
    AwsType(
        type="aws:ec2/route:Route",
        constraints=ROUTE,
        create=_create_route,
        sent=ROUTE_SENT,
        read=_read_route,
        delete=_delete_route,
        settings=(Setting(inputs=tuple(SENT_TARGETS.values()), apply=_retarget),),
    ),
    AwsType(
        type="aws:ec2/routeTableAssociation:RouteTableAssociation",
        constraints=ROUTE_TABLE_ASSOCIATION,
        create=_associate,
        sent=ASSOCIATION_SENT,
        read=_read_association,
        delete=_disassociate,
        settings=(Setting(inputs=("routeTableId",), apply=_associate_anew),),
    ),
)
