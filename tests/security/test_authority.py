"""Whoever has the key of our authority can vouch for the model's hosts and for nothing else."""

from __future__ import annotations

import datetime
import ipaddress
import shutil
import socket
import ssl
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from headroom_wrap.proxy import ca
from tests.conftest import Need
from tests.security.conftest import HOST, Wrapped

# What a thief of the key could make, and whether anybody may believe it.
NAMES = {
    HOST: True,
    "claude.ai": False,
    "anthropic.com": False,
    "evilapi.anthropic.com": False,
    "127.0.0.1": False,
}
PYTHON = """
import socket, ssl, sys
context = ssl.create_default_context(cafile=sys.argv[3])
with socket.create_connection(("127.0.0.1", int(sys.argv[2])), 10) as line:
    context.wrap_socket(line, server_hostname=sys.argv[1]).recv(10)
"""
NODE = """
const [host, port] = process.argv.slice(1);
const options = {host: "127.0.0.1", port, servername: /^[0-9.]+$/.test(host) ? "" : host};
options.checkServerIdentity = (_, found) => require("tls").checkServerIdentity(host, found);
require("tls").connect(options, () => process.exit(0))
  .on("error", (problem) => { console.error(problem.message); process.exit(1) });
"""


def _python(host: str, port: int, trust: Path) -> list[str]:
    return [sys.executable, "-c", PYTHON, host, str(port), str(trust)]


def _curl(host: str, port: int, trust: Path) -> list[str]:
    place = f"{host}:{port}:127.0.0.1"
    return [
        "curl",
        "-sS",
        "--http0.9",
        "--cacert",
        str(trust),
        "--resolve",
        place,
        f"https://{host}:{port}/",
    ]


def _node(host: str, port: int, trust: Path) -> list[str]:
    return ["env", f"NODE_EXTRA_CA_CERTS={trust}", "node", "-e", NODE, host, str(port)]


def _openssl(host: str, port: int, trust: Path) -> list[str]:
    named = "-verify_ip" if host[0].isdigit() else "-verify_hostname"
    return [
        "openssl",
        "verify",
        "-x509_strict",
        "-CAfile",
        str(trust),
        named,
        host,
        str(trust.parent / f"{host}.pem"),
    ]


