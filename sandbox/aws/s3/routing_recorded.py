"""How moto is taught calls upon buckets: it tells S3's operations apart by hand, not by their names."""

from collections.abc import Callable
from typing import Any

from moto.core.responses import ActionResult
from moto.core.utils import get_service_model
from moto.iam.access_control import PermissionResult
from moto.s3.models import FakeBucket, S3Backend
from moto.s3.responses import S3Response

from sandbox.aws.record import Answers, Place, Refusal

Request = tuple[str, str]


def teach_buckets(service: str, answers: Answers) -> None:
    """An answer that is a function is what follows once moto itself has agreed, whose reply stands then."""
    own: Callable[..., Any] = S3Response._bucket_response  # pyright: ignore  # noqa: SLF001 - there is no other way in
    taught = {_request(operation): operation for operation in answers}

    def respond(self: Any, request: Any, full_url: str) -> Any:
        asked_of = _asked_of(request.method, self._get_querystring(request, full_url), taught)
        operation = taught.get(asked_of, "")
        if not operation or not self.bucket_name:
            return own(self, request, full_url)
        self.data["Action"] = operation
        self.querystring["Action"] = [operation]
        self.parse_parameters(self.normalized_request)
        place = Place(service, self.current_account, self.region)
        try:
            answer = answers[operation](place, {**self.params, "Bucket": self.bucket_name})
        except Refusal as refusal:
            return self.serialized(ActionResult(refusal))
        if not callable(answer):
            return self.serialized(ActionResult(answer))
        reply = own(self, request, full_url)
        answer()
        return reply

    S3Response._bucket_response = respond  # pyright: ignore  # noqa: SLF001 - as above

    _correct_objects()


def _correct_objects() -> None:
    """moto reads a bucket's policy without its conditions: one that refuses requests without TLS would refuse them all.
    And where versions are suspended it takes them all for the one that is deleted."""
    own = S3Backend.delete_object

    def delete_object(self: Any, bucket_name: str, *key: Any, **version: Any) -> Any:
        bucket = self.get_bucket(bucket_name)
        status = bucket.versioning_status
        bucket.versioning_status = "Enabled" if status == "Suspended" else status
        try:
            return own(self, bucket_name, *key, **version)
        finally:
            bucket.versioning_status = status

    S3Backend.delete_object = delete_object
    FakeBucket.get_permission = lambda self, action, resource: PermissionResult.NEUTRAL


def _request(operation: str) -> Request:
    """``/{Bucket}?versioning`` is told by its end."""
    http = get_service_model("s3").operation_model(operation).http
    return http["method"], http["requestUri"].partition("?")[2]


def _asked_of(method: str, query: dict[str, Any], taught: dict[Request, str]) -> Request:
    """Of the bucket itself, if the query is empty."""
    parts = {part for _, part in taught} & query.keys()
    return method, next(iter(parts), "" if not query else "?")
