"""A client of LDAP directories that tenants name (RFC 4511), for sign-in and for contacts.

Always over TLS with a verified certificate, only to checked addresses, in threads of its own, with
a limit on time and on what is received: the directory belongs to a tenant, not to us.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, TypeVar

import ldap3
from ldap3.core.exceptions import (
    LDAPCommunicationError,
    LDAPExceptionError,
    LDAPInvalidDnError,
    LDAPInvalidFilterError,
    LDAPSocketOpenError,
    LDAPStartTLSError,
)
from ldap3.utils.conv import escape_filter_chars
from ldap3.utils.dn import escape_rdn

from gateway.addresses import AddressPolicy, AddressRefused, AddressUnknown

TIMEOUT = 10.0  # s for everything that one question takes
_STEP = 5  # s for one step of it
_MAX_BYTES = 4 * 1024 * 1024
_THREADS = 16
_AT_ONCE = 3  # of one directory, so that a slow one leaves threads to the others
_MAX_VALUES = 2000
_MOST_ADDRESSES = 4  # of one name, tried in turn
#: Cut off by a limit on time, number or effort (RFC 4511 appendix A): what came is not all.
_CUT_OFF = (3, 4, 11)
#: No such match, unwilling: like those above, a filter may be the reason.
_OF_QUESTION = (*_CUT_OFF, 18, 53)

T = TypeVar("T")

FailureCode = Literal[
    "address_refused",
    "directory_unreachable",
    "tls_failed",
    "bind_refused",
    "search_invalid",
    "search_failed",
]


class LdapError(Exception):
    """The text is for the tenant's administrator. ``of_question``: another one may be answered."""

    def __init__(self, code: FailureCode, text: str, *, of_question: bool = False) -> None:
        super().__init__(text)
        self.code = code
        self.text = text
        self.of_question = of_question


@dataclass(frozen=True, slots=True)
class LdapServer:
    """``ca_pem``: whom to trust instead of the system's authorities."""

    host: str
    port: int
    security: Literal["starttls", "ldaps"]
    ca_pem: str = ""


@dataclass(frozen=True, slots=True)
class Binding:
    """As whom to ask; an empty ``dn`` is anonymous."""

    dn: str = ""
    password: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class LdapSearch:
    """``whole``: a part is no answer, for who is not in it may be meant too."""

    base: str
    filter: str
    attributes: tuple[str, ...]
    limit: int = 100
    whole: bool = False
    scope: Literal["SUBTREE", "BASE"] = "SUBTREE"


@dataclass(frozen=True, slots=True)
class LdapEntry:
    dn: str
    #: By attribute as it was asked for; values that are no text are left out.
    attributes: Mapping[str, tuple[str, ...]]

    def first(self, attribute: str) -> str:
        values = self.attributes.get(attribute, ())
        return values[0] if values else ""


def in_filter(text: str) -> str:
    """A value for a filter (RFC 4515 section 3): it cannot end its assertion."""
    escaped: str = escape_filter_chars(text)
    return escaped


def in_dn(text: str) -> str:
    """A value for a name (RFC 4514 section 2.4): it cannot begin another part of it."""
    escaped: str = escape_rdn(text) if text else ""
    return escaped


