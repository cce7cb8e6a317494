"""Versions as ETags: a change names the version that it was made from (RFC 9110 13.1.1)."""

from __future__ import annotations

import re

from pydantic import BaseModel

from gateway.http.endpoint import Exchange, Reply
from gateway.ports import Problem

_ETAG = re.compile(r'"(\d{1,9})"')

IF_MATCH = ("If-Match", "the ETag of what was read", True)
IF_MATCH_PROBLEMS = ((412, "changed_meanwhile"), (428, "if_match_required"))


def if_match(exchange: Exchange) -> int:
    """The version that the client has read; it must name one."""
    tag = exchange.request.headers.get("If-Match")
    if tag is None:
        raise Problem(428, "if_match_required", "Send If-Match with the ETag you have read")
    match = _ETAG.fullmatch(tag.strip())
    if match is None:
        raise Problem(412, "changed_meanwhile", "This ETag is not one of ours")
    return int(match[1])


def with_etag(view: BaseModel, version: int) -> Reply:
    return Reply(view, headers={"ETag": f'"{version}"'})
