#!/usr/bin/env python3
"""Compares whom mksecret and a real kubectl trust: serves chains of certificates on loopback and runs both.

    tests/conformance/chains.py --kubectl target/kubectl/bin/kubectl [NAME...]
    tests/conformance/chains.py --write tests/fixtures/chains.der

Needs the Python package `cryptography`. Keys are random. The validity is fixed, so that a chain that is written to a file
has the same verdict at any time from 2026 to 2069. The file is DER, a SEQUENCE of rows, each a SEQUENCE of a UTF8String (the
name), a UTF8String (the host that is expected), a SEQUENCE of what the server sends and a SEQUENCE of what is trusted.
"""
import argparse
import base64
import json
import os
import pathlib
import re
import socket
import ssl
import subprocess
import sys
import tempfile
import threading

from chain_rows import der, rows

ANSWER = json.dumps({
    "kind": "Secret",
    "apiVersion": "v1",
    "metadata": {"name": "s", "namespace": "default", "uid": "u", "resourceVersion": "1"},
}).encode()
# What kubectl takes and the tool refuses, see the table of differences in README.
STRICTER = {"key-p224-ca", "key-rsa1024", "key-rsa1024-ca", "depth-7", "policy-critical", "tls-1.2-p521"}


def main():
    parser = argparse.ArgumentParser(description="Compare whom mksecret and kubectl trust")
    parser.add_argument("--bin", default="target/release/mksecret", help="the tool (default: %(default)s)")
    parser.add_argument("--kubectl", default="kubectl", help="a real kubectl v1.37.1 (default: %(default)s)")
    parser.add_argument("--write", metavar="FILE", help="write the chains to a file and run nothing")
    parser.add_argument("-v", "--verbose", action="store_true", help="print every verdict")
    parser.add_argument("names", nargs="*", help="the chains (default: all)")
    options = parser.parse_args()
    chosen = [row for row in rows() if not options.names or row.name in options.names]
    if options.write:
        pathlib.Path(options.write).write_bytes(encode(chosen))
        return 0
    failures = 0
    with tempfile.TemporaryDirectory() as folder:
        for row in chosen:
            failures += not compare(options, pathlib.Path(folder), row)
    print(f"{len(chosen)} chains, {failures} differences")
    return 1 if failures else 0


def compare(options, folder, row):
    """Whether both tools judge a row alike, and as the table says."""
    with Server(folder, row) as server:
        kubeconfig = folder / "kubeconfig"
        cluster = {"server": f"https://127.0.0.1:{server.port}"}
        if row.insecure:
            cluster["insecure-skip-tls-verify"] = True
        else:
            cluster["certificate-authority-data"] = base64.b64encode(pem(row.roots)).decode()
        if row.host != "127.0.0.1":
            cluster["tls-server-name"] = row.host
        kubeconfig.write_text(json.dumps({
            "clusters": [{"name": "c", "cluster": cluster}],
            "contexts": [{"name": "x", "context": {"cluster": "c", "user": "u"}}],
            "current-context": "x",
            "users": [{"name": "u", "user": {"token": "t"}}],
        }))
        words = ["generic", "s", "--from-literal=a=b"]
        environment = {"HOME": str(folder), "KUBECONFIG": str(kubeconfig), "PATH": os.environ["PATH"]}
        ask = lambda command: subprocess.run(command, capture_output=True, text=True, env=environment, check=False, timeout=60)
        kubectl, tool = ask([options.kubectl, "create", "secret", *words]), ask([options.bin, *words])
    taken = (kubectl.returncode == 0, tool.returncode == 0)
    expected = (True, False) if row.name in STRICTER else (row.taken, row.taken)
    is_good = taken == expected and tool.returncode in (0, 1)
    if options.verbose or not is_good:
        said = [next(iter(answer.stderr.strip().splitlines()), "") for answer in (kubectl, tool)]
        print(f"{'same' if taken[0] == taken[1] else 'LAXER' if taken[1] else 'stricter'} {row.name}: expected {expected}")
        print(f"    kubectl  {kubectl.returncode} {said[0][-160:]}\n    mksecret {tool.returncode} {said[1][-200:]}")
    return is_good


class Server:
    """Answers every request on loopback as an API server that creates Secrets."""

    def __init__(self, folder, row):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.set_ciphers("ALL:@SECLEVEL=0")
        if row.tls:
            context.minimum_version = context.maximum_version = row.tls
        certificates, key = folder / "server.crt", folder / "server.key"
        certificates.write_bytes(pem(row.sent))
        key.write_bytes(row.key_pem())
        context.load_cert_chain(certificates, key)
        self.context = context
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]

    def __enter__(self):
        threading.Thread(target=self.listen, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.socket.close()

    def listen(self):
        while True:
            try:
                connection, _ = self.socket.accept()
            except OSError:
                return
            threading.Thread(target=self.answer, args=(connection,), daemon=True).start()

    @staticmethod
    def ended():
        raise OSError("the connection ended")

    def answer(self, connection):
        try:
            connection.settimeout(20)
            with self.context.wrap_socket(connection, server_side=True) as stream:
                request = b""
                while b"\r\n\r\n" not in request:
                    request += stream.recv(65536) or self.ended()
                head, body = request.split(b"\r\n\r\n", 1)
                length = int(re.search(rb"content-length: (\d+)", head, re.IGNORECASE).group(1))
                while len(body) < length:
                    body += stream.recv(65536) or self.ended()
                head = f"HTTP/1.1 201 Created\r\nContent-Type: application/json\r\nContent-Length: {len(ANSWER)}\r\n"
                stream.sendall(f"{head}Connection: close\r\n\r\n".encode() + ANSWER)
        except OSError:
            pass
        finally:
            connection.close()


def pem(certificates):
    blocks = []
    for certificate in certificates:
        text = base64.encodebytes(certificate).decode()
        blocks.append(f"-----BEGIN CERTIFICATE-----\n{text}-----END CERTIFICATE-----\n")
    return "".join(blocks).encode()


def encode(chosen):
    text = lambda value: der(0x0C, value.encode())
    return der(0x30, b"".join(
        der(0x30, text(row.name) + text(row.host) + der(0x30, b"".join(row.sent)) + der(0x30, b"".join(row.roots)))
        for row in chosen if not row.insecure and not row.is_live
    ))


if __name__ == "__main__":
    sys.exit(main())
