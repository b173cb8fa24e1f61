"""The chains of chains.py: what a server sends, what is trusted, and whether kubectl trusts it."""
import dataclasses
import datetime
import functools
import ipaddress
import math
import ssl

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID as Usage
from cryptography.x509.oid import NameOID, ObjectIdentifier

PAST, START, END = (datetime.datetime(year, 1, 1) for year in (2000, 2010, 2070))
HOST = "127.0.0.1"
BITS = "digital_signature content_commitment key_encipherment data_encipherment key_agreement key_cert_sign crl_sign encipher_only decipher_only"


@dataclasses.dataclass
class Row:
    name: str
    taken: bool
    sent: list
    roots: list
    key: object
    host: str = HOST
    insecure: bool = False
    tls: object = None
    # Judged between the tools only: nothing about it is in the certificates.
    is_live: bool = False

    def key_pem(self):
        form = serialization.PrivateFormat.PKCS8
        return self.key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption())


def der(tag, contents):
    length = len(contents)
    if length < 0x80:
        return bytes([tag, length]) + contents
    size = (length.bit_length() + 7) // 8
    return bytes([tag, 0x80 | size]) + length.to_bytes(size, "big") + contents


@functools.cache
def key(name, kind="P256"):
    """One key for each name, so that a row can name it again."""
    if kind.startswith("rsa"):
        return rsa.generate_private_key(65537, int(kind[3:]))
    if kind == "ed25519":
        return ed25519.Ed25519PrivateKey.generate()
    return ec.generate_private_key({"P224": ec.SECP224R1, "P256": ec.SECP256R1, "P384": ec.SECP384R1, "P521": ec.SECP521R1}[kind]())


def dns(*names):
    return [x509.DNSName(name) for name in names]


def ips(*addresses):
    return [x509.IPAddress(ipaddress.ip_address(address)) for address in addresses]


def uris(*names):
    return [x509.UniformResourceIdentifier(name) for name in names]


def with_exponent(exponent):
    """A key of RSA whose public exponent is not one that keys are generated with."""
    while True:
        p, q = (rsa.generate_private_key(65537, 2048).private_numbers().p for _ in range(2))
        order = (p - 1) * (q - 1)
        if math.gcd(exponent, order) == 1 and p != q:
            private = pow(exponent, -1, order)
            rest = (private % (p - 1), private % (q - 1), rsa.rsa_crt_iqmp(p, q))
            return rsa.RSAPrivateNumbers(p, q, private, *rest, rsa.RSAPublicNumbers(exponent, p * q)).private_key()


def make(subject, own, issuer, by, *, ca=None, length=None, names=None, usage=None, bits=None, start=START, end=END,
         digest=None, critical=None, constraints=None, extra=(), pss=False, serial=None):
    """A certificate for the key `own`, signed with the key `by`; DER."""
    name = lambda text: x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)] if text else [])
    builder = x509.CertificateBuilder().subject_name(name(subject)).issuer_name(name(issuer)).public_key(own.public_key())
    builder = builder.serial_number(serial or x509.random_serial_number()).not_valid_before(start).not_valid_after(end)
    if ca is not None:
        builder = builder.add_extension(x509.BasicConstraints(ca, length), True)
    if names:
        builder = builder.add_extension(x509.SubjectAlternativeName(names), False)
    if usage:
        builder = builder.add_extension(x509.ExtendedKeyUsage(usage), False)
    if bits is not None:
        builder = builder.add_extension(x509.KeyUsage(**{bit: bit in bits.split() for bit in BITS.split()}), True)
    if constraints:
        builder = builder.add_extension(constraints, True)
    if critical:
        builder = builder.add_extension(x509.UnrecognizedExtension(ObjectIdentifier(critical), b"\5\0"), True)
    for extension, is_critical in extra:
        builder = builder.add_extension(extension, is_critical)
    digest = None if isinstance(by, ed25519.Ed25519PrivateKey) else digest or hashes.SHA256()
    options = {"rsa_padding": padding.PSS(padding.MGF1(digest), padding.PSS.DIGEST_LENGTH)} if pss else {}
    return builder.sign(by, digest, **options).public_bytes(serialization.Encoding.DER)


