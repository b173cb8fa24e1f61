#!/usr/bin/env python3
"""Pairs of certificate and key as common tools make them, and what mksecret warns of.

    tests/conformance/ordinary.py --bin target/release/mksecret

Each row names the tool whose profile it has. With --warnings-as-errors none may fail, with and without --ca, but for the
rows that say which warning is right for them. The system's bundle of CAs is given as --ca as well. Needs cryptography.
"""
import argparse
import datetime
import ipaddress
import pathlib
import re
import subprocess
import sys
import tempfile

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID, NameOID

SERVER, CLIENT = ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH
NOW = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0)
BUNDLES = ["/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/cert.pem"]
PKCS8 = serialization.PrivateFormat.PKCS8
OWN = serialization.PrivateFormat.TraditionalOpenSSL
HOSTS = ["DNS:www.example.com", "DNS:example.com"]
MISSING = "is not in the file; if it is an intermediate"
NAMELESS = "has no subject alternative name"


def rsa_key(bits=2048):
    return rsa.generate_private_key(65537, bits)


def ec_key():
    return ec.generate_private_key(ec.SECP256R1())


def name(**parts):
    oids = {"cn": NameOID.COMMON_NAME, "o": NameOID.ORGANIZATION_NAME, "ou": NameOID.ORGANIZATIONAL_UNIT_NAME, "c": NameOID.COUNTRY_NAME}
    return x509.Name([x509.NameAttribute(oids[part], text) for part, text in parts.items()])


class Certificate:
    """A certificate and its key. `issuer` is another one; None signs itself."""

    def __init__(self, subject, key, issuer=None, *, ca=False, sans=(), usages=(), days=90, constraints=True, address=False, whole_key_id=False, critical_sans=False):
        self.subject, self.key, self.ca = subject, key, ca
        signer = issuer or self
        public = key.public_key()
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(signer.subject)
            .public_key(public)
            .serial_number(x509.random_serial_number())
            .not_valid_before(NOW - datetime.timedelta(hours=1))
            .not_valid_after(NOW + datetime.timedelta(days=days))
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), False)
        )
        if constraints:
            builder = builder.add_extension(x509.BasicConstraints(ca, None), True)
        signs = isinstance(key, rsa.RSAPrivateKey) and not ca
        builder = builder.add_extension(x509.KeyUsage(not ca, False, signs, False, False, ca, ca, False, False), True)
        if usages:
            builder = builder.add_extension(x509.ExtendedKeyUsage(usages), False)
        if sans:
            builder = builder.add_extension(x509.SubjectAlternativeName([general(san) for san in sans]), critical_sans)
        if issuer:
            identifier = x509.SubjectKeyIdentifier.from_public_key(issuer.key.public_key())
            authority = x509.AuthorityKeyIdentifier(identifier.digest, None, None)
            if whole_key_id:
                authority = x509.AuthorityKeyIdentifier(identifier.digest, [x509.DirectoryName(issuer.issuer)], issuer.serial)
            builder = builder.add_extension(authority, False)
        if address:
            place = x509.UniformResourceIdentifier("http://issuer.example/")
            places = [x509.AccessDescription(AuthorityInformationAccessOID.CA_ISSUERS, place)]
            builder = builder.add_extension(x509.AuthorityInformationAccess(places), False)
        algorithm = None if isinstance(signer.key, ed25519.Ed25519PrivateKey) else hashes.SHA256()
        self.certificate = builder.sign(signer.key, algorithm)
        self.issuer, self.serial = signer.subject, self.certificate.serial_number

    def pem(self):
        return self.certificate.public_bytes(serialization.Encoding.PEM)

    def key_pem(self, form):
        return self.key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption())


def general(san):
    kind, _, value = san.partition(":")
    return x509.DNSName(value) if kind == "DNS" else x509.IPAddress(ipaddress.ip_address(value))


def root(subject, key=None, **more):
    return Certificate(subject, key or ec_key(), ca=True, days=3650, **more)


def between(subject, issuer, key=None):
    return Certificate(subject, key or ec_key(), issuer, ca=True, days=1800)


