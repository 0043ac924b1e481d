"""EKS: clusters, their nodes, add-ons, and who may do what in them. Recorded as a whole: moto keeps half the fields."""
