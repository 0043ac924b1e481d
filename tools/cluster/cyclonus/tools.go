//go:build tools

// Package cyclonus pins a reader of network policies that is not ours.
package cyclonus

import _ "github.com/mattfenwick/cyclonus/cmd/cyclonus"
