"""All typed header values in one place; the definitions live in the `headers_*` files."""

from protocols.sip.grammar import split_list
from protocols.sip.headers_address import (
    MAGIC_COOKIE,
    NameAddr,
    Via,
    parse_address_list,
)
from protocols.sip.headers_auth import AuthChallenge, AuthCredentials
from protocols.sip.headers_misc import (
    CSeq,
    Event,
    MediaType,
    RAck,
    Reason,
    Replaces,
    SessionExpires,
    SubscriptionState,
    TokenParams,
    Warning_,
    parse_retry_after,
    parse_uint,
)

__all__ = [
    "MAGIC_COOKIE",
    "AuthChallenge",
    "AuthCredentials",
    "CSeq",
    "Event",
    "MediaType",
    "NameAddr",
    "RAck",
    "Reason",
    "Replaces",
    "SessionExpires",
    "SubscriptionState",
    "TokenParams",
    "Via",
    "Warning_",
    "parse_address_list",
    "parse_retry_after",
    "parse_uint",
    "split_list",
]
