"""Certificate bundles: what the user's programs trust already, and our authority."""

from __future__ import annotations

import hashlib
import ssl
from collections.abc import Iterable, Mapping
from pathlib import Path

from headroom_wrap import atomic
from headroom_wrap.errors import ProxyError

# Where systems keep their roots, if OpenSSL's own idea of it is not there.
_SYSTEM = (
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
)
_OWN = ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "NODE_EXTRA_CA_CERTS")


def system() -> bytes:
    """The system's roots; certifi's where there are none to be found."""
    named = ssl.get_default_verify_paths().openssl_cafile
    for place in (named, *_SYSTEM):
        if place and (found := _read(place)):
            return found
    import certifi

    return _read(certifi.where())


def own(environ: Mapping[str, str], names: Iterable[str] = ()) -> list[bytes]:
    """The files that the user's own variables name."""
    chosen = dict.fromkeys(environ.get(name, "") for name in (*_OWN, *names))
    return [found for place in chosen if place and (found := _read(place))]


def bundle(folder: Path, parts: Iterable[bytes]) -> Path:
    """A file with all these certificates, named by its content: sessions share it."""
    content = b"".join(part.rstrip() + b"\n" for part in dict.fromkeys(parts))
    file = folder / f"trust-{hashlib.sha256(content).hexdigest()[:12]}.pem"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if _read(str(file)) != content:
            atomic.write(file, content, 0o600)
    except OSError as problem:
        raise ProxyError(f"cannot write {file}: {problem.strerror}") from problem
    return file


def _read(place: str) -> bytes:
    try:
        return Path(place).read_bytes()
    except OSError:
        return b""
