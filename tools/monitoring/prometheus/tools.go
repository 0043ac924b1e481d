//go:build tools

// Package prometheus pins what the tests ask about alert rules and queries: the release that the cluster runs.
package prometheus

import (
	_ "github.com/prometheus/prometheus/cmd/prometheus"
	_ "github.com/prometheus/prometheus/cmd/promtool"
)
