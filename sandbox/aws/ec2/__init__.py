"""EC2: networks, addresses, flow logs, launch templates."""
