"""The two ceremonies of WebAuthn Level 2, with this gateway as relying party. No storage.

The user handle is tenant and user id: a discoverable credential (section 4) thus says itself where
to look, and nobody types an address. It is a claim; the stored key proves it.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import webauthn
from webauthn.helpers import (
    options_to_json_dict,
    parse_authentication_credential_json,
    parse_client_data_json,
    parse_registration_credential_json,
)
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    CredentialDeviceType,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from gateway.credentials.challenges import Challenges
from gateway.credentials.secrets import Secrets
from gateway.ports import UserKey
from gateway.storage.ids import utc_now

_SIGN_IN = "sign in"
_MAX_ID = 1023  # bytes of a credential id (section 6.5.1)


class Refused(Exception):
    """The answer is not one to a challenge of ours, or the proof does not hold."""


@dataclass(frozen=True, slots=True)
class NewPasskey:
    credential_id: bytes
    public_key: bytes
    sign_count: int
    synced: bool
    challenge: bytes
    challenge_end: datetime


@dataclass(frozen=True, slots=True)
class Claim:
    """What an answer says, before anything is proven."""

    user: UserKey
    credential_id: bytes
    challenge: bytes
    challenge_end: datetime
    credential: Mapping[str, Any]


class Ceremony:
    def __init__(
        self,
        secrets: Secrets,
        public_url: str,
        origins: Sequence[str],
        name: str,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self._challenges = Challenges(secrets, now=now)
        self._rp_id = urlsplit(public_url).hostname or "localhost"
        self._name = name
        # Origins under another name could never use these credentials (section 5.1.3).
        self._origins = [origin for origin in origins if self._is_ours(origin)]

    def _is_ours(self, origin: str) -> bool:
        host = urlsplit(origin).hostname or ""
        return host == self._rp_id or host.endswith("." + self._rp_id)

    # --- registration (section 7.1) ----------------------------------------------------------

    def creation_options(
        self, user: UserKey, email: str, name: str, known: Sequence[bytes]
    ) -> dict[str, Any]:
        options = webauthn.generate_registration_options(
            rp_id=self._rp_id,
            rp_name=self._name,
            user_id=_handle(user),
            user_name=email,
            user_display_name=name,
            challenge=self._challenges.new(_registration(user)),
            timeout=300_000,
            authenticator_selection=AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.REQUIRED,
                user_verification=UserVerificationRequirement.REQUIRED,
            ),
            exclude_credentials=[PublicKeyCredentialDescriptor(id=one) for one in known],
        )
        return options_to_json_dict(options)

    def register(self, user: UserKey, credential: Mapping[str, Any]) -> NewPasskey:
        try:
            parsed = parse_registration_credential_json(dict(credential))
            challenge = _challenge_of(parsed.response.client_data_json)
            end = self._challenges.end_of(challenge, _registration(user))
            if end is None:
                raise Refused("challenge")
            verified = webauthn.verify_registration_response(
                credential=parsed,
                expected_challenge=challenge,
                expected_rp_id=self._rp_id,
                expected_origin=self._origins,
                require_user_verification=True,
            )
        except _BROKEN as error:
            raise Refused(str(error)) from error
        if len(verified.credential_id) > _MAX_ID:
            raise Refused("credential id")
        return NewPasskey(
            verified.credential_id,
            verified.credential_public_key,
            verified.sign_count,
            verified.credential_device_type is CredentialDeviceType.MULTI_DEVICE,
            challenge,
            end,
        )

    # --- authentication (section 7.2) --------------------------------------------------------

    def request_options(self) -> dict[str, Any]:
        options = webauthn.generate_authentication_options(
            rp_id=self._rp_id,
            challenge=self._challenges.new(_SIGN_IN),
            timeout=300_000,
            user_verification=UserVerificationRequirement.REQUIRED,
        )
        return options_to_json_dict(options)

    def claim(self, credential: Mapping[str, Any]) -> Claim:
        try:
            parsed = parse_authentication_credential_json(dict(credential))
            challenge = _challenge_of(parsed.response.client_data_json)
            handle = parsed.response.user_handle
            user = _user_of(handle if handle is not None else b"")
        except _BROKEN as error:
            raise Refused(str(error)) from error
        end = self._challenges.end_of(challenge, _SIGN_IN)
        if end is None or user is None:
            raise Refused("challenge or user handle")
        return Claim(user, parsed.raw_id, challenge, end, credential)

    def prove(self, claim: Claim, public_key: bytes, sign_count: int) -> int:
        """The new signature counter; one that does not grow shows a copy (section 6.1.1)."""
        try:
            verified = webauthn.verify_authentication_response(
                credential=dict(claim.credential),
                expected_challenge=claim.challenge,
                expected_rp_id=self._rp_id,
                expected_origin=self._origins,
                credential_public_key=public_key,
                credential_current_sign_count=sign_count,
                require_user_verification=True,
            )
        except _BROKEN as error:
            raise Refused(str(error)) from error
        return verified.new_sign_count


# What the library lets through of hostile input: its own, and what its parsers stumble over.
_BROKEN = (WebAuthnException, ValueError, TypeError, KeyError, IndexError, AttributeError)


def _registration(user: UserKey) -> str:
    return f"register/{user.tenant_id}/{user.user_id}"


def _handle(user: UserKey) -> bytes:
    return uuid.UUID(user.tenant_id).bytes + uuid.UUID(user.user_id).bytes


def _user_of(handle: bytes) -> UserKey | None:
    if len(handle) != 32:
        return None
    return UserKey(str(uuid.UUID(bytes=handle[:16])), str(uuid.UUID(bytes=handle[16:])))


def _challenge_of(client_data: bytes) -> bytes:
    return parse_client_data_json(client_data).challenge
