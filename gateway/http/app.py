"""The aiohttp application: endpoints, problems, security headers, the web app's files."""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Any

import structlog
from aiohttp import web
from pydantic import BaseModel, ValidationError

from gateway.admin_ports import Principal
from gateway.credentials import api_key
from gateway.http import problems
from gateway.http.client import CLIENT_IP, SECURE, ClientInfo
from gateway.http.endpoint import (
    API_PREFIX,
    Access,
    Download,
    Endpoint,
    Exchange,
    Reply,
    Stream,
    endpoints_of,
)
from gateway.http.headers import SecurityHeaders
from gateway.http.idempotency import IdempotencyStore
from gateway.http.limits import RateLimiter, subscriber
from gateway.http.rates import RequestRates, add_headers
from gateway.http.webapp import WebApp
from gateway.permissions import of_role, of_scopes
from gateway.ports import (
    Actor,
    ApiKeyVerifier,
    Authenticator,
    KeyIdentity,
    Problem,
    second_factor_missing,
)
from gateway.storage.usage import StorageQuota

log = structlog.get_logger(__name__)

MAX_BODY = 65536
REFUSED_KEYS = 30  # a minute and address


@dataclass(frozen=True, slots=True)
class HttpParts:
    """What the app is made of; ``apis`` are instances of the features' API classes."""

    apis: Sequence[object]
    authenticator: Authenticator
    keys: ApiKeyVerifier
    client: ClientInfo
    headers: SecurityHeaders
    idempotency: IdempotencyStore
    body_timeout: float = 30.0
    refused_keys: RateLimiter = field(default_factory=lambda: RateLimiter(REFUSED_KEYS))
    rates: RequestRates | None = None
    room: StorageQuota | None = None
    observe: Callable[[web.Request, int, float], None] | None = None


def build_app(parts: HttpParts) -> web.Application:
    app = web.Application(
        middlewares=[_headers_middleware(parts), problems.problem_middleware],
        client_max_size=MAX_BODY,
    )
    app.on_response_prepare.append(_on_prepare(parts))
    for api in parts.apis:
        for declared in endpoints_of(type(api)):
            runner = EndpointRunner(parts, declared, api)
            app.router.add_route(declared.method, API_PREFIX + declared.path, runner.handle)
    return app


def add_webapp(app: web.Application, webapp: WebApp, portal: WebApp) -> None:
    """Last: they answer every address that nothing else has taken."""

    async def api_not_found(request: web.Request) -> web.StreamResponse:
        """This route hides the router's own 405, so it is found out here."""
        own = request.match_info.route.resource
        allowed: set[str] = set()
        for resource in app.router.resources():
            if resource is not own and resource.canonical.startswith("/api/"):
                _, methods = await resource.resolve(request)
                allowed |= methods
        if allowed:
            raise web.HTTPMethodNotAllowed(request.method, allowed)
        raise web.HTTPNotFound

    app.router.add_get("/api/docs", portal.page("/api.html"))
    app.router.add_route("*", "/api/{rest:.*}", api_not_found)
    app.router.add_get("/admin{path:(/.*)?}", portal.handle)
    app.router.add_get("/{path:.*}", webapp.handle)


Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def _headers_middleware(parts: HttpParts) -> Any:
    @web.middleware
    async def middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
        request[CLIENT_IP] = parts.client.address(request)
        request[SECURE] = parts.client.is_secure(request)
        started = time.perf_counter()
        response = await handler(request)
        # How long a stream or a socket was open is no latency.
        lasting = response.status == 101 or response.content_type == "text/event-stream"
        if parts.observe is not None and not lasting:
            parts.observe(request, response.status, time.perf_counter() - started)
        return response

    return middleware


def _on_prepare(parts: HttpParts) -> Callable[[web.Request, web.StreamResponse], Awaitable[None]]:
    async def on_prepare(request: web.Request, response: web.StreamResponse) -> None:
        add_headers(request, response)
        parts.headers.apply(request, response, secure=request.get(SECURE, False))

    return on_prepare