CLIENTS: dict[str, Callable[[str, int, Path], list[str]]] = {
    sys.executable: _python,
    "curl": _curl,
    "node": _node,
    "openssl": _openssl,
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for each name, made with the key of our authority."""
    made = tmp_path_factory.mktemp("authority")
    authority = ca.authority(made / "ca", [HOST])
    (made / "trust.pem").write_bytes(ca.certificate(authority))
    for name in NAMES:
        (made / f"{name}.pem").write_bytes(_leaf(authority.read_bytes(), name))
    return made


def _leaf(authority: bytes, name: str) -> bytes:
    issuer = x509.load_pem_x509_certificate(authority)
    signing = serialization.load_pem_private_key(authority, None)
    assert isinstance(signing, ec.EllipticCurvePrivateKey)
    key = ec.generate_private_key(ec.SECP256R1())
    alternative: x509.GeneralName = x509.DNSName(name)
    if name[0].isdigit():
        alternative = x509.IPAddress(ipaddress.ip_address(name))
    now, day = datetime.datetime.now(datetime.timezone.utc), datetime.timedelta(days=1)
    made = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.ORGANIZATION_NAME, "a thief")]))
        .issuer_name(issuer.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - day)
        .not_valid_after(now + day)
        .add_extension(x509.SubjectAlternativeName([alternative]), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(signing.public_key()),
            critical=False,
        )
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(signing, hashes.SHA256())
    )
    secret = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return made.public_bytes(serialization.Encoding.PEM) + secret


@pytest.fixture(scope="module")
def serving(folder: Path) -> Iterator[Callable[[str], int]]:
    """`serving(name)`: a port where the certificate for this name is shown."""
    open_ones: list[socket.socket] = []

    def serve(name: str) -> int:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(folder / f"{name}.pem")
        door = socket.create_server(("127.0.0.1", 0))
        open_ones.append(door)
        threading.Thread(target=_greet, args=(door, context), daemon=True).start()
        return int(door.getsockname()[1])

    yield serve
    for door in open_ones:
        door.shutdown(socket.SHUT_RDWR)
        door.close()


def _greet(door: socket.socket, context: ssl.SSLContext) -> None:
    while True:
        try:
            line, _ = door.accept()
        except OSError:
            return
        try:
            with context.wrap_socket(line, server_side=True) as inside:
                inside.sendall(b"fine\n")
                # Who hangs up on a question that is still to be read resets the connection.
                inside.settimeout(5)
                inside.recv(1 << 16)
        except OSError:
            line.close()


@pytest.mark.parametrize("program", CLIENTS, ids=lambda program: Path(program).name)
def test_every_client_refuses_what_it_may_not_vouch_for(
    program: str, folder: Path, serving: Callable[[str], int], need: Need
) -> None:
    need(shutil.which(program), f"{program} is not installed")
    believed = {}
    for name in NAMES:
        command = CLIENTS[program](name, serving(name), folder / "trust.pem")
        ran = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
        believed[name] = ran.returncode == 0
        if not NAMES[name]:
            said = (ran.stdout + ran.stderr).lower()
            # For the right reason: not for a name that does not match, or a broken chain.
            assert "subtree" in said or "constraint" in said, said
    assert believed == NAMES


def test_its_key_lies_in_one_place_that_is_private(wrapped: Wrapped) -> None:
    system = ssl.get_default_verify_paths().openssl_cafile
    before = Path(system).read_bytes() if Path(system).exists() else b""
    code, _, err = wrapped.run(*_asking(wrapped))
    assert code == 0, err
    files = [path for path in wrapped.folder.rglob("*") if path.is_file()]
    keys = [path for path in files if b"PRIVATE KEY" in path.read_bytes()]
    [key] = keys
    assert key.name == ca.FILE
    assert key.stat().st_mode & 0o777 == 0o600
    for folder in (key.parent, key.parent.parent):
        assert folder.stat().st_mode & 0o777 == 0o700
    assert b"PRIVATE" not in Path(wrapped.environ["NODE_EXTRA_CA_CERTS"]).read_bytes()
    after = Path(system).read_bytes() if Path(system).exists() else b""
    assert after == before


def _asking(wrapped: Wrapped) -> list[str]:
    trust = wrapped.environ["NODE_EXTRA_CA_CERTS"]
    return ["curl", "-sS", "--cacert", trust, f"https://{HOST}/v1/models"]


def test_a_key_that_others_could_read_is_made_anew(tmp_path: Path) -> None:
    file = ca.authority(tmp_path, [HOST])
    before = file.read_bytes()
    assert ca.authority(tmp_path, [HOST]).read_bytes() == before
    file.chmod(0o644)
    file.parent.chmod(0o755)
    assert ca.authority(tmp_path, [HOST]).read_bytes() != before
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.parent.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize(("age", "renewed"), [(1, False), (270, False), (280, True), (400, True)])
def test_it_is_renewed_before_it_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, age: int, renewed: bool
) -> None:
    now = datetime.datetime.now(datetime.timezone.utc)
    with monkeypatch.context() as then:
        then.setattr(ca, "_now", lambda: now - datetime.timedelta(days=age))
        before = ca.authority(tmp_path, [HOST]).read_bytes()
    assert (ca.authority(tmp_path, [HOST]).read_bytes() != before) == renewed


@pytest.mark.parametrize("verb", ["rotate", "remove"])
def test_a_running_session_keeps_the_authority_it_began_with(wrapped: Wrapped, verb: str) -> None:
    for command in ([], [sys.executable, "-m", "headroom_wrap", "ca", verb], []):
        code, _, err = wrapped.run(*(command or _asking(wrapped)))
        assert code == 0, err
