"""One call to moto by way of boto3: checked against the service model, its failures as ``AwsError``."""

import functools
from collections.abc import Mapping
from typing import Any

import boto3
import botocore.session
from botocore import xform_name
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from botocore.model import OperationModel

from sandbox.aws.gateway import AwsError
from sandbox.aws.model import problems

CONFIG = Config(user_agent="sandbox")  # else it is put together anew for each call, out of twenty parts


@functools.cache
def models() -> botocore.session.Session:
    """One for all: it keeps the service models it has read, megabytes of JSON."""
    return botocore.session.get_session()


@functools.cache
def _session() -> boto3.session.Session:
    return boto3.session.Session("sandbox", "sandbox", botocore_session=models())


def client(region: str, service: str) -> Any:
    make: Any = _session().client  # pyright: ignore[reportUnknownVariableType] - an overload for each service
    return make(service, region_name=region, config=CONFIG)


def call(client: Any, service: str, operation: str, params: Mapping[str, Any]) -> dict[str, Any]:
    """Raise AwsError for what the service model forbids and what AWS refuses."""
    model: OperationModel = client.meta.service_model.operation_model(operation)
    if wrong := problems(model, params):
        raise AwsError(service, operation, "ValidationError", "; ".join(wrong))
    try:
        return getattr(client, xform_name(operation))(**params)
    except ClientError as error:
        answer = error.response.get("Error", {})
        code, message = answer.get("Code", "Unknown"), answer.get("Message", str(error))
        raise AwsError(service, operation, code, message) from None
    except NotImplementedError:
        raise AwsError(service, operation, "NotImplemented", "moto has no such operation") from None
    except BotoCoreError as error:
        raise AwsError(service, operation, "ClientError", str(error)) from None
