"""Helm releases: what the provider's Release accepts and reports, and the kinds a chart brings into the cluster.

Templates are not rendered. Of what a chart installs only its definitions stand in the simulated cluster, and its
controller works for as long as the release is there. (pulumi-kubernetes provider/pkg/provider/helm_release.go.)
"""

import re
from collections.abc import Iterator

from sandbox.kubernetes import controllers, definitions, live
from sandbox.kubernetes.changes import difference
from sandbox.kubernetes.charts import CHARTS, REMEDY, chart_name
from sandbox.kubernetes.cluster import Key, Session
from sandbox.kubernetes.contracts import Defined
from sandbox.kubernetes.objects import made_up_name
from sandbox.kubernetes.plain import at, is_map, words
from sandbox.kubernetes.removal import remove
from sandbox.providers.properties import UNKNOWN, Props, has_unknown
from sandbox.providers.provider import Call, Difference, Failure, ResourceError

TYPE = "kubernetes:helm.sh/v3:Release"
INPUTS = words(
    """allowNullValues atomic chart cleanupOnFail createNamespace dependencyUpdate description devel disableCRDHooks
    disableOpenapiValidation disableWebhooks forceUpdate keyring lint maxHistory name namespace postrender recreatePods
    renderSubchartNotes replace repositoryOpts resetValues reuseValues skipAwait skipCrds takeOwnership timeout
    valueYamlFiles values verify version waitForJobs"""
)
DROPPED = words("compat manifest resourceNames")
"""The SDK sends them, the provider does not keep them."""
UNHANDLED = words("postrender takeOwnership valueYamlFiles")
TIMEOUT_SECONDS = 300
NAME_LENGTH = 53
NAME = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*")
VERSION = re.compile(r"v?\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?")
REPOSITORY = re.compile(r"https?://.+")
OWNER = ("meta.helm.sh/release-namespace", "meta.helm.sh/release-name")


def check(call: Call, news: Props, olds: Props, seed: bytes) -> tuple[Props, list[Failure]]:
    inputs = {name: value for name, value in news.items() if name not in DROPPED}
    inputs["name"] = inputs.get("name") or olds.get("name") or made_up_name(call, seed)
    inputs["namespace"] = inputs.get("namespace") or call.config.get("namespace") or "default"
    if not inputs.get("skipAwait"):
        inputs.setdefault("timeout", TIMEOUT_SECONDS)
    found = [Failure(property=name, reason=f"{name}: {reason}") for name, reason in _refusals(inputs)]
    return inputs, found


def _refusals(inputs: Props) -> Iterator[tuple[str, str]]:
    for name in sorted(inputs.keys() - INPUTS):
        yield name, f"unknown input: known are {', '.join(sorted(INPUTS))}"
    for name in sorted(UNHANDLED & {name for name, value in inputs.items() if value}):
        yield name, "the sandbox does not handle it: give plain values instead"
    name, version = inputs["name"], inputs.get("version", "")
    if name != UNKNOWN and (len(name) > NAME_LENGTH or not NAME.fullmatch(name)):
        yield "name", f"got {name}, allowed are at most {NAME_LENGTH} lower case letters, digits, '-', '.'"
    if version != UNKNOWN and not VERSION.fullmatch(version):
        yield "version", f'got "{version}": the sandbox looks up no charts, so pin one version, such as 1.2.3'
    if not is_map(values := inputs.get("values", {})) and values != UNKNOWN:
        yield "values", "must be a mapping of plain values"
    yield from _source(inputs.get("chart", ""), at(inputs, "repositoryOpts", "repo") or "")


def _source(chart: str, repository: str) -> Iterator[tuple[str, str]]:
    if not chart:
        yield "chart", "Required value"
    elif chart != UNKNOWN and chart_name(chart) not in CHARTS:
        yield "chart", f"the sandbox does not know {chart}: known are {', '.join(sorted(CHARTS))}; {REMEDY}"
    elif UNKNOWN not in {chart, repository} and not chart.startswith("oci://") and not REPOSITORY.fullmatch(repository):
        yield "chart", f'repo "{repository}" not found: give the address of its index as repositoryOpts.repo'


def diff(old_inputs: Props, news: Props) -> Difference:
    """Only another name or namespace is another release; Helm upgrades to anything else, even to another chart."""
    return difference(old_inputs, news, ("name", "namespace"))


