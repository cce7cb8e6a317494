"""How a feature declares what it answers; the app and the OpenAPI document are made from it.

A feature's ``api.py`` holds a class whose methods carry :func:`endpoint`. A handler receives an
:class:`Exchange` whose body and query are validated already, and returns a model, a
:class:`Reply`, or ``None`` for 204. Refusals are raised as :class:`gateway.ports.Problem`.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, TypeVar

from aiohttp import web
from pydantic import BaseModel, ConfigDict

from gateway.admin_ports import Principal
from gateway.http.client import ClientInfo
from gateway.permissions import Permission
from gateway.ports import Actor, KeyIdentity

API_PREFIX = "/api/v1"


class Access(StrEnum):
    """Who may call."""

    PUBLIC = "public"
    USER = "user"  # Authorization: Bearer <access token>
    CONNECTOR = "connector"  # Authorization: Bearer <API key of a site>
    ADMIN = "admin"  # either; the role or the key's scopes hold the endpoint's permission


class RequestModel(BaseModel):
    """Unknown members are refused: nothing is assigned that was not asked for."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class ReplyModel(BaseModel):
    """Every member is always there; the document says so."""

    model_config = ConfigDict(extra="forbid", json_schema_serialization_defaults_required=True)


@dataclass(slots=True)
class Exchange:
    """One request, already authenticated and validated."""

    request: web.Request
    client: ClientInfo
    client_ip: str
    secure: bool  # TLS here or at a trusted proxy
    params: Mapping[str, str]
    _actor: Actor | None = None
    _key: KeyIdentity | None = None
    _principal: Principal | None = None
    _body: BaseModel | None = None
    _query: BaseModel | None = None
    _upload: bytes | None = None

    @property
    def actor(self) -> Actor:
        assert self._actor is not None, "the endpoint's access is not USER"
        return self._actor

    @property
    def key(self) -> KeyIdentity:
        assert self._key is not None, "the endpoint's access is not CONNECTOR"
        return self._key

    @property
    def owner(self) -> tuple[str, str]:
        """Tenant and id of whoever asks, for what is kept per client."""
        if self._principal is not None:
            return self._principal.tenant_id, self._principal.id
        if self._key is not None:
            return self._key.tenant_id, self._key.key_id
        return self.actor.user.tenant_id, self.actor.user.user_id

    @property
    def principal(self) -> Principal:
        assert self._principal is not None, "the endpoint's access is not ADMIN"
        return self._principal

    @property
    def upload(self) -> bytes:
        """The file that was sent."""
        assert self._upload is not None, "the endpoint takes no upload"
        return self._upload

    def body(self, model: type[B]) -> B:
        assert isinstance(self._body, model)
        return self._body

    def query(self, model: type[B]) -> B:
        assert isinstance(self._query, model)
        return self._query


B = TypeVar("B", bound=BaseModel)


@dataclass(slots=True)
class Reply:
    body: BaseModel | None
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    change: Callable[[web.StreamResponse], None] | None = None  # e.g. set a cookie


@dataclass(slots=True)
class Download:
    """A file, sent as it is made. What fails after its first part cuts the connection."""

    filename: str
    parts: AsyncIterator[bytes]


@dataclass(slots=True)
class Stream:
    """Parts that are sent as they come. Who does not take one within ``patience`` seconds is cut
    off: nothing piles up for a slow reader, and none outlives its end by more than that."""

    parts: AsyncGenerator[bytes, None]
    patience: float = 4.0


Handler = Callable[[Any, Exchange], Awaitable[BaseModel | Reply | Download | Stream | None]]


@dataclass(frozen=True, slots=True)
class Endpoint:
    method: str
    path: str  # under the API prefix, aiohttp's {name} parameters
    summary: str
    access: Access
    handler: Handler
    body: type[BaseModel] | None
    query: type[BaseModel] | None
    reply: type[BaseModel] | None
    status: int
    problems: tuple[tuple[int, str], ...]
    max_body: int
    idempotent: bool  # takes an Idempotency-Key
    headers: tuple[tuple[str, str, bool], ...]  # (name, description, required)
    may_be_empty: bool  # may answer 204 although it has a reply
    file_type: str | None  # the media type of a Download or Stream
    permission: Permission | None  # of Access.ADMIN
    upload: tuple[str, ...]  # media types of a file that is the body
    fresh: bool  # a person's proof must be recent; keys pass
    in_setup: bool  # also before the second factor that the tenant demands is there
    stores: bool  # what is sent is kept: not where the tenant's storage is full

    @property
    def operation_id(self) -> str:
        name = self.handler.__qualname__
        return name.replace("Api.", "_").lower()

    @property
    def tag(self) -> str:
        return self.handler.__module__.split(".")[-2]


H = TypeVar("H", bound=Handler)


def endpoint(
    method: str,
    path: str,
    summary: str,
    *,
    access: Access = Access.USER,
    body: type[BaseModel] | None = None,
    query: type[BaseModel] | None = None,
    reply: type[BaseModel] | None = None,
    status: int | None = None,
    problems: tuple[tuple[int, str], ...] = (),
    max_body: int = 65536,
    idempotent: bool = False,
    headers: tuple[tuple[str, str, bool], ...] = (),
    may_be_empty: bool = False,
    file_type: str | None = None,
    permission: Permission | None = None,
    upload: tuple[str, ...] = (),
    fresh: bool = False,
    in_setup: bool = False,
    stores: bool | None = None,
) -> Callable[[H], H]:
    """Declare a handler; ``problems`` are the stable codes beyond the common ones.

    With ``permission`` the access is :attr:`Access.ADMIN`. ``fresh``: what would hurt if somebody
    found the device open; the person's proof must be of the last 15 minutes (``step_up_required``).
    """
    if permission is not None:
        access = Access.ADMIN
    assert (access is Access.ADMIN) == (permission is not None), "ADMIN goes by a permission"

    def mark(handler: H) -> H:
        declared = Endpoint(
            method=method,
            path=path,
            summary=summary,
            access=access,
            handler=handler,
            body=body,
            query=query,
            reply=reply,
            status=status or (200 if reply or file_type else 204),
            problems=problems,
            max_body=max_body,
            idempotent=idempotent,
            headers=headers,
            may_be_empty=may_be_empty,
            file_type=file_type,
            permission=permission,
            upload=upload,
            fresh=fresh,
            in_setup=in_setup,
            stores=bool(upload) if stores is None else stores,
        )
        handler.__endpoint__ = declared  # type: ignore[attr-defined]
        return handler

    return mark


def endpoints_of(api: type) -> Iterator[Endpoint]:
    """The endpoints a class declares, in the order written."""
    for member in vars(api).values():
        declared = getattr(member, "__endpoint__", None)
        if isinstance(declared, Endpoint):
            yield declared
