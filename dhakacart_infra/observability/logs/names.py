"""What the parts of the logs call each other by."""

OPERATOR_NAMESPACE = "elastic-system"
NAMESPACE = "logging"
SHIPPING_NAMESPACE = "log-shipping"
"""Filebeat's own: it reads the nodes' disks, which no namespace of others allows."""

CLUSTER = "logs"
HTTP_SERVICE = f"{CLUSTER}-es-http"
"""What ECK makes of an Elasticsearch of that name: its service, the password of ``elastic``, its certificate."""
ADMIN, ADMIN_SECRET = "elastic", f"{CLUSTER}-es-elastic-user"
CERTIFICATE_SECRET, CERTIFICATE = f"{CLUSTER}-es-http-certs-public", "ca.crt"

HTTP_PORT, TRANSPORT_PORT = 9200, 9300
ELASTICSEARCH_PODS = {"common.k8s.elastic.co/type": "elasticsearch"}
KIBANA_PODS = {"common.k8s.elastic.co/type": "kibana"}
SHIPPER_PODS = {"common.k8s.elastic.co/type": "beat"}
OPERATOR_PODS = {"control-plane": "elastic-operator"}
"""As the operator and its chart label them."""
SETTINGS = "settings"
