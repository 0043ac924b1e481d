"""The JSON Schema of a stack file, by which editors complete and check it.

``python -m dhakacart_infra.config.schema`` writes it.
"""

import json
from pathlib import Path
from typing import Any

from dhakacart_infra.config.model import StackConfig
from dhakacart_infra.config.problem import NAMESPACE

SCHEMA_FILE = Path(__file__).with_name("stack.schema.json")
ENGINE_KEYS = ("secretsprovider", "encryptedkey", "encryptionsalt")  # what `pulumi stack init` writes beside `config`


def stack_schema() -> dict[str, Any]:
    """Our keys are checked to the last one; those of the engine and of providers are let through."""
    model = StackConfig.model_json_schema()
    ours = {f"{NAMESPACE}:{name}": described for name, described in model["properties"].items()}
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "A stack of DhakaCart",
        "type": "object",
        "properties": {
            "config": {
                "type": "object",
                "description": model["description"],
                "properties": ours,
                "required": [f"{NAMESPACE}:{name}" for name in model["required"]],
                "patternProperties": {"^(pulumi|aws):": {}},
                "additionalProperties": False,
            },
            "environment": {"description": "Environments of Pulumi ESC."},
            **{key: {"type": "string", "description": "Written by the engine."} for key in ENGINE_KEYS},
        },
        "required": ["config"],
        "additionalProperties": False,
        "$defs": model["$defs"],
    }


def rendered() -> str:
    """The file's text."""
    return json.dumps(stack_schema(), indent=2, sort_keys=True) + "\n"


if __name__ == "__main__":
    SCHEMA_FILE.write_text(rendered(), encoding="utf-8")
