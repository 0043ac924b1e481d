"""The benchmark compares like with like: what its flat programs register, and what its figures say."""

import json
import re
import runpy
from collections.abc import Callable
from pathlib import Path

import pulumi
import pulumi_aws as aws
import pulumi_eks as eks
import pulumi_kubernetes as k8s
import pytest

from bench import cli
from bench.figures import Figure, growth, ratio, targets
from bench.flat import Main, source
from bench.measure import Sample
from bench.programs import Kind, Programs, Subject
from bench.recording import Recording, record
from bench.report import as_json, growth_table, machine, stack_table, verdict
from dhakacart_infra.foundation.program import Outputs
from tests.support.stacks import PROJECT, STACKS


def recorded(build: Callable[[], Outputs]) -> Recording:
    return record(build, project="shop", stack="test", config={})


def replayed(recording: Recording, folder: Path) -> Recording:
    """What the flat program of a recording registers in its turn."""
    program = folder / "flat.py"
    program.write_text(source(recording, Main.ASYNCHRONOUS).removesuffix("pulumi.run(main)\n"))
    build: Callable[[], tuple[list[pulumi.Resource], Outputs]] = runpy.run_path(str(program))["build"]
    return recorded(lambda: build()[1])


def sample(wall: float, resources: int = 100, start: float = 0.5) -> Sample:
    return Sample(
        resources=resources, wall=wall, start=start, program_cpu=1, engine_cpu=1, program_mb=100, engine_mb=100
    )


@pytest.mark.exhaustive  # ten seconds a stack
@pytest.mark.parametrize("stack", STACKS)
def test_a_flat_program_registers_the_same_as_ours(stack, tmp_path):
    ours = Programs(project=PROJECT, folder=tmp_path).recording(Subject(title=stack, stack=stack))
    again = replayed(ours, tmp_path)
    assert len(ours.resources) > 150
    for theirs, one in zip(again.resources, ours.resources, strict=True):
        assert theirs == one
    assert again.outputs == ours.outputs


def test_edges_secrets_and_text_around_outputs_survive_in_a_flat_program():
    def build() -> Outputs:
        provider = aws.Provider("aws", region="ap-south-1", allowed_account_ids=["123456789012"])
        opts = pulumi.ResourceOptions(provider=provider)
        vpc = aws.ec2.Vpc("vpc", cidr_block="10.0.0.0/16", opts=opts)
        aws.ec2.Subnet(
            "subnet",
            vpc_id=vpc.id,
            cidr_block=vpc.enable_dns_support.apply(lambda _: "10.0.1.0/24"),
            tags={"Name": pulumi.Output.concat("in ", vpc.id, "!"), "Key": pulumi.Output.secret("hush")},
            opts=pulumi.ResourceOptions(provider=provider, depends_on=[vpc], protect=True),
        )
        return {"vpc": vpc.arn}

    text = source(recorded(build), Main.SYNCHRONOUS)
    assert "vpc_id=r1.id" in text
    assert "pulumi.Output.concat('in ', r1.id, '!')" in text
    assert "pulumi.Output.secret('hush')" in text
    assert "pulumi.Output.all(r1.id).apply(lambda _: '10.0.1.0/24')" in text
    assert "provider=r0, depends_on=[r1], protect=True" in text
    assert "allowed_account_ids=['123456789012']" in text
    assert "{'vpc': r1.arn}" in text


def test_what_a_remote_component_made_is_asked_of_it_and_not_registered_again(tmp_path):
    def build() -> Outputs:
        cluster = eks.Cluster(
            "cluster", skip_default_node_group=True, service_role=aws.iam.Role("role", assume_role_policy="{}")
        )
        made = cluster.eks_cluster
        addon = aws.eks.Addon("dns", addon_name="coredns", cluster_name=made.apply(lambda it: it.name))
        kubernetes = k8s.Provider("kubernetes", kubeconfig=cluster.kubeconfig_json)
        label = made.apply(lambda it: it.name.apply(lambda _: "ours"))
        opts = pulumi.ResourceOptions(provider=kubernetes, depends_on=[addon, cluster])
        k8s.core.v1.Namespace("shop", metadata={"labels": {"of": label}}, opts=opts)
        return {"cluster": made.apply(lambda it: it.name)}

    recording = recorded(build)
    assert [one.type.rpartition(":")[2] for one in recording.resources] == [
        *("Role", "Cluster", "Addon", "kubernetes", "Namespace")
    ]
    text = source(recording, Main.SYNCHRONOUS)
    assert "r1 = pulumi_eks.Cluster('cluster', opts=pulumi.ResourceOptions()," in text
    assert "service_role=r0" in text
    assert "cluster_name=r1.eks_cluster.name" in text
    assert "kubeconfig=r1.kubeconfig_json" in text
    assert "{'of': pulumi.Output.all(r1.eks_cluster.id, r1.urn).apply(lambda _: 'ours')}" in text
    assert "provider=r3, depends_on=[r2, r1]" in text
    assert replayed(recording, tmp_path) == recording


def test_a_transform_is_part_of_the_flat_program(tmp_path):
    def tagged(args: pulumi.ResourceTransformArgs) -> pulumi.ResourceTransformResult:
        return pulumi.ResourceTransformResult(props={**args.props, "tags": {"Team": "shop"}}, opts=args.opts)

    def build() -> Outputs:
        patient = pulumi.CustomTimeouts(delete="75m")
        aws.ec2.Vpc("vpc", opts=pulumi.ResourceOptions(transforms=[tagged], custom_timeouts=patient))
        return {}

    recording = recorded(build)
    again = replayed(recording, tmp_path)
    assert again == recording
    assert again.resources[0].options["custom_timeouts"].fields == {"delete": "75m"}
    text = source(recording, Main.SYNCHRONOUS)
    assert text.index("def tagged(args: pulumi.ResourceTransformArgs)") < text.index("transforms=[tagged]")


