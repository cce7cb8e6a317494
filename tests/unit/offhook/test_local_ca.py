"""The demo's certificate authority."""

import ssl
from pathlib import Path

from offhook.demo.ca import LocalCA


def handshake(ca: LocalCA, certificate: Path, key: Path, host: str) -> str | None:
    """Run a TLS handshake in memory with full verification; the verdict on the certificate."""
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(certificate, key)
    client = ssl.create_default_context(cafile=str(ca.certificate))
    to_server, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
    near = client.wrap_bio(to_client, to_server, server_hostname=host)
    far = server.wrap_bio(to_server, to_client, server_side=True)
    for side in (near, far, near, far):
        try:
            side.do_handshake()
        except ssl.SSLWantReadError:
            continue
        except ssl.SSLCertVerificationError as error:
            return error.verify_message
    return near.version()


def test_a_leaf_is_trusted_for_its_names_and_addresses_only(tmp_path: Path) -> None:
    ca = LocalCA(tmp_path / "ca")
    ca.ensure()
    leaf = ca.issue("gateway", ["localhost", "192.0.2.7"])
    assert handshake(ca, leaf.certificate, leaf.key, "localhost") == "TLSv1.3"
    assert handshake(ca, leaf.certificate, leaf.key, "192.0.2.7") == "TLSv1.3"
    refused = handshake(ca, leaf.certificate, leaf.key, "example.test")
    assert refused is not None and "mismatch" in refused.lower()


def test_another_ca_is_not_trusted(tmp_path: Path) -> None:
    ours, theirs = LocalCA(tmp_path / "a"), LocalCA(tmp_path / "b")
    ours.ensure()
    theirs.ensure()
    leaf = theirs.issue("gateway", ["localhost"])
    verdict = handshake(ours, leaf.certificate, leaf.key, "localhost")
    assert verdict is not None and not verdict.startswith("TLSv1")


def test_a_leaf_is_kept_until_its_hosts_change(tmp_path: Path) -> None:
    ca = LocalCA(tmp_path / "ca")
    ca.ensure()
    first = ca.issue("gateway", ["localhost"]).certificate.read_bytes()
    assert ca.issue("gateway", ["localhost"]).certificate.read_bytes() == first
    assert ca.issue("gateway", ["localhost", "pbx"]).certificate.read_bytes() != first


def test_keys_are_for_the_owner_only(tmp_path: Path) -> None:
    ca = LocalCA(tmp_path / "ca")
    ca.ensure()
    leaf = ca.issue("gateway", ["localhost"])
    for key in (leaf.key, tmp_path / "ca" / "ca.key"):
        assert key.stat().st_mode & 0o077 == 0
