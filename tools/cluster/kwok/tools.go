//go:build tools

// Package kwok pins what plays the nodes and their pods in `sandbox up --cluster real`.
package kwok

import _ "sigs.k8s.io/kwok/cmd/kwok"
