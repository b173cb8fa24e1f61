"""The pool of certificates and keys for `tls`, made anew at each start with the `openssl` command."""
import os
import shutil
import subprocess
import tempfile

KINDS = {
    "rsa": ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"],
    "p256": ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"],
    "p384": ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-384"],
    "ed25519": ["-algorithm", "ED25519"],
}


class Pool:
    """pairs: matching (certificate, key); bad_certificates and bad_keys: none of them fits anything."""

    def __init__(self):
        self.pairs = []
        self.bad_certificates = []
        self.bad_keys = []
        folder = tempfile.mkdtemp(prefix="certificates-")
        try:
            made = {kind: self._make(folder, kind, words) for kind, words in KINDS.items()}
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        for certificate, keys in made.values():
            self._add_pairs(certificate, keys)
        # A further certificate that parses is fine: a chain.
        leaf, keys = made["p256"]
        self.pairs.append((leaf + made["rsa"][0], keys[0]))
        self.pairs.append((leaf + b"\n# issuer\n" + made["ed25519"][0] + made["p384"][0], keys[0]))
        self._add_damaged(*made["rsa"])
        self._add_damaged(*made["p256"])

    def _make(self, folder, kind, algorithm):
        key, certificate = (os.path.join(folder, kind + ending) for ending in (".key", ".crt"))
        openssl("genpkey", *algorithm, "-out", key)
        openssl("req", "-x509", "-new", "-key", key, "-subj", f"/CN={kind}.example", "-days", "30", "-out", certificate)
        keys = [openssl("pkey", "-in", key)]
        if kind == "rsa":
            keys.append(openssl("rsa", "-in", key, "-traditional"))
        if kind.startswith("p"):
            keys.append(openssl("ec", "-in", key))
            keys.append(openssl("ecparam", "-name", {"p256": "prime256v1", "p384": "secp384r1"}[kind]) + keys[1])
        if kind in ("rsa", "p256"):
            self.bad_keys.append(openssl("pkey", "-in", key, "-aes-256-cbc", "-passout", "pass:x"))
            self.bad_keys.append(openssl("pkey", "-in", key, "-pubout"))
        with open(certificate, "rb") as made:
            return made.read(), keys

    def _add_pairs(self, certificate, keys):
        for key in keys:
            self.pairs.append((certificate, key))
        key = keys[0]
        self.pairs.append((crlf(certificate), crlf(key)))
        self.pairs.append((b"subject=x\n\n" + certificate + b"after\n", b"Bag Attributes\n" + key + b"\n\n"))
        self.pairs.append((certificate.rstrip(b"\n"), key.rstrip(b"\n")))
        # Blocks of other kinds before the first that counts are passed over.
        other = b"-----BEGIN OTHER-----\nAAAA\n-----END OTHER-----\n"
        self.pairs.append((other + certificate, other + key))
        self.pairs.append((certificate, key + keys[-1]))

    def _add_damaged(self, certificate, keys):
        for good, bad in [(certificate, self.bad_certificates), *((key, self.bad_keys) for key in keys[:2])]:
            lines = good.splitlines(keepends=True)
            bad.append(b"".join(lines[:1] + lines[2:]))
            bad.append(b"".join(lines[:-1]))
            bad.append(b"".join(lines[1:]))
            bad.append(b"".join(lines[:2] + lines[-1:]))
            bad.append(lines[0] + lines[-1])
            bad.append(good.replace(b"-----BEGIN ", b"----BEGIN "))
            bad.append(good.replace(b"-----END ", b"-----END X"))
            bad.append(lines[0] + b"!" + b"".join(lines[1:]))
        self.bad_certificates += [b"", b"\n", b"no PEM at all\n", keys[0].replace(b"PRIVATE KEY", b"PUBLIC KEY")]
        self.bad_keys += [b"", b"no PEM at all\n", certificate]


def crlf(pem):
    return pem.replace(b"\n", b"\r\n")


def openssl(*words):
    try:
        return subprocess.run(["openssl", *words], check=True, capture_output=True).stdout
    except FileNotFoundError:
        raise SystemExit("the tls group needs the openssl command") from None