def create(session: Session, inputs: Props) -> tuple[str, Props]:
    namespace, name = inputs["namespace"], inputs["name"]
    contents = session.contents
    if (namespace, name) in contents.releases:
        raise ResourceError(f"cannot re-use a name that is still in use: there is a release {namespace}/{name}")
    if not contents.has_namespace(namespace):
        if not inputs.get("createNamespace"):
            raise ResourceError(f'create: failed to create: namespaces "{namespace}" not found')
        value = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": namespace}}
        key = Key("", "Namespace", "", namespace)
        contents.objects[key] = live.born(session, key, value)
    _install(session, inputs)
    _apply(session, (namespace, name), inputs)
    contents.releases[namespace, name] = _state(inputs, revision=1)
    controllers.take_hold(contents)
    return f"{namespace}/{name}", contents.releases[namespace, name]


def read(session: Session, resource_id: str, inputs: Props) -> tuple[Props, Props] | None:
    found = session.contents.releases.get(_identity(resource_id))
    if found is None:
        return None
    asked = {name: value for name, value in found.items() if name in INPUTS}
    return found, {name: asked[name] for name in inputs if name in asked} if inputs else asked


def update(session: Session, resource_id: str, news: Props) -> Props:
    identity = _identity(resource_id)
    old = session.contents.releases.get(identity)
    if old is None:
        raise ResourceError(f'"{identity[1]}" has no deployed releases: refresh, so that it is made anew')
    _apply(session, identity, news)
    state = _state(news, revision=old["status"]["revision"] + 1)
    session.contents.releases[identity] = state
    controllers.take_hold(session.contents)
    return state


def delete(session: Session, resource_id: str) -> None:
    """A release that is gone already is no error, so that a deletion that was cut short can be repeated.

    Helm deletes workloads before definitions (helm pkg/releaseutil/kind_sorter.go), so the chart's own controller is
    gone when the resources go.
    """
    identity, releases = _identity(resource_id), session.contents.releases
    release = releases.pop(identity, None)
    try:
        _apply(session, identity, None)
    except ResourceError:
        releases |= {identity: release} if release else {}
        raise


def _identity(resource_id: str) -> tuple[str, str]:
    namespace, _, name = resource_id.rpartition("/")
    return namespace, name


def _state(inputs: Props, *, revision: int) -> Props:
    if has_unknown(inputs):
        raise ResourceError("an input is not known")
    status = {
        "chart": chart_name(inputs["chart"]),
        "name": inputs["name"],
        "namespace": inputs["namespace"],
        "revision": revision,
        "status": "deployed",
        "version": inputs["version"],
    }
    return {**inputs, "resourceNames": {}, "status": status}


def _key(defined: Defined) -> Key:
    return Key(definitions.GROUP, definitions.KIND, "", defined.name)


def _install(session: Session, inputs: Props) -> None:
    """What is in ``crds/``: definitions that stand already are left as they are."""
    chart, objects = CHARTS[chart_name(inputs["chart"])], session.contents.objects
    if chart.templated or inputs.get("skipCrds"):
        return
    for defined in chart.defines:
        if _key(defined) not in objects and chart.wanted(inputs.get("values") or {}, defined.kind):
            objects[_key(defined)] = live.born(session, _key(defined), definitions.definition(defined, {}))


def _apply(session: Session, identity: tuple[str, str], inputs: Props | None) -> None:
    """The definitions among the templates, as the inputs ask for them: Helm takes over none that stands already."""
    owner: dict[str, str] = dict(zip(OWNER, identity, strict=True))
    objects = session.contents.objects
    wanted = {_key(defined): defined for defined in _templated(inputs)} if inputs else {}
    definitions_there = [key for key in objects if key[:2] == (definitions.GROUP, definitions.KIND)]
    owned = {key for key in definitions_there if at(objects[key], "metadata", "annotations") == owner}
    if taken := sorted(wanted.keys() & objects.keys() - owned):
        raise ResourceError(
            f"Unable to continue with install: CustomResourceDefinition {taken[0].name} exists and cannot be imported "
            "into the current release: invalid ownership metadata. Install the chart that owns the definitions first, "
            "or the other with skipCrds"
        )
    remove(session.contents, owned - wanted.keys())
    for key in wanted.keys() - owned:
        objects[key] = live.born(session, key, definitions.definition(wanted[key], owner))


def _templated(inputs: Props) -> Iterator[Defined]:
    chart = CHARTS[chart_name(inputs["chart"])]
    kinds = chart.defines if chart.templated else ()
    return (defined for defined in kinds if chart.wanted(inputs.get("values") or {}, defined.kind))