class EndpointRunner:
    """Authenticate, check, parse, call, answer: the same for every endpoint."""

    def __init__(self, parts: HttpParts, declared: Endpoint, api: object) -> None:
        self._parts = parts
        self._endpoint = declared
        self._api = api

    async def handle(self, request: web.Request) -> web.StreamResponse:
        declared = self._endpoint
        exchange = Exchange(
            request,
            self._parts.client,
            request[CLIENT_IP],
            request[SECURE],
            dict(request.match_info),
        )
        if declared.method not in ("GET", "HEAD"):
            self._parts.client.check_origin(request)
        if declared.access is Access.USER:
            exchange._actor = await self._parts.authenticator.authenticate(_bearer(request))
        elif declared.access is Access.CONNECTOR:
            exchange._key = await self._site_key(request)
        elif declared.access is Access.ADMIN:
            exchange._principal, exchange._actor = await self._principal(request)
        if declared.access is not Access.PUBLIC and self._parts.rates is not None:
            self._parts.rates.take(request, *exchange.owner)
        if exchange._actor is not None:
            await self._check_proof(exchange._actor)
        if not is_text(exchange.params):
            raise problems.of_status(404)
        if declared.query is not None:
            exchange._query = _validate(declared.query, dict(request.query), "query")
        raw = b""
        room = self._parts.room if declared.stores else None
        if room is not None:
            room.check(exchange.owner[0])
        if declared.body is not None:
            raw = await _read(request, declared.max_body, self._parts.body_timeout)
            exchange._body = _validate(declared.body, _json(request, raw), "body")
        if declared.upload:
            raw = exchange._upload = await _read_upload(request, declared, self._parts.body_timeout)

        async def answer() -> web.Response:
            if room is None:
                return await self._answer(exchange)
            # What was refused, or is only said again, is not kept.
            with room.taking(exchange.owner[0], len(raw)):
                return await self._answer(exchange)

        if declared.idempotent:
            return await self._parts.idempotency.run(exchange.owner, request, raw, answer)
        if declared.file_type is not None:
            return await self._send_file(exchange)
        return await answer()

    async def _check_proof(self, actor: Actor) -> None:
        if actor.setup_only and not self._endpoint.in_setup:
            raise second_factor_missing()
        if self._endpoint.fresh:
            await self._parts.authenticator.require_fresh(actor)

    async def _send_file(self, exchange: Exchange) -> web.StreamResponse:
        """Part by part: neither side holds the whole of it."""
        request, file = exchange.request, await self._endpoint.handler(self._api, exchange)
        if isinstance(file, Stream):
            return await self._send_stream(request, file)
        assert isinstance(file, Download)
        first = await anext(file.parts, b"")  # what is refused is refused before anything is sent
        disposition = f'attachment; filename="{file.filename}"'
        response = web.StreamResponse(headers={"Content-Disposition": disposition})
        response.content_type = self._endpoint.file_type or "application/octet-stream"
        response.charset = "utf-8"
        await response.prepare(request)
        try:
            await response.write(first)
            async for part in file.parts:
                await response.write(part)
            await response.write_eof()
        except (OSError, asyncio.CancelledError):
            raise
        except Exception:
            # Its end without an end tells the other side that it is not whole.
            log.exception("http.download_failed", path=request.path)
            if request.transport is not None:
                request.transport.abort()
        return response

    async def _send_stream(self, request: web.Request, stream: Stream) -> web.StreamResponse:
        # The field is what nginx goes by: events must not wait for each other there.
        response = web.StreamResponse(headers={"X-Accel-Buffering": "no"})
        response.content_type = self._endpoint.file_type or "application/octet-stream"
        response.charset = "utf-8"
        async with aclosing(stream.parts) as parts:
            part = await anext(parts, None)  # begun before anything is waited for, it is ended too
            try:
                await response.prepare(request)
                while part is not None:
                    async with asyncio.timeout(stream.patience):
                        await response.write(part)
                    part = await anext(parts, None)
                async with asyncio.timeout(stream.patience):
                    await response.write_eof()
            except (OSError, TimeoutError):
                if request.transport is not None:
                    request.transport.abort()
        return response

    async def _answer(self, exchange: Exchange) -> web.Response:
        result = await self._endpoint.handler(self._api, exchange)
        assert not isinstance(result, Download | Stream)
        reply = result if isinstance(result, Reply) else Reply(result, self._endpoint.status)
        response = web.Response(status=reply.status, headers=reply.headers)
        if reply.body is not None:
            response.body = reply.body.model_dump_json().encode()
            response.content_type = "application/json"
        if reply.change is not None:
            reply.change(response)
        return response

    async def _principal(self, request: web.Request) -> tuple[Principal, Actor | None]:
        """Who holds the endpoint's permission, by role or by scope; others get 403."""
        token = _bearer(request)
        client_ip = request[CLIENT_IP]
        actor: Actor | None = None
        if api_key.looks_like_one(token):
            key = await self._api_key(request)
            principal = Principal(
                key.tenant_id, "key", key.key_id, key.name, of_scopes(key.scopes), client_ip
            )
        else:
            actor = await self._parts.authenticator.authenticate(token)
            principal = Principal(
                actor.user.tenant_id,
                "user",
                actor.user.user_id,
                actor.name,
                of_role(actor.role),
                client_ip,
            )
        wanted = self._endpoint.permission
        assert wanted is not None
        if not principal.may(wanted):
            raise Problem(403, "permission_missing", f"This needs the permission {wanted.value}")
        return principal, actor

    async def _site_key(self, request: web.Request) -> KeyIdentity:
        key = await self._api_key(request)
        if "connector" not in key.scopes:
            raise Problem(403, "permission_missing", "This key is not a connector's")
        return key

    async def _api_key(self, request: web.Request) -> KeyIdentity:
        """Keys cannot be guessed; the limit spares the database those who try."""
        token, client = _bearer(request), subscriber(request[CLIENT_IP])
        now = time.monotonic()
        if self._parts.refused_keys.empty(client, now):
            raise Problem(429, "rate_limited", "Too many refused keys", retry_after=10)
        identity = await self._parts.keys.verify(token)
        if identity is None:
            self._parts.refused_keys.wait(client, now)
            log.warning("api_key.refused", client=request[CLIENT_IP])
            raise Problem(401, "key_refused", "This API key is not valid")
        return identity


