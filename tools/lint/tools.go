//go:build tools

// Package lint pins the linters that are Go programs; `make lint` builds them into the cache folder.
package lint

import _ "github.com/rhysd/actionlint/cmd/actionlint"
