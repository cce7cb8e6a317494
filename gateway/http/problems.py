"""Every error leaves as ``application/problem+json`` (RFC 9457) with a stable code."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable

import structlog
from aiohttp import web
from pydantic import ValidationError

from gateway.ports import Problem

log = structlog.get_logger(__name__)

CONTENT_TYPE = "application/problem+json"

# What aiohttp refuses by itself, in our words.
_CODES = {
    400: ("bad_request", "The request cannot be understood"),
    401: ("not_signed_in", "Sign in first"),
    403: ("forbidden", "Not allowed"),
    404: ("not_found", "There is nothing here"),
    405: ("method_not_allowed", "This cannot be done here"),
    408: ("request_timeout", "The request took too long to arrive"),
    413: ("too_large", "The request is too large"),
    415: ("unsupported_media_type", "Send JSON"),
    417: ("expectation_failed", "The Expect header asks for something unknown"),
    429: ("rate_limited", "Too many requests"),
    503: ("unavailable", "Not available now"),
}


def respond(problem: Problem, headers: dict[str, str] | None = None) -> web.Response:
    response = web.Response(
        body=json.dumps(problem.to_json()).encode(), status=problem.status, headers=headers
    )
    response.content_type = CONTENT_TYPE
    retry_after = problem.extra.get("retry_after")
    if isinstance(retry_after, int | float):
        response.headers["Retry-After"] = str(max(1, round(retry_after)))
    if problem.status == 401:
        response.headers.setdefault("WWW-Authenticate", 'Bearer realm="offhook"')
    return response


def of_status(status: int) -> Problem:
    code, title = _CODES.get(status, (f"http_{status}", "The request failed"))
    return Problem(status, code, title)


def of_validation(error: ValidationError, where: str) -> Problem:
    """Which member is wrong and why, without repeating its value (it may be a secret)."""
    errors = [
        {"where": where, "path": [str(part) for part in item["loc"]], "message": item["msg"]}
        for item in error.errors(include_url=False, include_context=False, include_input=False)
    ]
    return Problem(422, "invalid", "Some of the values are not allowed", errors=errors[:20])


def not_text(where: str) -> Problem:
    message = "NUL and lone surrogates are no text"
    return Problem(
        422,
        "invalid",
        "Some of the values are not allowed",
        errors=[{"where": where, "path": [], "message": message}],
    )


Next = Callable[[web.Request], Awaitable[web.StreamResponse]]


@web.middleware
async def problem_middleware(request: web.Request, handler: Next) -> web.StreamResponse:
    try:
        return await handler(request)
    except Problem as problem:
        return respond(problem)
    except web.HTTPException as refusal:
        if refusal.status < 400:
            raise
        allow = refusal.headers.get("Allow")
        return respond(of_status(refusal.status), {"Allow": allow} if allow else None)
    except (ConnectionResetError, TimeoutError):
        return respond(of_status(408))
    except Exception:  # the last net: the client learns nothing, the log everything
        log.exception("http.unhandled", method=request.method, path=request.path)
        return respond(Problem(500, "internal", "Something went wrong on our side"))