class Row:
    """A pair: `chain` is what is in the certificate's file."""

    def __init__(self, tool, chain, form, *, ca=None, text=b"", expected=None):
        self.tool, self.chain, self.form, self.ca, self.text, self.expected = tool, chain, form, ca, text, expected


def rows():
    yield from public_cas()
    yield from clusters()
    yield from private_cas()
    yield from self_signed()


def public_cas():
    """certbot's live/: fullchain.pem, cert.pem and privkey.pem, which is PKCS#8; lego has the same in NAME.crt."""
    top = root(name(c="US", o="Internet Security Research Group", cn="ISRG Root X1"), rsa_key())
    for issuer, key in [("R12", rsa_key()), ("E7", ec_key())]:
        middle = between(name(c="US", o="Let's Encrypt", cn=issuer), top, key)
        for made in (rsa_key, ec_key):
            classic = Certificate(name(cn="example.com"), made(), middle, sans=HOSTS, usages=[SERVER, CLIENT], address=True)
            yield Row(f"certbot, fullchain.pem of {issuer}", [classic, middle], PKCS8, ca=top)
            new = Certificate(name(), made(), middle, sans=HOSTS, usages=[SERVER], address=True, critical_sans=True)
            yield Row(f"certbot, without a common name, of {issuer}", [new, middle], PKCS8, ca=top)
            yield Row(f"lego, NAME.crt of {issuer}", [classic, middle], OWN, ca=top)
        # The file is the wrong one: clients that do not load intermediates themselves fail.
        yield Row(f"certbot, cert.pem of {issuer}", [classic], PKCS8, expected=MISSING)


def clusters():
    for made in (rsa_key, ec_key):
        ca = root(name(cn="kubernetes"), made(), sans=["DNS:kubernetes"])
        sans = ["DNS:kubernetes", "DNS:kubernetes.default.svc.cluster.local", "IP:10.96.0.1"]
        server = Certificate(name(cn="kube-apiserver"), made(), ca, sans=sans, usages=[SERVER], days=365)
        yield Row("kubeadm, apiserver", [server], OWN, ca=ca)
        client = Certificate(name(o="kubeadm:cluster-admins", cn="kube-apiserver-kubelet-client"), made(), ca, usages=[CLIENT], days=365)
        yield Row("kubeadm, apiserver-kubelet-client", [client], OWN, ca=ca)
        etcd = root(name(cn="etcd-ca"), made(), sans=["DNS:etcd-ca"])
        for of in ("server", "peer"):
            member = Certificate(name(cn="node"), made(), etcd, sans=["DNS:localhost", "DNS:node", "IP:127.0.0.1"], usages=[SERVER, CLIENT], days=365)
            yield Row(f"kubeadm, etcd/{of}", [member], OWN, ca=etcd)
        check = Certificate(name(cn="kube-etcd-healthcheck-client"), made(), etcd, usages=[CLIENT], days=365)
        yield Row("kubeadm, etcd/healthcheck-client", [check], OWN, ca=etcd)
        proxy = root(name(cn="front-proxy-ca"), made(), sans=["DNS:front-proxy-ca"])
        client = Certificate(name(cn="front-proxy-client"), made(), proxy, usages=[CLIENT], days=365)
        yield Row("kubeadm, front-proxy-client", [client], OWN, ca=proxy)
        yield Row("kubeadm, ca", [ca], OWN)
    ca = root(name(cn="k3s-server-ca@1700000000"))
    server = Certificate(name(o="k3s", cn="k3s"), ec_key(), ca, sans=["DNS:kubernetes", "DNS:localhost", "IP:10.43.0.1"], usages=[SERVER], days=365)
    yield Row("k3s, serving-kube-apiserver", [server], OWN, ca=ca)
    yield Row("k3s, with its CA", [server, ca], OWN, ca=ca)
    ca = root(name(cn="minikubeCA"), rsa_key())
    server = Certificate(name(o="system:masters", cn="minikube"), rsa_key(), ca, sans=["DNS:minikubeCA", "DNS:localhost"], usages=[SERVER, CLIENT])
    yield Row("minikube, apiserver", [server], OWN, ca=ca)
    signer = root(name(cn="openshift-service-serving-signer@1700000000"), rsa_key())
    server = Certificate(name(cn="app.shop.svc"), rsa_key(), signer, sans=["DNS:app.shop.svc"], usages=[SERVER])
    yield Row("OpenShift, service-ca", [server, signer], OWN, ca=signer)


