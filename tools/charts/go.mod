// The Go modules that hold the pinned charts (dhakacart_infra/config/versions.py) and their custom resources'
// definitions: tests/support/charts.py reads them there. Nothing of them is compiled, so nothing that they require is
// listed, and `go mod tidy` would empty this file. After a change of a version: `go mod download` writes go.sum.
module dhakacart/tools/charts

// As much as the modules below ask for: an older Go refuses to download them.
go 1.26.6

require (
	github.com/aws/karpenter-provider-aws v1.14.1
	github.com/external-secrets/external-secrets v1.3.2
	sigs.k8s.io/aws-load-balancer-controller v0.0.0-20260505182222-46816a2070db // v3.3.0, which Go cannot name: its path lacks a /v3
)
