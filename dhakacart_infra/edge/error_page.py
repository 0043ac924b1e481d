"""What customers see when nobody answers: a page from the bucket, which stands while the shop does not."""

from dataclasses import dataclass

import pulumi_aws as aws

from dhakacart_infra.config.cdn import ERRORS
from dhakacart_infra.data.bucket import Bucket
from dhakacart_infra.foundation.component import Component

KEY = f"{ERRORS}/unavailable.html"
NOBODY_ANSWERS = (502, 503, 504)
FOR_SECONDS = 1  # an error that is over is soon forgotten
PAGE = """\
<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>We will be right back</title>
<style>body { font: 1.1rem/1.6 system-ui, sans-serif; margin: 15vh auto; max-width: 32rem; padding: 0 1rem }</style>
<h1>We will be right back</h1>
<p>The shop cannot answer just now. Your cart is kept. Please try again in a minute.</p>
<p lang="bn">দোকানটি এই মুহূর্তে সাড়া দিতে পারছে না। আপনার কার্ট সংরক্ষিত আছে। এক মিনিট পরে আবার চেষ্টা করুন।</p>
</html>
"""


@dataclass(frozen=True, kw_only=True)
class ErrorPageArgs:
    bucket: Bucket


class ErrorPage(Component, token="dhakacart:edge:ErrorPage"):
    """The status stays what it was: robots and programs are told the truth."""

    responses: "list[aws.cloudfront.DistributionCustomErrorResponseArgsDict]"

    def build(self, args: ErrorPageArgs) -> None:
        aws.s3.BucketObjectv2(
            self.child_name("page"),
            bucket=args.bucket.name,
            key=KEY.removeprefix("/"),
            content=PAGE,
            content_type="text/html; charset=utf-8",
            cache_control="max-age=300",
            opts=self.child(),
        )
        self.responses = [
            {
                "error_code": code,
                "response_code": code,
                "response_page_path": KEY,
                "error_caching_min_ttl": FOR_SECONDS,
            }
            for code in NOBODY_ANSWERS
        ]
