//go:build tools

// Package controller pins the AWS Load Balancer Controller of `sandbox up --cluster real`.
package controller

import _ "sigs.k8s.io/aws-load-balancer-controller"
