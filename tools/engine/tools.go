//go:build tools

// Package engine pins the Pulumi CLI that sandbox/engine.py builds where none is installed.
//
// The replace directive in go.mod is Pulumi's own: replacements count only in the main module, so it
// has to be repeated here, and is why `go install module@version` cannot build it.
package engine

import _ "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"
