"""Seeing it: metrics, alerts, dashboards and logs. Nothing here waits for the shop, nor the shop for it."""
