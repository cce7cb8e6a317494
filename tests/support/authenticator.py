"""An authenticator in software: makes and uses discoverable credentials as a browser's would."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from dataclasses import dataclass
from typing import Any

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

UP, UV, BE, BS, AT = 0x01, 0x04, 0x08, 0x10, 0x40


def b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def unb64(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


@dataclass
class Credential:
    id: bytes
    key: ec.EllipticCurvePrivateKey
    rp_id: str
    user_handle: bytes
    count: int = 0


class Authenticator:
    """``flags``: what it says of its user; ``origin``: where the page it serves came from."""

    def __init__(self, origin: str, flags: int = UP | UV) -> None:
        self.origin = origin
        self.flags = flags
        self.credentials: list[Credential] = []

    def _client_data(self, kind: str, challenge: str) -> bytes:
        said = {"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False}
        return json.dumps(said).encode()

    def create(self, options: dict[str, Any]) -> dict[str, Any]:
        key = ec.generate_private_key(ec.SECP256R1())
        made = Credential(
            secrets.token_bytes(16), key, options["rp"]["id"], unb64(options["user"]["id"])
        )
        self.credentials.append(made)
        numbers = key.public_key().public_numbers()
        cose = cbor2.dumps(
            {
                1: 2,
                3: -7,
                -1: 1,
                -2: numbers.x.to_bytes(32, "big"),
                -3: numbers.y.to_bytes(32, "big"),
            }
        )
        data = self._head(made, self.flags | AT)
        data += bytes(16) + len(made.id).to_bytes(2, "big") + made.id + cose
        attestation = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        client = self._client_data("webauthn.create", options["challenge"])
        response = {"clientDataJSON": b64(client), "attestationObject": b64(attestation)}
        return _json(made, response)

    def get(
        self, options: dict[str, Any], made: Credential | None = None, *, step: int = 1
    ) -> dict[str, Any]:
        made = made or self.credentials[-1]
        made.count += step
        data = self._head(made, self.flags)
        client = self._client_data("webauthn.get", options["challenge"])
        signed = data + hashlib.sha256(client).digest()
        response = {
            "clientDataJSON": b64(client),
            "authenticatorData": b64(data),
            "signature": b64(made.key.sign(signed, ec.ECDSA(hashes.SHA256()))),
            "userHandle": b64(made.user_handle),
        }
        return _json(made, response)

    def _head(self, made: Credential, flags: int) -> bytes:
        rp = hashlib.sha256(made.rp_id.encode()).digest()
        return rp + bytes([flags]) + made.count.to_bytes(4, "big")


def _json(made: Credential, response: dict[str, str]) -> dict[str, Any]:
    return {
        "id": b64(made.id),
        "rawId": b64(made.id),
        "type": "public-key",
        "response": response,
        "clientExtensionResults": {},
    }