def parts(contents):
    """The elements of a SEQUENCE's contents, whole."""
    found = []
    while contents:
        length, header = contents[1], 2
        if length & 0x80:
            header += length & 0x7F
            length = int.from_bytes(contents[2:header], "big")
        found.append(contents[:header + length])
        contents = contents[header + length:]
    return found


def inner(element):
    length = element[1]
    return element[2 + (length & 0x7F if length & 0x80 else 0):]


def edited(certificate, by, edit):
    """A certificate with other parts of its TBSCertificate, signed again with ECDSA and SHA-256."""
    fields = edit(parts(inner(parts(inner(certificate))[0])))
    tbs = der(0x30, b"".join(fields))
    return der(0x30, tbs + fields_algorithm(fields) + der(3, b"\0" + by.sign(tbs, ec.ECDSA(hashes.SHA256()))))


def fields_algorithm(fields):
    return fields[2] if fields[0][0] == 0xA0 else fields[1]


def with_signature(certificate, change):
    tbs, algorithm, signature = parts(inner(certificate))
    return der(0x30, tbs + algorithm + der(3, b"\0" + change(inner(signature)[1:])))


def flipped(signature):
    return signature[:-3] + bytes([signature[-3] ^ 1]) + signature[-2:]


CA, SERVER, MIDDLE, OTHER = (key(name) for name in ("ca", "server", "middle", "other"))


def root(**options):
    return make("ca", options.pop("own", CA), "ca", options.pop("by", CA), **{"ca": True, **options})


def leaf(**options):
    own, issuer, by = options.pop("own", SERVER), options.pop("issuer", "ca"), options.pop("by", CA)
    return make(options.pop("subject", "server"), own, issuer, by, **{"ca": False, "names": ips(HOST) + dns("localhost"), **options})


def middle(**options):
    subject, own = options.pop("subject", "middle"), options.pop("own", MIDDLE)
    return make(subject, own, options.pop("issuer", "ca"), options.pop("by", CA), **{"ca": True, **options})


def under_middle(**options):
    return leaf(**{"issuer": "middle", "by": MIDDLE, **options})


def own(**options):
    return make("self", SERVER, "self", SERVER, **{"ca": True, "names": ips(HOST), **options})


def nets(*networks):
    return [x509.IPAddress(ipaddress.ip_network(network)) for network in networks]


def rows():
    found = []

    def add(name, taken, sent, roots=None, own=SERVER, **options):
        found.append(Row(name, taken, sent, [root()] if roots is None else roots, own, **options))

    plain(add)
    authorities(add)
    paths(add)
    names(add)
    constraints(add)
    algorithms(add)
    forms(add)
    attacks(add)
    live(add)
    return found


DEFECTS = [
    ("expired", {"start": PAST, "end": START}),
    ("not-yet", {"start": END, "end": END + datetime.timedelta(1)}),
    ("critical", {"critical": "1.2.3.4.5"}),
    ("client-only", {"usage": [Usage.CLIENT_AUTH]}),
]
NO_AUTHORITY = [
    ("not-ca", {"ca": False}),
    ("no-constraints", {"ca": None}),
    ("not-for-signing", {"bits": "digital_signature"}),
]
ANY = [Usage.CLIENT_AUTH, Usage.ANY_EXTENDED_KEY_USAGE]


