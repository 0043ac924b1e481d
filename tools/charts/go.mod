// The Go module that holds Karpenter's charts at their pinned version (dhakacart_infra/config/versions.py):
// tests/support/charts.py has Helm render them. Nothing of it is compiled, so nothing that it requires is listed, and
// `go mod tidy` would empty this file. After a change of the version: `go mod download` writes go.sum.
module dhakacart/tools/charts

// As much as the module below asks for: an older Go refuses to download it.
go 1.26.6

require github.com/aws/karpenter-provider-aws v1.14.1
