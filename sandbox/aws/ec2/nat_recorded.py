"""EC2: a NAT gateway that is deleted lets go of its address and interface. moto leaves both there for ever."""

from typing import Any

from sandbox.aws.record import Answers, Place, Thing


def _delete(place: Place, asked: Thing) -> Thing:
    backend: Any = place.backend
    interface: str = backend.nat_gateways[asked["NatGatewayId"]].nat_gateway_addresses[0]["networkInterfaceId"]
    gateway: Any = backend.delete_nat_gateway(asked["NatGatewayId"])
    for address in backend.addresses:
        if address.network_interface_id == interface:
            address.association_id = address.eni = None
    backend.enis.pop(interface, None)
    return {"NatGatewayId": gateway.id}


ANSWERS: Answers = {"DeleteNatGateway": _delete}
