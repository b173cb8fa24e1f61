"""The random runs of sealed.py: Secrets, the ways to give them to the tool, and certificates in several forms."""
import base64
import dataclasses
import datetime
import json
import re

import yaml
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.x509.oid import NameOID

SCOPES = ["strict", "namespace-wide", "cluster-wide"]
TYPES = [None, None, "Opaque", "example.com/thing", "helm.sh/release.v1"]
KEYS = ["password", "user", "a", "b", "a9", "a10", "A", "Z_z-", "-", "_", ".env", "config.json", "007", "1e3", "0", "null", "yes", "y", "1.5", "2026-01-02", "k" * 253]
TEXTS = ["", "x: y", " x ", "l1\nl2\n", "l1\n\n  l2", "#a", "a #b", "\"'", "<&>", "é日😀", "012", "true", "null", "- a", "{a: b}", "w " * 60, "\t", "*a", "C:\\x", "~", "a=b", "a\u2028b"]


@dataclasses.dataclass
class Secret:
    name: str
    namespace: str | None
    data: dict
    labels: dict
    annotations: dict
    type: str | None
    immutable: bool
    finalizers: list
    scope: str = "strict"


@dataclasses.dataclass
class Step:
    """A command of kubectl on a manifest, which it makes or changes."""

    words: list
    at: int

    def keep(self, run, text):
        run.parts[self.at] = text


@dataclasses.dataclass
class Reading(Step):
    """Has kubectl read a manifest: that is what must be sealed."""

    def keep(self, run, text):
        seen = json.loads(text)
        data = {key: base64.b64decode(value) for key, value in seen.get("data", {}).items()}
        data |= {key: value.encode() for key, value in seen.get("stringData", {}).items()}
        secret, metadata = run.read[self.at], seen["metadata"]
        # In place: Secrets for several namespaces share them.
        for fields, read in ((secret.data, data), (secret.labels, metadata.get("labels", {})), (secret.annotations, metadata.get("annotations", {}))):
            fields.clear()
            fields |= read


@dataclasses.dataclass
class Run:
    number: int
    key: int
    output: str
    words: list
    wanted: list
    files: list
    environment: dict
    stdin: bytes = b""
    # Why it must be refused.
    refusal: str | None = None
    kubectl_steps: list = dataclasses.field(default_factory=list)
    # The manifests that are sealed, each as bytes, and how they are joined.
    parts: list = dataclasses.field(default_factory=list)
    # The Secret that is read from each, where kubectl does not make it.
    read: dict = dataclasses.field(default_factory=dict)
    form: str = ""
    from_stdin: bool = False

    def finish(self):
        """Joins the manifests, which kubectl has made by now."""
        if not self.parts:
            return
        if self.form == "list":
            items = [part.decode().removeprefix("---\n").rstrip("\n").replace("\n", "\n  ") for part in self.parts]
            text = "".join(["apiVersion: v1\nkind: List\nitems:\n", *(f"- {item}\n" for item in items)]).encode()
        else:
            text = b"---\n".join(self.parts)
        if self.from_stdin:
            self.stdin = text
        else:
            self.files.append({"path": "manifests.yaml", "raw": text})


def certificate_forms(key):
    """A certificate of the key, in the forms that are taken."""
    now = datetime.datetime.now(datetime.timezone.utc)
    build = x509.CertificateBuilder().public_key(key.public_key()).serial_number(x509.random_serial_number())
    build = build.not_valid_before(now - datetime.timedelta(days=1)).not_valid_after(now + datetime.timedelta(days=3650))

    def signed(name, digest):
        return build.subject_name(name).issuer_name(name).sign(key, digest)

    certificate = signed(x509.Name([]), hashes.SHA256())
    other = signed(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "sealed-secret")]), hashes.SHA512())
    pem = certificate.public_bytes(serialization.Encoding.PEM)
    return {
        "pem": pem,
        "lines of Windows": pem.replace(b"\n", b"\r\n"),
        "text around": b"subject=\n" + pem + b"text\n",
        "byte order mark": b"\xef\xbb\xbf" + pem,
        "two of one key": pem + other.public_bytes(serialization.Encoding.PEM),
        "der": certificate.public_bytes(serialization.Encoding.DER),
        "public key": key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo),
    }


