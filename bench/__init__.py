"""What a preview costs, beside programs that register the same resources without our code: see docs/benchmark.md."""