def plain(add):
    add("good", True, [leaf()])
    add("any-usage", True, [leaf(usage=ANY)])
    add("server-usage", True, [leaf(usage=[Usage.SERVER_AUTH])])
    add("other-usage", False, [leaf(usage=[ObjectIdentifier("1.2.3.4")])])
    add("no-bits", True, [leaf(bits="key_cert_sign")])
    add("not-signed-by-root", False, [leaf(by=OTHER)])
    add("unknown-issuer", False, [leaf(issuer="else", by=OTHER)])
    add("trailing-authority", True, [leaf(), root()])
    for defect, options in DEFECTS:
        add(f"leaf-{defect}", False, [leaf(**options)])
        add(f"root-{defect}", False, [leaf()], [root(**options)])
        add(f"middle-{defect}", False, [under_middle(), middle(**options)])
        add(f"ca-leaf-{defect}", False, [leaf(ca=True, **options)])
        add(f"ca-leaf-middle-{defect}", False, [under_middle(ca=True), middle(**options)])
        add(f"ca-leaf-root-{defect}", False, [leaf(ca=True)], [root(**options)])
        found = own(**options)
        add(f"trusted-self-{defect}", False, [found], [found])
        found = leaf(**options)
        add(f"trusted-leaf-{defect}", False, [found], [found])
    for defect, options in NO_AUTHORITY:
        add(f"root-{defect}", False, [leaf()], [root(**options)])
        add(f"middle-{defect}", False, [under_middle(), middle(**options)])
        add(f"ca-leaf-root-{defect}", False, [leaf(ca=True)], [root(**options)])
        add(f"ca-leaf-middle-{defect}", False, [under_middle(ca=True), middle(**options)])
        found = own(**options)
        add(f"trusted-self-{defect}", True, [found], [found])


def authorities(add):
    add("ca-leaf", True, [leaf(ca=True)])
    add("ca-leaf-length-0", True, [leaf(ca=True, length=0)])
    add("ca-leaf-under-length-0", True, [leaf(ca=True)], [root(length=0)])
    add("ca-leaf-two-under-length-0", False, [under_middle(ca=True), middle()], [root(length=0)])
    add("ca-leaf-wrong-signature", False, [leaf(ca=True, by=OTHER)])
    add("ca-leaf-damaged-signature", False, [with_signature(leaf(ca=True), flipped)])
    add("ca-leaf-other-host", False, [leaf(ca=True, names=dns("x"))])
    add("ca-leaf-untrusted", False, [under_middle(ca=True), middle(issuer="else", by=OTHER)])
    add("ca-leaf-self-signed", False, [own()])
    add("ca-leaf-named-as-root", False, [make("ca", SERVER, "ca", SERVER, ca=True, names=ips(HOST))])
    add("ca-leaf-renewed", True, [make("ca", CA, "ca", CA, ca=True, names=ips(HOST))], own=CA)
    add("ca-leaf-needs-policy", False, [under_middle(ca=True), middle(extra=[(x509.PolicyConstraints(0, None), False)])])
    found = own()
    add("trusted-self", True, [found], [found])
    found = leaf()
    add("trusted-leaf", True, [found], [found])
    found = leaf(by=OTHER)
    add("trusted-leaf-wrong-signature", True, [found], [found])
    found = leaf(names=dns("x"))
    add("trusted-leaf-other-host", False, [found], [found])
    add("trusted-leaf-issued-again", False, [leaf()], [leaf()])
    add("trusted-self-issued-again", False, [own()], [own()])
    add("trusted-self-no-authority-issued-again", False, [own(ca=False)], [own(ca=False)])