def draw(rng, number, forms):
    key = number % len(forms)
    form = "pem" if rng.random() < 0.6 else rng.choice(list(forms[key]))
    output = rng.choice(["yaml", "yaml", "json"])
    scope = rng.choice(SCOPES)
    run = Run(number, key, output, [], [], [{"path": "cert.pem", "raw": forms[key][form]}], {})
    draw_way = rng.choice([create, create, create, create_namespaces, seal_one, seal_one, seal_one, seal_many, seal_many, seal_namespaces, no_namespace])
    draw_way(rng, run, scope)
    if rng.random() < 0.15:
        run.environment["SEALED_SECRETS_CERT"] = "cert.pem"
        run.words.append("--seal")
    else:
        run.words.append("--seal=cert.pem")
    # Without --seal-scope the annotation of a manifest decides.
    if scope != "strict" and (run.form == "annotated" or rng.random() < 0.1):
        if run.form != "annotated":
            run.environment["SEALED_SECRETS_SCOPE"] = scope
    elif scope != "strict" or rng.random() < 0.3:
        run.words.append(f"--seal-scope={scope}")
    if output == "json" or rng.random() < 0.5:
        run.words += ["-o", output]
    return run


def create(rng, run, scope):
    secret = draw_secret(rng, scope)
    run.wanted.append(secret)
    run.words += ["generic", secret.name, "-n", secret.namespace, *source_words(run, secret, "value"), *metadata_words(rng, secret)]


def create_namespaces(rng, run, scope):
    secret = draw_secret(rng, scope)
    namespaces = []
    while len(namespaces) < 3:
        name = draw_label(rng)
        if name not in namespaces:
            namespaces.append(name)
    # A document each, in the order of the command line.
    run.wanted += [dataclasses.replace(secret, namespace=namespace) for namespace in namespaces]
    words = [f"--namespaces={','.join(namespaces)}"]
    run.words += ["generic", secret.name, *words, *source_words(run, secret, "value"), *metadata_words(rng, secret)]


def seal_one(rng, run, scope):
    add_manifest(rng, run, scope)
    if scope != "strict" and rng.random() < 0.3:
        run.form = "annotated"
        annotate(run, scope)
    seal_words(rng, run)


def seal_namespaces(rng, run, scope):
    """The namespace comes from the command line."""
    secret = draw_for_manifest(rng, scope)
    secret.namespace = None
    write(rng, run, secret)
    seal_words(rng, run)
    namespaces = rng.sample(["shop", "billing", "1"], rng.choice([1, 2]))
    run.words += ["-n", *namespaces] if len(namespaces) == 1 else ["--namespaces", ",".join(namespaces)]
    run.wanted += [dataclasses.replace(secret, namespace=namespace) for namespace in namespaces]


def seal_many(rng, run, scope):
    for _ in range(rng.randint(2, 4)):
        add_manifest(rng, run, scope)
    run.form = rng.choice(["documents", "list"])
    seal_words(rng, run)


def no_namespace(rng, run, scope):
    """Only cluster-wide can do without a namespace."""
    secret = draw_for_manifest(rng, scope)
    secret.namespace = None
    if scope != "cluster-wide":
        run.refusal = f"{scope} without a namespace"
    else:
        run.wanted.append(secret)
    if rng.random() < 0.5:
        run.words += ["generic", secret.name, *source_words(run, secret, "value"), *metadata_words(rng, secret)]
    else:
        write(rng, run, secret)
        seal_words(rng, run)


def seal_words(rng, run):
    run.from_stdin = rng.random() < 0.5
    run.words.append("seal")
    if not run.from_stdin:
        run.words.append("manifests.yaml")
    elif rng.random() < 0.5:
        run.words.append("-")


def add_manifest(rng, run, scope):
    secret = draw_for_manifest(rng, scope)
    run.wanted.append(secret)
    at = len(run.parts)
    if rng.random() < 0.4:
        secret.finalizers = rng.choice([[], [], ["example.com/a"], ["example.com/b", "example.com/a"]])
        write(rng, run, secret)
        return
    run.parts.append(b"")
    secret.immutable = False
    output = rng.choice(["yaml", "json"])
    words = source_words(run, secret, f"value{at}-")
    type_words = [f"--type={secret.type}"] if secret.type else []
    steps = [["create", "secret", "generic", secret.name, "-n", secret.namespace, *words, *type_words, "--dry-run=client"]]
    for verb, pairs in (("label", secret.labels), ("annotate", secret.annotations)):
        if pairs:
            steps.append([verb, "--local", "-f", "-", *(f"{key}={value}" for key, value in pairs.items())])
    run.kubectl_steps += [Step([*words, "-o", output], at) for words in steps]


def annotate(run, scope):
    """Asks for the scope in the manifest."""
    annotation = f"sealedsecrets.bitnami.com/{scope}"
    if not run.read:
        run.kubectl_steps.append(Step(["annotate", "--local", "-f", "-", f"{annotation}=true", "-o", "yaml"], 0))
        return
    manifest = yaml.load(run.parts[0], yaml.CSafeLoader)
    manifest["metadata"].setdefault("annotations", {})[annotation] = "true"
    run.parts[0] = json.dumps(manifest).encode()


