"""SRTP protection profiles and where their keys come from (RFC 5764 4.2, RFC 7714, RFC 4568)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SrtpProfile:
    """One crypto suite with the names that DTLS-SRTP and SDES give it."""

    name: str  # as libsrtp and RFC 5764 call it, lower case
    dtls_name: str
    sdes_name: str
    key_length: int
    salt_length: int

    @property
    def master_length(self) -> int:
        return self.key_length + self.salt_length


AEAD_AES_256_GCM = SrtpProfile(
    "aead_aes_256_gcm", "SRTP_AEAD_AES_256_GCM", "AEAD_AES_256_GCM", 32, 12
)
AEAD_AES_128_GCM = SrtpProfile(
    "aead_aes_128_gcm", "SRTP_AEAD_AES_128_GCM", "AEAD_AES_128_GCM", 16, 12
)
AES128_CM_SHA1_80 = SrtpProfile(
    "aes128_cm_sha1_80", "SRTP_AES128_CM_SHA1_80", "AES_CM_128_HMAC_SHA1_80", 16, 14
)
AES128_CM_SHA1_32 = SrtpProfile(
    "aes128_cm_sha1_32", "SRTP_AES128_CM_SHA1_32", "AES_CM_128_HMAC_SHA1_32", 16, 14
)

# Our order of preference. The 32 bit tag is offered by nobody here and accepted in SDES only.
DTLS_PROFILES = (AEAD_AES_128_GCM, AEAD_AES_256_GCM, AES128_CM_SHA1_80)
SDES_PROFILES = (AES128_CM_SHA1_80, AES128_CM_SHA1_32, AEAD_AES_128_GCM, AEAD_AES_256_GCM)

DTLS_SRTP_LABEL = b"EXTRACTOR-dtls_srtp"  # RFC 5764 4.2


@dataclass(frozen=True, slots=True)
class MasterKeys:
    """Master key and salt, concatenated, for both directions of one association."""

    profile: SrtpProfile
    local: bytes  # protects what we send
    remote: bytes  # protects what the peer sends


def exporter_length(profile: SrtpProfile) -> int:
    return 2 * profile.master_length


def keys_from_exporter(material: bytes, profile: SrtpProfile, *, client: bool) -> MasterKeys:
    """RFC 5764 4.2: client key, server key, client salt, server salt in that order."""
    if len(material) != exporter_length(profile):
        raise ValueError("keying material of the wrong length")
    key, salt = profile.key_length, profile.salt_length
    client_master = material[:key] + material[2 * key : 2 * key + salt]
    server_master = material[key : 2 * key] + material[2 * key + salt :]
    if client:
        return MasterKeys(profile, local=client_master, remote=server_master)
    return MasterKeys(profile, local=server_master, remote=client_master)


def profile_by_dtls_name(name: str) -> SrtpProfile | None:
    return next((p for p in DTLS_PROFILES if p.dtls_name == name), None)


def profile_by_sdes_name(name: str) -> SrtpProfile | None:
    return next((p for p in SDES_PROFILES if p.sdes_name == name), None)