def paths(add):
    add("middle", True, [under_middle(), middle()])
    add("middle-missing", False, [under_middle()])
    add("middle-trusted", True, [under_middle()], [middle()])
    add("middle-any-usage", True, [under_middle(), middle(usage=ANY)])
    add("middle-server-usage", True, [under_middle(usage=[Usage.SERVER_AUTH]), middle(usage=[Usage.SERVER_AUTH])])
    add("middle-other-usage", False, [under_middle(), middle(usage=[Usage.CODE_SIGNING])])
    add("middle-expired-and-good", True, [under_middle(), middle(start=PAST, end=START), middle()])
    add("middle-out-of-order", True, [under_middle(), root(), middle()])
    add("middle-cross-signed", True, [under_middle(), middle(issuer="else", by=OTHER), middle()])
    add("middle-cross-signed-expired", False, [under_middle(), middle(issuer="else", by=OTHER), middle(start=PAST, end=START)])
    add("two-roots", True, [leaf()], [root(own=OTHER, by=OTHER), root()])
    add("two-roots-one-expired", True, [leaf()], [root(start=PAST, end=START), root()])
    add("two-roots-none-good", False, [leaf()], [root(start=PAST, end=START), root(ca=False)])
    loop = [under_middle(), middle(issuer="b", by=OTHER), middle(subject="b", own=OTHER, issuer="middle", by=MIDDLE)]
    add("loop", False, loop)
    add("loop-with-a-way-out", True, loop + [middle()])
    add("length-root", False, [under_middle(), middle()], [root(length=0)])
    add("length-root-1", True, [under_middle(), middle()], [root(length=1)])
    inner_ca = middle(subject="inner", own=OTHER, issuer="middle", by=MIDDLE)
    add("length-middle", False, [leaf(issuer="inner", by=OTHER), inner_ca, middle(length=0)])
    add("length-middle-1", True, [leaf(issuer="inner", by=OTHER), inner_ca, middle(length=1)])
    # One that names itself counts as well, other than in RFC 5280.
    again = middle(subject="middle", own=OTHER, issuer="middle", by=MIDDLE)
    add("length-self-issued", False, [leaf(issuer="middle", by=OTHER), again, middle(length=0)])
    for depth in (6, 7):
        keys = [key(f"level{n}") for n in range(depth)]
        chain = [leaf(issuer="level0", by=keys[0])]
        for n in range(depth):
            last = n + 1 == depth
            chain.append(middle(subject=f"level{n}", own=keys[n], issuer="ca" if last else f"level{n + 1}", by=CA if last else keys[n + 1]))
        add(f"depth-{depth}", True, chain)
    wrong = middle(issuer="else", by=OTHER)
    add("issuer-sent-again", True, [under_middle()] + [wrong] * 105 + [middle()])
    wrong = root(own=OTHER, by=OTHER)
    add("root-trusted-again", True, [leaf()], [wrong] * 105 + [root()])
    add("too-many-issuers", False, [under_middle()] + [middle(own=key(f"many{n}"), by=OTHER) for n in range(105)])


def names(add):
    for name, taken, found, host in [
        ("other-ip", False, ips("10.0.0.1"), HOST),
        ("ip-as-dns", False, dns("127.0.0.1"), HOST),
        ("ip-mapped", True, ips("::ffff:127.0.0.1"), HOST),
        ("ipv6", True, ips("::1"), "::1"),
        ("ip-name", True, ips("10.0.0.1"), "10.0.0.1"),
        ("dns", True, dns("a.example.com"), "a.example.com"),
        ("dns-case", True, dns("A.eXample.com"), "a.ExamPle.com"),
        ("dns-dot", True, dns("a.example.com"), "a.example.com."),
        ("dns-dot-in-certificate", False, dns("a.example.com."), "a.example.com"),
        ("dns-underscore", True, dns("a_b.example.com"), "a_b.example.com"),
        ("dns-other", False, dns("a.example.com"), "b.example.com"),
        ("dns-suffix", False, dns("example.com"), "a.example.com"),
        ("wildcard", True, dns("*.example.com"), "a.example.com"),
        ("wildcard-case", True, dns("*.example.com"), "A.EXAMPLE.com"),
        ("wildcard-two", False, dns("*.example.com"), "a.b.example.com"),
        ("wildcard-none", False, dns("*.example.com"), "example.com"),
        ("wildcard-part", False, dns("a*.example.com"), "ab.example.com"),
        ("wildcard-inside", False, dns("a.*.com"), "a.b.com"),
        ("wildcard-top", True, dns("*.com"), "example.com"),
        ("wildcard-only", False, dns("*"), "localhost"),
        ("wildcard-ip", False, dns("*.0.0.1"), HOST),
        ("uri-only", False, [x509.UniformResourceIdentifier("https://127.0.0.1")], HOST),
    ]:
        add(f"name-{name}", taken, [leaf(names=found)], host=host)
    add("name-common-only", False, [leaf(names=None, subject=HOST)])
    add("name-common-only-dns", False, [leaf(names=None, subject="localhost")], host="localhost")
    add("name-of-middle", False, [under_middle(names=dns("x")), middle(names=ips(HOST))])