#: What JSON and addresses can say but neither UTF-8 nor PostgreSQL can hold.
_NO_TEXT = re.compile("[\0\ud800-\udfff]")


def is_text(value: Any) -> bool:
    """Every text in ``value`` can be kept."""
    if isinstance(value, str):
        return _NO_TEXT.search(value) is None
    if isinstance(value, Mapping):
        return all(is_text(key) and is_text(item) for key, item in value.items())
    return not isinstance(value, list) or all(map(is_text, value))


def _bearer(request: web.Request) -> str:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise problems.of_status(401)
    return token.strip()


async def _read(request: web.Request, limit: int, timeout: float) -> bytes:
    """Up to the endpoint's own limit, counted as it is unpacked (aiohttp's is one for all)."""
    if (request.content_length or 0) > limit:
        raise problems.of_status(413)
    raw = bytearray()
    try:
        async with asyncio.timeout(timeout):
            async for part in request.content.iter_chunked(65536):
                raw += part
                if len(raw) > limit:
                    raise problems.of_status(413)
    except TimeoutError:
        raise problems.of_status(408) from None
    return bytes(raw)


async def _read_upload(request: web.Request, declared: Endpoint, timeout: float) -> bytes:
    """A file; packed ones are not unpacked (bombs)."""
    if request.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise problems.of_status(415)
    if request.content_type not in declared.upload:
        raise problems.of_status(415)
    return await _read(request, declared.max_body, timeout)


def _json(request: web.Request, raw: bytes) -> Any:
    if not raw:
        return {}
    if request.content_type != "application/json":
        # Also keeps plain HTML forms of other pages out.
        raise problems.of_status(415)
    try:
        return json.loads(raw)
    except (ValueError, RecursionError):
        raise Problem(400, "bad_json", "The body is not valid JSON") from None


def _validate(model: type[BaseModel], value: Any, where: str) -> BaseModel:
    try:
        if not is_text(value):
            raise problems.not_text(where)
        return model.model_validate(value)
    except ValidationError as error:
        raise problems.of_validation(error, where) from None
    except RecursionError:
        raise Problem(400, "bad_json", "The body is nested too deeply") from None
