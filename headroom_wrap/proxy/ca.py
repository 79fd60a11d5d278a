"""A certificate authority of our own, which can vouch for the decrypted hosts and nothing else."""

from __future__ import annotations

import datetime
import hashlib
import ipaddress
import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from headroom_wrap import atomic, paths
from headroom_wrap.errors import ProxyError

# The name under which mitmproxy looks for its authority.
FILE = "mitmproxy-ca.pem"
_LIFE = datetime.timedelta(days=365)
# A session may run for weeks with the certificate it began with.
_RENEW = datetime.timedelta(days=90)
_SKEW = datetime.timedelta(days=2)


def authority(root: Path, hosts: Iterable[str]) -> Path:
    """The file with key and certificate of the authority for these hosts, made when needed."""
    names = constraint(hosts)
    folder = root / hashlib.sha256("\n".join(names).encode()).hexdigest()[:8]
    file = folder / FILE
    for each in (root, folder):
        paths.private(each)
    try:
        if not _fresh(file):
            atomic.write(file, _make(names), 0o600)
    except OSError as problem:
        raise ProxyError(
            f"cannot keep a certificate authority in {folder}: {problem.strerror}",
            "check the folder's permissions, or set HEADROOM_HOME elsewhere",
        ) from problem
    return file


def certificate(file: Path) -> bytes:
    """The public part, as PEM."""
    found = x509.load_pem_x509_certificate(file.read_bytes())
    return found.public_bytes(serialization.Encoding.PEM)


def facts(file: Path) -> dict[str, Any]:
    """What an authority is: where, until when (a date), and the names it may vouch for."""
    found = x509.load_pem_x509_certificate(file.read_bytes())
    only = found.extensions.get_extension_for_class(x509.NameConstraints).value
    names = [str(each.value) for each in only.permitted_subtrees or []]
    return {"file": str(file), "until": f"{found.not_valid_after_utc:%Y-%m-%d}", "names": names}


def rotate(file: Path) -> None:
    """Make an authority anew, for the same names. Raises OSError."""
    atomic.write(file, _make(facts(file)["names"]), 0o600)


def constraint(hosts: Iterable[str]) -> list[str]:
    """The names an authority for these hosts may vouch for; `*` stands for any part of a name."""
    return sorted({host.lower().rpartition("*")[2].lstrip(".") for host in hosts})


def _fresh(file: Path) -> bool:
    try:
        found = x509.load_pem_x509_certificate(file.read_bytes())
        serialization.load_pem_private_key(file.read_bytes(), None)
    except (FileNotFoundError, ValueError, TypeError):
        return False
    # Others may have read the key, by a copy or a restored backup: it vouches for nothing more.
    private = os.name != "posix" or not file.stat().st_mode & 0o077
    return private and found.not_valid_after_utc - _now() > _RENEW


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.timezone.utc)


def _make(names: Sequence[str]) -> bytes:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Headroom (this machine only)")])
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(_now() - _SKEW)
        .not_valid_after(_now() - _SKEW + _LIFE)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(_only(names), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )
    secret = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return secret + builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)


def _only(names: Sequence[str]) -> x509.NameConstraints:
    # A list of names alone would leave addresses free.
    addresses = [ipaddress.ip_network(net) for net in ("0.0.0.0/0", "::/0")]
    return x509.NameConstraints(
        permitted_subtrees=[x509.DNSName(name) for name in names],
        excluded_subtrees=[x509.IPAddress(net) for net in addresses],
    )


def _usage() -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=False,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=True,
        crl_sign=True,
        encipher_only=False,
        decipher_only=False,
    )
