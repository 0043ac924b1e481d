//go:build tools

// Package helm pins the Helm that renders the charts in tests (tests/support/helm.py builds it into the cache folder).
package helm

import _ "helm.sh/helm/v3/cmd/helm"
