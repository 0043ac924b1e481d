"""How every pod of ours is hardened: what the standard ``restricted`` asks for, and what it leaves open.

(Kubernetes, "Pod Security Standards".)
"""

import pulumi_kubernetes as k8s

LABEL = "app.kubernetes.io/name"
"""By which pods are found."""


def pod_security(user_id: int) -> k8s.core.v1.PodSecurityContextArgs:
    """A pod whose containers run as that user."""
    return k8s.core.v1.PodSecurityContextArgs(
        run_as_non_root=True,
        run_as_user=user_id,
        run_as_group=user_id,
        fs_group=user_id,
        seccomp_profile=k8s.core.v1.SeccompProfileArgs(type="RuntimeDefault"),
    )


def container_security() -> k8s.core.v1.SecurityContextArgs:
    return k8s.core.v1.SecurityContextArgs(
        allow_privilege_escalation=False,
        read_only_root_filesystem=True,
        capabilities=k8s.core.v1.CapabilitiesArgs(drop=["ALL"]),
    )


def from_secret(secret: str, name: str, key: str) -> k8s.core.v1.EnvVarArgs:
    """A variable whose value only the pod sees."""
    source = k8s.core.v1.SecretKeySelectorArgs(name=secret, key=key)
    return k8s.core.v1.EnvVarArgs(name=name, value_from=k8s.core.v1.EnvVarSourceArgs(secret_key_ref=source))


def service_name(project: str, service: str) -> str:
    """That of every object of a service."""
    return f"{project}-{service}"
