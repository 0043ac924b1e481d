"""Where the page is that says what to do about an alert."""

RUNBOOKS = "https://github.com/dhakacart/infrastructure/blob/main/docs/runbooks/alerts"


def runbook_url(alert: str) -> str:
    """That of an alert or alarm, by its name."""
    return f"{RUNBOOKS}/{alert}.md"
