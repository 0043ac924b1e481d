//go:build tools

// Package filebeat pins what the tests of the logs parse lines with.
package filebeat

import _ "github.com/elastic/beats/v7/filebeat"
