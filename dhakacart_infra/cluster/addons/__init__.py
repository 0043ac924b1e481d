"""Add-ons of the cluster, one module each: what it is, its configuration, its permissions in AWS."""
