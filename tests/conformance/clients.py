#!/usr/bin/env python3
"""Compares which client certificates mksecret and a real kubectl can show to a server that asks for one.

    tests/conformance/clients.py --kubectl target/kubectl/bin/kubectl [NAME...]

Needs the Python package `cryptography`. Each row is a client certificate with its key, in a kubeconfig of its own; the server is
on loopback, takes the certificates of one CA only and checks that the client has the key.
"""
import argparse
import datetime
import json
import os
import pathlib
import ssl
import subprocess
import sys
import tempfile

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.x509.oid import NameOID

from chains import Server

START, END = datetime.datetime(2026, 1, 1), datetime.datetime(2069, 1, 1)
PEM = serialization.Encoding.PEM
PKCS1_OR_SEC1 = serialization.PrivateFormat.TraditionalOpenSSL
PKCS8 = serialization.PrivateFormat.PKCS8
# What kubectl shows and the tool refuses, see the table of differences in README.
STRICTER = {"rsa-1024", "rsa-2560", "rsa-8192"}
# An OpenSSL server compares the curve with the groups that the client offers for the key exchange. A Go server does not.
STRICTER_IN_TLS_1_2 = {"p521", "p521-sec1"}


def main():
    parser = argparse.ArgumentParser(description="Compare which client certificates mksecret and kubectl show")
    parser.add_argument("--bin", default="target/release/mksecret", help="the tool (default: %(default)s)")
    parser.add_argument("--kubectl", default="kubectl", help="a real kubectl v1.37.1 (default: %(default)s)")
    parser.add_argument("-v", "--verbose", action="store_true", help="print every verdict")
    parser.add_argument("names", nargs="*", help="the rows (default: all)")
    options = parser.parse_args()
    authority = Authority()
    failures = count = 0
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        for name, versions, pair in rows(authority):
            if options.names and name not in options.names:
                continue
            for version in versions:
                count += 1
                failures += not compare(options, folder, authority, name, version, pair)
    print(f"{count} client certificates, {failures} differences")
    return 1 if failures else 0


class Authority:
    """A CA that signs certificates of servers and clients."""

    def __init__(self):
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.name = named("clients' CA")
        builder = certificate(self.name, self.name, self.key.public_key())
        builder = builder.add_extension(x509.BasicConstraints(True, None), critical=True)
        self.pem = builder.sign(self.key, hashes.SHA256()).public_bytes(PEM)
        self.sent = [self.of_server()]

    def of_server(self):
        self.server_key = ec.generate_private_key(ec.SECP256R1())
        builder = certificate(named("server"), self.name, self.server_key.public_key())
        names = x509.SubjectAlternativeName([x509.DNSName("localhost")])
        signed = builder.add_extension(names, critical=False).sign(self.key, hashes.SHA256())
        return signed.public_bytes(serialization.Encoding.DER)

    def key_pem(self):
        return text(self.server_key, PKCS8)

    def issue(self, public_key, usage=None):
        builder = certificate(named("client"), self.name, public_key)
        if usage:
            builder = builder.add_extension(x509.ExtendedKeyUsage([usage]), critical=False)
        return builder.sign(self.key, hashes.SHA256()).public_bytes(PEM)


def named(name):
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def certificate(subject, issuer, public_key):
    builder = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(public_key)
    return builder.serial_number(x509.random_serial_number()).not_valid_before(START).not_valid_after(END)


def text(key, form):
    return key.private_bytes(PEM, form, serialization.NoEncryption())