def constraints(add):
    permit = lambda found: x509.NameConstraints(found, None)
    exclude = lambda found: x509.NameConstraints(None, found)
    mail = [x509.RFC822Name("a@example.com")]
    both = ips(HOST) + dns("localhost")
    for name, taken, found, options in [
        ("ip", True, permit(nets("127.0.0.0/8")), {}),
        ("ip-other", False, permit(nets("10.0.0.0/8")), {}),
        ("ip-excluded", False, exclude(nets("127.0.0.0/8")), {}),
        ("ip-excluded-other", True, exclude(nets("10.0.0.0/8")), {}),
        ("ipv6-only", False, permit(nets("fd00::/8")), {}),
        ("dns", True, permit(dns("localhost")), {}),
        ("dns-other", False, permit(dns("example.com")), {}),
        ("dns-excluded", False, exclude(dns("localhost")), {}),
        ("dns-case", True, permit(dns("LOCALhost")), {}),
        ("dns-part", False, permit(dns("host")), {}),
        ("dns-suffix", True, permit(dns("example.com")), {"names": ips(HOST) + dns("a.example.com")}),
        ("dns-suffix-part", False, permit(dns("ample.com")), {"names": ips(HOST) + dns("a.example.com")}),
        ("dns-dot", True, permit(dns(".example.com")), {"names": ips(HOST) + dns("a.example.com")}),
        ("dns-dot-same", False, permit(dns(".example.com")), {"names": ips(HOST) + dns("example.com")}),
        ("dns-wildcard", True, permit(dns("example.com")), {"names": ips(HOST) + dns("*.example.com")}),
        ("dns-wildcard-excluded", False, exclude(dns("a.example.com")), {"names": ips(HOST) + dns("*.example.com")}),
        ("one-of-two", False, permit(dns("localhost")), {"names": both + dns("example.com")}),
        ("both", True, permit(nets("127.0.0.0/8") + dns("localhost")), {}),
        ("excluded-wins", False, x509.NameConstraints(dns("localhost"), dns("localhost")), {}),
        ("mail-other", False, permit([x509.RFC822Name("example.org")]), {"names": both + mail}),
        ("mail-without", True, permit([x509.RFC822Name("example.org")]), {}),
        ("mail-malformed", False, permit(dns("localhost")), {"names": both + [x509.RFC822Name("nobody")]}),
        ("uri", True, permit(dns("localhost")), {"names": both + uris("spiffe://example.com/a")}),
        ("uri-without-host", False, permit(dns("localhost")), {"names": both + uris("urn:uuid:1")}),
        ("uri-of-address", False, permit(dns("localhost")), {"names": both + uris("https://127.0.0.1/")}),
        ("dns-wildcard-part-excluded", False, exclude(dns("a.example.com")), {"names": ips(HOST) + dns("*b.example.com")}),
        ("ipv6-all", False, permit(nets("::/0")), {"names": ips("::ffff:127.0.0.1")}),
        ("directory", False, permit([x509.DirectoryName(x509.Name([]))]), {}),
        ("dns-not-a-name", False, permit(dns("localhost")), {"names": both + dns("a..b")}),
    ]:
        add(f"root-permits-{name}", taken, [leaf(**options)], [root(constraints=found)])
        add(f"middle-permits-{name}", taken, [under_middle(**options), middle(constraints=found)])
        add(f"ca-leaf-permits-{name}", taken, [under_middle(ca=True, **options), middle(constraints=found)])
    other = middle(constraints=permit(dns("localhost")), names=dns("example.com"))
    add("root-permits-name-of-middle", False, [under_middle(), other], [root(constraints=permit(dns("localhost")))])


