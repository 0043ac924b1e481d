"""Seeing it: what is measured, who is told, and what a reader finds."""