def rows(authority):
    """Each row's name, its versions of TLS and its certificate with key."""
    both = (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3)
    for bits in (1024, 2048, 2560, 3072, 4096, 8192):
        key = rsa.generate_private_key(65537, bits)
        pair = (authority.issue(key.public_key()), text(key, PKCS8))
        yield f"rsa-{bits}", both, pair
        if bits == 2048:
            yield "rsa-pkcs1", both, (pair[0], text(key, PKCS1_OR_SEC1))
            yield "rsa-label-of-pkcs8", both, (pair[0], text(key, PKCS1_OR_SEC1).replace(b"RSA PRIVATE", b"PRIVATE"))
    for name, curve in (("p224", ec.SECP224R1), ("p256", ec.SECP256R1), ("p384", ec.SECP384R1), ("p521", ec.SECP521R1)):
        key = ec.generate_private_key(curve())
        pair = (authority.issue(key.public_key()), text(key, PKCS8))
        yield name, both, pair
        yield f"{name}-sec1", both, (pair[0], text(key, PKCS1_OR_SEC1))
    key = ed25519.Ed25519PrivateKey.generate()
    yield "ed25519", both, (authority.issue(key.public_key()), text(key, PKCS8))
    key, other = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    issued = authority.issue(key.public_key())
    usage = x509.oid.ExtendedKeyUsageOID
    yield "for-clients", both[1:], (authority.issue(key.public_key(), usage.CLIENT_AUTH), text(key, PKCS8))
    yield "for-servers", both[1:], (authority.issue(key.public_key(), usage.SERVER_AUTH), text(key, PKCS8))
    yield "version-1", both, (version_1(authority, key), text(key, PKCS8))
    yield "another-key", both[1:], (issued, text(other, PKCS8))
    yield "two-keys", both[1:], (issued, text(key, PKCS8) + text(other, PKCS8))
    yield "two-keys-wrong-first", both[1:], (issued, text(other, PKCS8) + text(key, PKCS8))
    yield "one-file", both[1:], (issued + text(key, PKCS8), issued + text(key, PKCS8))
    yield "with-its-ca", both[1:], (issued + authority.pem, text(key, PKCS8))
    yield "text-around", both[1:], (b"subject=CN = client\n" + issued, b"Bag Attributes\n" + text(key, PKCS8))


def version_1(authority, key):
    """A certificate of version 1, which openssl makes if it is asked for no extension."""
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        (folder / "ca.key").write_bytes(text(authority.key, PKCS8))
        (folder / "ca.crt").write_bytes(authority.pem)
        (folder / "key").write_bytes(text(key, PKCS8))
        run = lambda words, **more: subprocess.run(["openssl", *words.split()], cwd=folder, check=True, capture_output=True, **more)
        request = run("req -new -key key -subj /CN=client").stdout
        sign = "x509 -req -CA ca.crt -CAkey ca.key -set_serial 7 -days 10000"
        made = run(sign, input=request).stdout
    assert x509.load_pem_x509_certificate(made).version == x509.Version.v1
    return made


def compare(options, folder, authority, name, version, pair):
    """Whether both tools get the same answer."""
    authority.tls = version
    with Server(folder, authority) as server:
        server.context.verify_mode = ssl.CERT_REQUIRED
        server.context.load_verify_locations(cadata=authority.pem.decode())
        (folder / "ca.crt").write_bytes(authority.pem)
        (folder / "client.crt").write_bytes(pair[0])
        (folder / "client.key").write_bytes(pair[1])
        cluster = {"server": f"https://localhost:{server.port}", "certificate-authority": "ca.crt"}
        user = {"client-certificate": "client.crt", "client-key": "client.key"}
        (folder / "kubeconfig").write_text(json.dumps({
            "apiVersion": "v1", "kind": "Config", "current-context": "x",
            "clusters": [{"name": "c", "cluster": cluster}],
            "contexts": [{"name": "x", "context": {"cluster": "c", "user": "u"}}],
            "users": [{"name": "u", "user": user}],
        }))
        environment = {"HOME": str(folder), "KUBECONFIG": str(folder / "kubeconfig"), "PATH": os.environ["PATH"]}
        words = ["generic", "s", "--from-literal=a=b"]
        commands = [options.kubectl, "create", "secret", *words], [options.bin, *words]
        kubectl, tool = (
            subprocess.run(command, capture_output=True, text=True, env=environment, timeout=60) for command in commands
        )
    shown = [answer.returncode == 0 for answer in (kubectl, tool)]
    refused = STRICTER | (STRICTER_IN_TLS_1_2 if version is ssl.TLSVersion.TLSv1_2 else set())
    is_good = shown[1] == (shown[0] and name not in refused)
    if options.verbose or not is_good:
        print(f"{'same' if shown[0] == shown[1] else 'LAXER' if shown[1] else 'stricter'} {name} {version.name}")
        print(f"    kubectl  {kubectl.returncode} {kubectl.stderr.strip()[-160:]}")
        print(f"    mksecret {tool.returncode} {tool.stderr.strip()[:200]}")
    return is_good


if __name__ == "__main__":
    sys.exit(main())