def private_cas():
    ca = root(name(o="mkcert development CA", ou="ann@laptop", cn="mkcert ann@laptop"), rsa_key(3072))
    subject = name(o="mkcert development certificate", ou="ann@laptop")
    for made, usages in [(rsa_key, [SERVER]), (ec_key, [SERVER]), (rsa_key, [CLIENT, SERVER])]:
        leaf = Certificate(subject, made(), ca, sans=["DNS:app.test", "IP:127.0.0.1"], usages=usages, constraints=False, days=820)
        yield Row("mkcert", [leaf], PKCS8, ca=ca)
    ca = root(name(cn="my-selfsigned-ca"))
    yield Row("cert-manager, isCA", [ca], OWN, ca=ca)
    for subject in (name(cn="www.example.com"), name()):
        for made in (rsa_key, ec_key):
            leaf = Certificate(subject, made(), ca, sans=HOSTS, critical_sans=not list(subject))
            yield Row("cert-manager, a CA issuer", [leaf], OWN, ca=ca)
    leaf = Certificate(name(cn="client"), ec_key(), ca, usages=[CLIENT])
    yield Row("cert-manager, usages: client auth", [leaf], PKCS8, ca=ca)
    top = root(name(o="Smallstep", cn="Smallstep Root CA"))
    middle = between(name(o="Smallstep", cn="Smallstep Intermediate CA"), top)
    leaf = Certificate(name(cn="app.internal"), ec_key(), middle, sans=["DNS:app.internal"], usages=[SERVER, CLIENT], constraints=False, days=1)
    yield Row("step ca certificate", [leaf, middle], OWN, ca=top)
    ca = root(name(cn="Easy-RSA CA"), rsa_key())
    text = b"Certificate:\n    Data:\n        Version: 3 (0x2)\n"
    for subject, usage, sans in [("server", SERVER, ["DNS:server"]), ("client", CLIENT, [])]:
        leaf = Certificate(name(cn=subject), rsa_key(), ca, sans=sans, usages=[usage], whole_key_id=True)
        yield Row(f"easy-rsa, build-{subject}-full", [leaf], PKCS8, ca=ca, text=text)
    ca = root(name(c="US", o="Acme", cn="Acme CA"), rsa_key())
    for made in (rsa_key, ec_key):
        leaf = Certificate(name(c="US", o="Acme", cn="example.net"), made(), ca, sans=HOSTS, usages=[SERVER, CLIENT])
        yield Row("cfssl gencert", [leaf], OWN, ca=ca)
    top = root(name(cn="Caddy Local Authority - 2026 ECC Root"))
    middle = between(name(cn="Caddy Local Authority - ECC Intermediate"), top)
    leaf = Certificate(name(), ec_key(), middle, sans=["DNS:localhost"], usages=[SERVER, CLIENT], constraints=False, critical_sans=True, days=1)
    yield Row("Caddy, tls internal", [leaf, middle], OWN, ca=top)
    top = root(name(cn="example.com"), rsa_key())
    middle = between(name(cn="example.com Intermediate Authority"), top, rsa_key())
    leaf = Certificate(name(cn="www.example.com"), rsa_key(), middle, sans=HOSTS, usages=[SERVER, CLIENT], constraints=False)
    yield Row("Vault, certificate and ca_chain", [leaf, middle], OWN, ca=top)
    # Vault prints the issuer as a field of its own.
    yield Row("Vault, certificate", [leaf], OWN, expected=MISSING)
    ca = root(name(cn="shop-ca"), rsa_key())
    leaf = Certificate(name(cn="shop.default.svc"), rsa_key(), ca, sans=["DNS:shop.default.svc"], usages=[SERVER, CLIENT])
    yield Row("Helm, genSignedCert", [leaf], OWN, ca=ca)