def algorithms(add):
    for kind in ("P384", "P521", "rsa2048", "rsa3072", "ed25519"):
        one = key("of", kind)
        add(f"key-{kind.lower()}", True, [leaf(own=one)], own=one)
        add(f"key-{kind.lower()}-ca", True, [leaf(by=one)], [root(own=one, by=one)])
        add(f"key-{kind.lower()}-ca-damaged", False, [with_signature(leaf(by=one), flipped)], [root(own=one, by=one)])
        add(f"key-{kind.lower()}-ca-leaf-damaged", False, [with_signature(leaf(ca=True, by=one), flipped)], [root(own=one, by=one)])
    weak, small = key("weak", "rsa1024"), key("small", "P224")
    add("key-rsa1024", True, [leaf(own=weak)], own=weak)
    add("key-rsa1024-ca", True, [leaf(by=weak)], [root(own=weak, by=weak)])
    add("key-p224-ca", True, [leaf(by=small)], [root(own=small, by=small)])
    for kind in ("P256", "P384", "P521"):
        for digest in (hashes.SHA256, hashes.SHA384, hashes.SHA512):
            one = key("signs", kind)
            name = f"signed-{kind.lower()}-{digest.name}"
            add(name, True, [leaf(by=one, digest=digest())], [root(own=one, by=one)])
            add(f"{name}-damaged", False, [with_signature(leaf(by=one, digest=digest()), flipped)], [root(own=one, by=one)])
    for name, taken, exponent in [("3", True, 3), ("above-go", False, 2**31 + 11)]:
        one = with_exponent(exponent)
        add(f"key-rsa-exponent-{name}", taken, [leaf(own=one)], own=one)
        add(f"key-rsa-exponent-{name}-ca", taken, [leaf(by=one)], [root(own=one, by=one)])
        add(f"key-rsa-exponent-{name}-ca-leaf", taken, [leaf(ca=True, by=one)], [root(own=one, by=one)])
    one = key("signs", "rsa2048")
    for digest in (hashes.SHA384, hashes.SHA512):
        add(f"signed-rsa-{digest.name}", True, [leaf(by=one, digest=digest())], [root(own=one, by=one)])
    add("signed-rsa-pss", True, [leaf(by=one, pss=True)], [root(own=one, by=one)])
    add("signed-rsa-sha224", False, [leaf(by=one, digest=hashes.SHA224())], [root(own=one, by=one)])
    number = lambda value: der(2, value.to_bytes(value.bit_length() // 8 + 1, "big"))
    big = key("signs", "P521")
    roots = [root(own=big, by=big)]
    order = 0x1FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFA51868783BF2F966B7FCC0148F709A5D03BB5C9B8899C47AEBB6FB71E91386409
    for name, signature in [
        ("zeros", der(0x30, number(0) * 2)),
        ("ones", der(0x30, number(1) * 2)),
        ("order", der(0x30, number(order) * 2)),
        ("empty", b""),
        ("nothing", der(0x30, b"")),
        ("negative", der(0x30, der(2, b"\xff") * 2)),
    ]:
        add(f"signed-p521-{name}", False, [with_signature(leaf(by=big), lambda _, s=signature: s)], roots)
    add("signed-p521-longer", False, [with_signature(leaf(by=big), lambda s: s + b"\0")], roots)


def forms(add):
    serial = lambda value: lambda fields: [fields[0], der(2, value), *fields[2:]]
    add("serial-negative", False, [edited(leaf(), CA, serial(b"\xfb"))])
    add("serial-zero", True, [edited(leaf(), CA, serial(b"\0"))])
    add("root-serial-negative", False, [leaf()], [edited(root(), CA, serial(b"\xfb")), root(own=OTHER, by=OTHER)])
    add("middle-serial-negative", False, [under_middle(), edited(middle(), CA, serial(b"\xfb"))])
    first_version = lambda fields: [field for field in fields if field[0] not in (0xA0, 0xA3)]
    add("version-1", False, [edited(leaf(), CA, first_version)])
    add("version-1-root", True, [leaf()], [edited(root(), CA, first_version)])
    add("version-1-middle", False, [under_middle(), edited(middle(), CA, first_version)])
    add("critical-policies-unused", False, [leaf(extra=[(x509.UnrecognizedExtension(ObjectIdentifier("2.5.29.99"), b"\5\0"), True)])])
    policy = x509.CertificatePolicies([x509.PolicyInformation(ObjectIdentifier("1.2.3.4"), None)])
    add("policy", True, [leaf(extra=[(policy, False)])])
    add("policy-critical", True, [leaf(extra=[(policy, True)])])
    add("policy-required", False, [under_middle(), middle(extra=[(x509.PolicyConstraints(0, None), True)])])
    add("policy-required-not-critical", False, [under_middle(), middle(extra=[(x509.PolicyConstraints(0, None), False)])])
    identifiers = lambda own, by: [(x509.SubjectKeyIdentifier(own), False), (x509.AuthorityKeyIdentifier(by, None, None), False)]
    add("key-identifiers", True, [leaf(extra=identifiers(b"1", b"2"))], [root(extra=[(x509.SubjectKeyIdentifier(b"2"), False)])])
    add("key-identifiers-differ", True, [leaf(extra=identifiers(b"1", b"3"))], [root(extra=[(x509.SubjectKeyIdentifier(b"2"), False)])])


def attacks(add):
    forged = leaf(issuer="server", by=SERVER, own=OTHER, subject="evil")
    add("signed-by-leaf", False, [forged, leaf()], own=OTHER)
    add("signed-by-trusted-leaf", False, [forged], [leaf()], own=OTHER)
    add("signed-by-ca-leaf-not-for-signing", False, [forged, leaf(ca=True, bits="digital_signature")], own=OTHER)
    add("signed-by-client", False, [forged, leaf(ca=True, usage=[Usage.CLIENT_AUTH])], own=OTHER)
    add("named-as-root", False, [make("ca", SERVER, "ca", SERVER, ca=False, names=ips(HOST))])
    add("root-copied", False, [under_middle(issuer="ca", by=OTHER), make("ca", OTHER, "ca", OTHER, ca=True)])
    add("middle-copied", False, [under_middle(by=OTHER), middle(own=OTHER, by=OTHER), middle()])
    add("damaged", False, [with_signature(leaf(), flipped)])
    add("damaged-middle", False, [under_middle(), with_signature(middle(), flipped)])
    add("signature-of-another", False, [with_signature(leaf(), lambda _, s=inner(parts(inner(leaf()))[2])[1:]: s)])
    add("changed", False, [der(0x30, parts(inner(leaf(names=ips(HOST))))[0] + b"".join(parts(inner(leaf(names=dns("x"))))[1:]))])
    other = parts(inner(leaf(by=key("of", "rsa2048"))))[1]
    tbs, _, signature = parts(inner(leaf()))
    add("other-algorithm-outside", False, [der(0x30, tbs + other + signature)])
    add("subject-empty", True, [leaf(subject="")])
    add("empty-issuer", False, [leaf(issuer="", by=OTHER), make("", OTHER, "", OTHER, ca=True)])


def live(add):
    for version, tls in (("1.2", ssl.TLSVersion.TLSv1_2), ("1.3", ssl.TLSVersion.TLSv1_3)):
        for kind in ("P256", "P384", "P521", "rsa2048", "ed25519"):
            one = key("of", kind)
            add(f"tls-{version}-{kind.lower()}", True, [leaf(own=one)], own=one, tls=tls, is_live=True)
    add("insecure-expired", True, [leaf(start=PAST, end=START, by=OTHER)], insecure=True)
    add("insecure-p521", True, [leaf(own=key("of", "P521"), names=None)], own=key("of", "P521"), insecure=True)
    first_version = lambda fields: [field for field in fields if field[0] not in (0xA0, 0xA3)]
    add("insecure-version-1", True, [edited(leaf(), CA, first_version)], insecure=True)
    add("insecure-negative-serial", False, [edited(leaf(), CA, lambda f: [f[0], der(2, b"\xfb"), *f[2:]])], insecure=True)
    add("host-with-port", False, [leaf()], host="localhost:6443", is_live=True)