class LdapClient:
    def __init__(self, policy: AddressPolicy, ca_file: Path | None = None) -> None:
        self._policy = policy
        self._ca_file = ca_file
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="ldap")
        self._turns: dict[tuple[str, int], tuple[asyncio.Semaphore, int]] = {}

    def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def search(
        self, server: LdapServer, binding: Binding, search: LdapSearch
    ) -> list[LdapEntry]:
        """At most ``search.limit`` entries."""

        def work(dialogue: _Dialogue) -> list[LdapEntry]:
            dialogue.bind(binding)
            return dialogue.search(search)

        return await self._run(server, work)

    async def find_and_bind(
        self, server: LdapServer, binding: Binding, search: LdapSearch, password: str
    ) -> LdapEntry | None:
        """The one entry found whose password this is; ``None``: none, several, or another."""

        def work(dialogue: _Dialogue) -> LdapEntry | None:
            dialogue.bind(binding)
            found = dialogue.search(search)
            if len(found) != 1 or not dialogue.accepts(Binding(found[0].dn, password)):
                return None
            return found[0]

        return await self._run(server, work)

    async def bind_and_read(
        self, server: LdapServer, binding: Binding, search: LdapSearch
    ) -> LdapEntry | None:
        """Bound as the user, read the user's own entry; ``None``: none, several, or another's.

        The name that was bound and the filter may find two people. A name need not be a DN (Active
        Directory), so that the entry is the user's own is shown by its taking the password too.
        """

        def work(dialogue: _Dialogue) -> LdapEntry | None:
            if not dialogue.accepts(binding):
                return None
            found = dialogue.search(search)
            if len(found) != 1:
                return None
            entry = found[0]
            own = entry.dn == binding.dn
            own = own or dialogue.accepts(Binding(entry.dn, binding.password))
            return entry if own else None

        return await self._run(server, work)

    async def _run(self, server: LdapServer, work: Callable[[_Dialogue], T]) -> T:
        key = server.host, server.port
        turn, waiting = self._turns.get(key, (asyncio.Semaphore(_AT_ONCE), 0))
        self._turns[key] = turn, waiting + 1
        try:
            async with asyncio.timeout(TIMEOUT), turn:
                return await self._ask(server, work)
        except TimeoutError as error:
            raise LdapError("directory_unreachable", f"{server.host} is too slow") from error
        except AddressRefused as error:
            raise LdapError("address_refused", str(error)) from error
        except AddressUnknown as error:
            raise LdapError("directory_unreachable", str(error)) from error
        finally:
            turn, waiting = self._turns.pop(key)
            if waiting > 1:
                self._turns[key] = turn, waiting - 1

    async def _ask(self, server: LdapServer, work: Callable[[_Dialogue], T]) -> T:
        addresses = await self._policy.resolve(server.host)
        dialogue = _Dialogue(server, addresses[:_MOST_ADDRESSES], self._ca_file)

        def run() -> T:
            try:
                dialogue.open()
                return work(dialogue)
            except _CertificateRefused as error:
                raise LdapError(
                    "tls_failed", f"{server.host} shows no valid certificate"
                ) from error
            except LDAPStartTLSError as error:
                raise LdapError("tls_failed", f"{server.host} does not offer TLS") from error
            except (LDAPInvalidFilterError, LDAPInvalidDnError) as error:
                raise LdapError("search_invalid", "The filter or a name is not valid") from error
            except (LDAPCommunicationError, OSError) as error:
                raise LdapError(
                    "directory_unreachable", f"{server.host} does not answer"
                ) from error
            except LDAPExceptionError as error:
                raise LdapError("search_failed", str(error)[:200]) from error
            finally:
                dialogue.close()

        try:
            return await asyncio.get_running_loop().run_in_executor(self._threads, run)
        except asyncio.CancelledError:
            dialogue.cut()  # the thread waits in recv
            raise


class _CertificateRefused(Exception):
    """Apart from the library's errors, which are all alike."""


class _VerifiedTls(ldap3.Tls):
    """The library matches names itself and by its own rules; OpenSSL does it here."""

    def __init__(self, context: ssl.SSLContext, host: str) -> None:
        super().__init__(validate=ssl.CERT_REQUIRED)
        self._context = context
        self._host = host
        self.refused = False

    def wrap_socket(self, connection: Any, do_handshake: bool = False) -> None:
        try:
            wrapped = self._context.wrap_socket(connection.socket, server_hostname=self._host)
        except ssl.SSLError:
            self.refused = True
            raise
        connection.socket = _Limited(wrapped)


class _Limited:
    """A socket from which no more than ``_MAX_BYTES`` come."""

    def __init__(self, wrapped: ssl.SSLSocket) -> None:
        self._wrapped = wrapped
        self._left = _MAX_BYTES

    def recv(self, size: int) -> bytes:
        received = self._wrapped.recv(size)
        self._left -= len(received)
        if self._left < 0:
            raise OSError("the directory sends too much")
        return received

    def __getattr__(self, name: str) -> Any:
        return getattr(self._wrapped, name)