def write(rng, run, secret):
    at = len(run.parts)
    run.parts.append(written(rng, secret))
    run.read[at] = secret
    run.kubectl_steps.append(Reading(["patch", "--local", "--type=merge", "-p", "{}", "-f", "-", "-o", "json"], at))


def written(rng, secret):
    """A manifest as people write it."""
    data, strings = {}, {}
    for key, value in secret.data.items():
        text = readable(value)
        if text is not None and rng.random() < 0.5:
            strings[key] = text
            if rng.random() < 0.2:
                data[key] = "b3RoZXI="
        else:
            data[key] = base64.b64encode(value).decode()
            if rng.random() < 0.2 and value:
                data[key] = base64.encodebytes(value).decode()
    names = {"name": secret.name, "namespace": secret.namespace, "labels": secret.labels, "annotations": secret.annotations, "finalizers": secret.finalizers}
    fields = [("apiVersion", "v1"), ("kind", "Secret"), ("metadata", {key: value for key, value in names.items() if value})]
    fields += [("data", data)] if data else []
    fields += [("stringData", strings)] if strings else []
    fields += [("type", secret.type)] if secret.type else []
    fields += [("immutable", True)] if secret.immutable else []
    rng.shuffle(fields)
    if rng.random() < 0.4:
        return (json.dumps(dict(fields), indent=rng.choice([None, 2]), ensure_ascii=rng.random() < 0.5) + "\n").encode()
    takes_unicode = rng.random() < 0.5 and "\u2028" not in "".join(strings.values())
    text = yaml.dump(dict(fields), Dumper=yaml.CSafeDumper, sort_keys=False, allow_unicode=takes_unicode, width=rng.choice([40, 1 << 20]))
    return text.encode()


def readable(value):
    try:
        text = value.decode()
    except UnicodeDecodeError:
        return None
    return text if re.fullmatch(r"[\t\n\x20-\x7e\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd]*", text) else None


def source_words(run, secret, prefix):
    words = []
    for number, (key, value) in enumerate(secret.data.items()):
        path = f"{prefix}{number}"
        run.files.append({"path": path, "raw": value})
        words.append(f"--from-file={key}={path}")
    return words


def metadata_words(rng, secret):
    words = [f"--type={secret.type}"] if secret.type else []
    words += [f"--labels={key}={value}" for key, value in secret.labels.items()]
    words += [f"--annotations={key}={value}" for key, value in secret.annotations.items()]
    return words + (["--immutable"] if secret.immutable else [])


def draw_secret(rng, scope):
    namespace = draw_label(rng)
    name = ".".join(draw_label(rng) for _ in range(rng.choice([1, 1, 1, 2, 3])))
    keys = rng.sample(KEYS, rng.randint(1, 5))
    data = {key: draw_value(rng) for key in keys}
    secret_type = rng.choice(TYPES)
    if rng.random() < 0.1:
        secret_type = "kubernetes.io/basic-auth"
        data |= {"username": b"app", "password": draw_value(rng) or b"x"}
    labels = {draw_metadata_key(rng): rng.choice(["", "a", "A.b_c-d", "1", "true", "x" * 63]) for _ in range(rng.choice([0, 0, 1, 3]))}
    annotations = {draw_metadata_key(rng): rng.choice(TEXTS) for _ in range(rng.choice([0, 0, 1, 3]))}
    return Secret(name, namespace, data, labels, annotations, secret_type, rng.random() < 0.15, [], scope)


def draw_for_manifest(rng, scope):
    """Without what kubectl prints and reads as YAML 1.1: a line separator of Unicode ends a line, which is then folded."""
    secret = draw_secret(rng, scope)
    secret.annotations = {key: value.replace("\u2028", "") for key, value in secret.annotations.items()}
    return secret


def draw_label(rng):
    length = rng.choice([1, 2, 5, 10, 63])
    inner = "".join(rng.choice("abcxwz0189-") for _ in range(max(0, length - 2)))
    return rng.choice("abcxwz") + (inner + rng.choice("abcxwz0189") if length > 1 else "")


def draw_metadata_key(rng):
    return rng.choice(["", "", "example.com/", "a.b.example/"]) + rng.choice(["app", "on", "y", "note", "null", "1", "x.y-z_0", "A"])


def draw_value(rng):
    kind = rng.random()
    if kind < 0.1:
        return b""
    if kind < 0.3:
        return rng.choice(TEXTS).encode() or b"x"
    if kind < 0.6:
        return rng.randbytes(rng.choice([1, 11, 12, 13, 15, 16, 17, 31, 32, 33, 190, 191]))
    if kind < 0.9:
        return "".join(rng.choice("abc=#: \n\u00e9\u65e5\U0001f600") for _ in range(rng.randint(1, 60))).encode()
    return rng.randbytes(rng.choice([1000, 4096, 65536, 100_000]))
