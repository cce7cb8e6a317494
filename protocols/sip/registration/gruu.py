"""Public GRUUs (RFC 5627): a URI that reaches one instance of a user, from anywhere."""

from __future__ import annotations

from protocols.sip.uri import SipUri, Uri


def instance_urn(instance: str) -> str:
    """`<urn:uuid:...>` of `+sip.instance` without its brackets."""
    return instance.strip().strip('"').removeprefix("<").removesuffix(">")


def public_gruu(aor: Uri, host: str, instance: str) -> str | None:
    """`sip:user@host[:port];gr=urn:uuid:...` (RFC 5627 section 5.4).

    `host` must lead back to the registrar, its port included: phones use the GRUU as Contact, so
    ACK, BYE and re-INVITE are sent there.
    """
    if not isinstance(aor, SipUri) or aor.user is None:
        return None
    return f"{aor.scheme}:{aor.user}@{host};gr={instance_urn(instance)}"


def matches_gruu(uri: SipUri, instance: str | None) -> bool:
    gr = uri.param("gr")
    return bool(gr) and instance is not None and gr == instance_urn(instance)