class _Dialogue:
    """One connection, used in one thread."""

    def __init__(self, server: LdapServer, addresses: Sequence[str], ca_file: Path | None) -> None:
        self._server = server
        self._addresses = addresses
        self._ca_file = ca_file
        self._connection: ldap3.Connection | None = None

    def open(self) -> None:
        try:
            context = ssl.create_default_context(cadata=self._server.ca_pem or None)
            context.minimum_version = ssl.TLSVersion.TLSv1_2
            if self._ca_file is not None:
                context.load_verify_locations(self._ca_file)
        except (ssl.SSLError, ValueError) as error:
            raise LdapError("tls_failed", "The certificate authority cannot be read") from error
        for number, address in enumerate(self._addresses, 1):
            try:
                return self._connect(address, context)
            except LDAPSocketOpenError:
                # One of several servers is down, or this machine has no IPv6.
                if number == len(self._addresses):
                    raise

    def _connect(self, address: str, context: ssl.SSLContext) -> None:
        tls = _VerifiedTls(context, self._server.host)
        server = ldap3.Server(
            address,
            port=self._server.port,
            use_ssl=self._server.security == "ldaps",
            tls=tls,
            get_info=ldap3.NONE,
            connect_timeout=max(1, _STEP // len(self._addresses)),
        )
        self._connection = ldap3.Connection(
            server,
            auto_bind=ldap3.AUTO_BIND_NONE,
            auto_referrals=False,  # they would lead anywhere
            read_only=True,
            check_names=False,
            raise_exceptions=False,
            receive_timeout=_STEP,
        )
        try:
            self._connection.open()
            if self._server.security == "starttls":
                self._connection.start_tls(read_server_info=False)
        except LDAPExceptionError as error:
            if tls.refused:
                raise _CertificateRefused from error
            raise

    def bind(self, binding: Binding) -> None:
        if not self.accepts(binding, anonymous=True):
            raise LdapError("bind_refused", "The directory refuses name or password of the account")

    def accepts(self, binding: Binding, *, anonymous: bool = False) -> bool:
        connection = self._open
        if binding.dn and not binding.password:
            # RFC 4513 section 5.1.2: servers take a name without password for nobody, and say yes.
            return False
        if not binding.dn and not anonymous:
            return False
        connection.user = binding.dn or None
        connection.password = binding.password or None
        connection.authentication = ldap3.SIMPLE if binding.dn else ldap3.ANONYMOUS
        return bool(connection.bind(read_server_info=False))

    def search(self, search: LdapSearch) -> list[LdapEntry]:
        connection = self._open
        connection.search(
            search.base,
            search.filter,
            search_scope=search.scope,
            attributes=list(search.attributes),
            size_limit=search.limit,
            time_limit=_STEP,
        )
        found = [item for item in connection.response or () if item["type"] == "searchResEntry"]
        code = connection.result["result"]
        # The directory's own limits may be less than what was asked for.
        enough = code in _CUT_OFF and (len(found) >= search.limit or not search.whole)
        if code not in (0, 32) and not enough:
            raise LdapError(
                "search_failed",
                f"Search: {connection.result['description']}"[:200],
                of_question=code in _OF_QUESTION,
            )
        return [_entry(item, search.attributes) for item in found[: search.limit]]

    def close(self) -> None:
        if self._connection is not None:
            try:
                self._connection.unbind()
            except (LDAPExceptionError, OSError):
                return

    def cut(self) -> None:
        """From the loop's thread."""
        connection = self._connection
        if connection is not None and connection.socket is not None:
            try:
                connection.socket.shutdown(socket.SHUT_RDWR)
            except OSError:
                return

    @property
    def _open(self) -> ldap3.Connection:
        assert self._connection is not None
        return self._connection


def _entry(item: Mapping[str, Any], wanted: Sequence[str]) -> LdapEntry:
    """Attribute names have no case (RFC 4512 section 2.5)."""
    raw = {name.lower(): values for name, values in item["raw_attributes"].items()}
    attributes = {}
    for name in wanted:
        texts = []
        for value in raw.get(name.lower(), [])[:_MAX_VALUES]:
            try:
                texts.append(value.decode())
            except (UnicodeDecodeError, AttributeError):
                continue
        attributes[name] = tuple(texts)
    return LdapEntry(item["dn"], attributes)