def test_a_transform_that_is_more_than_its_text_is_refused():
    team = "shop"

    def tagged(args: pulumi.ResourceTransformArgs) -> pulumi.ResourceTransformResult:
        return pulumi.ResourceTransformResult(props={**args.props, "tags": {"Team": team}}, opts=args.opts)

    def build() -> Outputs:
        aws.ec2.Vpc("vpc", opts=pulumi.ResourceOptions(transforms=[tagged]))
        return {}

    with pytest.raises(ValueError, match="tagged: a flat program would lack team"):
        recorded(build)


def test_an_option_that_a_flat_program_would_lose_is_refused():
    def build() -> Outputs:
        aws.ec2.Vpc("vpc", opts=pulumi.ResourceOptions(retain_on_delete=True))
        return {}

    with pytest.raises(ValueError, match="vpc: options retain_on_delete would be lost"):
        recorded(build)


@pytest.mark.exhaustive  # ten seconds
def test_a_shop_that_grows_has_as_much_more_for_each_service(tmp_path):
    programs = Programs(project=PROJECT, folder=tmp_path)
    counts = [len(programs.recording(Subject(title="", stack="staging", services=it)).resources) for it in (2, 3, 5)]
    assert counts[1] - counts[0] >= 9
    assert counts[2] - counts[1] == 2 * (counts[1] - counts[0])


def test_a_program_is_written_once_and_runs_as_it_reads(tmp_path):
    programs = Programs(project=PROJECT, folder=tmp_path)
    grown = programs.path(Subject(title="", stack="staging", services=3), Kind.OURS)
    assert grown.with_suffix(".py").read_text() == "from bench.grown import run\n\nrun(3)\n"
    whole = programs.path(Subject(title="", stack="staging"), Kind.OURS)
    assert whole.with_suffix(".py").read_text() == (PROJECT / "__main__.py").read_text()


def test_ratios_compare_previews_of_the_same_round():
    slow_machine_in_round_two = [sample(2), sample(20), sample(2)], [sample(1), sample(10), sample(2)]
    assert ratio(*slow_machine_in_round_two, "wall") == Figure(2, 1, 2)


def test_the_body_of_a_preview_leaves_the_start_of_the_engine_out():
    assert sample(3, start=0.5).body == 2.5


def test_time_that_grows_as_resources_do_is_no_growth_per_resource():
    assert growth([sample(3, 300)], [sample(10, 1000)]).middle == pytest.approx(1)
    assert growth([sample(3, 300)], [sample(33, 1000)]).middle == pytest.approx(3.3)


@pytest.mark.parametrize(("slower", "word"), [(1.0, "met"), (1.01, "TARGET MISSED")])
def test_a_missed_target_is_said_plainly(slower, word):
    stack = Subject(title="staging", stack="staging")
    limits = {Kind.OURS: 1.25, Kind.COMMAND: 1.5}
    samples = {(stack, kind): [sample(slower * limits.get(kind, 1))] for kind in Kind}
    samples[stack, Kind.BARE] = [sample(1)]
    told = [verdict(target) for target in targets([stack], {}, samples)]
    for line, (kind, limit) in zip(told, limits.items(), strict=True):
        wanted = f"{word}: staging: wall time, {kind.value} over bare async: {slower * limit:.2f}"
        assert line.startswith(wanted)


def test_growth_is_judged_only_where_both_sizes_were_measured():
    sizes = {size: Subject(title=str(size), stack="staging", services=size) for size in (2, 40)}
    samples = {(subject, Kind.OURS): [sample(size / 100, 10 * size)] for size, subject in sizes.items()}
    assert [target.limit for target in targets([], sizes, samples)] == [1.3]
    assert targets([], {2: sizes[2]}, samples) == []


def test_the_report_has_every_sample_and_a_line_for_each_program():
    stack = Subject(title="staging", stack="staging")
    samples = {(stack, kind): [sample(2), sample(3)] for kind in Kind}
    written = json.loads(json.dumps(as_json(machine("3.259.0"), samples, targets([stack], {}, samples))))
    assert [one["wall"] for one in written["samples"]] == [2, 3] * len(Kind)
    assert written["targets"][0]["met"] is True
    table = stack_table(stack, samples)
    assert re.findall(r"^ +(ours|bare async|flat|make preview) +2\.50 \(2\.00-3\.00\)", table, re.MULTILINE) == [
        kind.value for kind in Kind
    ]


def test_the_time_of_a_further_resource_leaves_out_what_every_preview_costs():
    small, large = (Subject(title="", stack="staging", services=services) for services in (2, 10))
    samples = {(small, Kind.OURS): [sample(3, 100)], (large, Kind.OURS): [sample(4, 200)]}
    first, second = growth_table([small, large], samples).splitlines()[-2:]
    assert re.split(r"  +", second.strip())[1:5] == ["200", "4.00 (4.00-4.00)", "20.0", "10.0"]
    assert "10.0" not in first


@pytest.mark.parametrize("rounds", ["0", "-1", "many"])
def test_rounds_that_are_no_number_are_refused_with_what_is_usual(rounds, capsys):
    with pytest.raises(SystemExit) as refusal:
        cli.main(["--rounds", rounds])
    assert refusal.value.code == 2
    assert "1 or more, 5 is usual" in capsys.readouterr().err


def test_a_stack_that_does_not_exist_is_named_with_those_that_do(capsys):
    assert cli.main(["--stack", "production"]) == 1
    error = capsys.readouterr().err
    assert "'production'" in error
    assert "prod, prod-dr, staging" in error
