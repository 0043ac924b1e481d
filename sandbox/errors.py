"""The one error the sandbox shows to people: what is wrong and what to do next, never a traceback."""


class SandboxError(Exception):
    """``what`` names the thing and the value got; ``remedy`` is the next thing to do."""

    def __init__(self, what: str, remedy: str) -> None:
        super().__init__(what, remedy)
        self.what = what
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.what}\n  Try: {self.remedy}"