def self_signed():
    for made in (rsa_key, ec_key, ed25519.Ed25519PrivateKey.generate):
        # openssl req -x509 makes a CA, unless -addext says otherwise.
        yield Row("openssl req -x509", [Certificate(name(cn="example.com"), made(), ca=True)], PKCS8)
        yield Row("openssl req -x509 -addext subjectAltName", [Certificate(name(cn="example.com"), made(), ca=True, sans=HOSTS)], PKCS8)
        leaf = Certificate(name(cn="example.com"), made(), sans=HOSTS)
        yield Row("openssl req -x509, no CA", [leaf], PKCS8)
    yield Row("cert-manager, SelfSigned", [Certificate(name(), ec_key(), sans=HOSTS, critical_sans=True)], OWN)
    yield Row("Traefik's own", [Certificate(name(cn="TRAEFIK DEFAULT CERT"), rsa_key(), sans=["DNS:a.traefik.default"])], OWN)
    # No client but openssl's looks at the common name.
    nameless = Certificate(name(cn="example.com"), rsa_key())
    yield Row("openssl req -x509 -addext basicConstraints=CA:FALSE", [nameless], PKCS8, expected=NAMELESS)


def main():
    parser = argparse.ArgumentParser(description="What mksecret warns of in pairs as common tools make them")
    parser.add_argument("--bin", default="target/release/mksecret", help="the tool (default: %(default)s)")
    options = parser.parse_args()
    tool = pathlib.Path(options.bin).resolve()
    bundle = next((path for path in map(pathlib.Path, BUNDLES) if path.is_file()), None)
    if bundle is None:
        sys.exit("ordinary.py: this system has no bundle of CA certificates (apt-get install ca-certificates)")
    runs, false = 0, []
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)

        def judge(what, expected, *words):
            nonlocal runs
            runs += 1
            command = [tool, *words, "--dry-run=client", "-oname"]
            strict = subprocess.run([*command, "--warnings-as-errors"], cwd=folder, capture_output=True, text=True, check=False)
            said = strict.stderr
            # The warning, and the error that --warnings-as-errors makes of it. What --fix-chain did is a note.
            warnings = re.findall("(?m)^(warning|error): ", said)
            if expected is None and (strict.returncode or warnings):
                false.append(f"{what}: {said}")
            elif expected is not None and (not strict.returncode or expected not in said or len(warnings) != 2):
                false.append(f"{what}: {said or 'silent'}, expected: {expected}")

        for number, row in enumerate(rows()):
            stem = str(number)
            (folder / f"{stem}.crt").write_bytes(row.text + b"".join(member.pem() for member in row.chain))
            (folder / f"{stem}.key").write_bytes(row.chain[0].key_pem(row.form))
            pair = [f"--cert={stem}.crt", f"--key={stem}.key"]
            judge(row.tool, row.expected, "tls", "x", *pair)
            judge(f"{row.tool} under generic", row.expected, "generic", "x", "--type=kubernetes.io/tls",
                  f"--from-file=tls.crt={stem}.crt", f"--from-file=tls.key={stem}.key")
            with_chain = [member.certificate for member in row.chain[1:]]
            store = pkcs12.serialize_key_and_certificates(
                b"x", row.chain[0].key, row.chain[0].certificate, with_chain, serialization.BestAvailableEncryption(b"changeit"))
            (folder / f"{stem}.p12").write_bytes(store)
            (folder / "passphrase").write_text("changeit\n")
            judge(f"{row.tool} in PKCS#12", row.expected, "tls", "x", f"--pkcs12={stem}.p12", "--passphrase-file=passphrase")
            if row.ca:
                (folder / f"{stem}.ca").write_bytes(row.ca.pem())
                judge(f"{row.tool} with its CA", None, "tls", "x", *pair, f"--ca={stem}.ca")
                (folder / f"{stem}.all").write_bytes(bundle.read_bytes() + row.ca.pem())
                judge(f"{row.tool} with all CAs", None, "tls", "x", *pair, f"--ca={stem}.all")
                judge(f"{row.tool} with its CA, in order", None, "tls", "x", *pair, f"--ca={stem}.ca", "--fix-chain")
        pairs = number + 1
        (folder / "password").write_text("x")
        judge("the bundle of CAs", None, "basic-auth", "x", "--username=u", "--password-file=password", f"--ca={bundle}")
    for line in false:
        print(line)
    print(f"{pairs} ordinary pairs, {runs} runs, {len(false)} false alarms")
    return 1 if false else 0


if __name__ == "__main__":
    sys.exit(main())
