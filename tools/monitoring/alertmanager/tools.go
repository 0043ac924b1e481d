//go:build tools

// Package alertmanager pins what the tests send alerts through: the release that the cluster runs.
package alertmanager

import (
	_ "github.com/prometheus/alertmanager/cmd/alertmanager"
	_ "github.com/prometheus/alertmanager/cmd/amtool"
)
