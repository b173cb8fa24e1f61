"""The random runs of sops.py: manifests as text, rules of .sops.yaml, recipients."""
import base64
import dataclasses
import json
import os
import pathlib
import re
import subprocess

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import x25519

from yaml_text import Raw, YamlText

DEFAULT = "^(data|stringData)$"
# Selectors that hide the values and nothing that a tool of Kubernetes has to read.
SELECTORS = [
    ("encrypted_regex", DEFAULT),
    ("encrypted_regex", "^(stringData|data)$"),
    ("encrypted_regex", "^(data|stringData)"),
    ("encrypted_regex", "^(?i)(data|STRINGDATA)$"),
    ("encrypted_regex", "^data$|^stringData$"),
    ("unencrypted_regex", "^(apiVersion|kind|metadata|type|immutable)$"),
]
KEYS = ["password", "user", "a", "B", "a.b", "x-y", "_", ".env", "007", "1e3", "0", "null", "true", "yes", "y", "n", "1.5", "0x1f", "2026-01-02", "on", "-"]
TEXTS = [
    "v", "", "hunter2", "a b", " x ", "x: y", "a #b", "#a", "'", '"', "it's", 'say "x"', "\\", "a\\nb", "é日😀", "012", "0x1F", "1e3", "true", "True", "null", "~", "yes", "y", "=",
    "- a", "? a", "{a: b}", "[a]", "*a", "&a", "!a", "%a", "@a", "`a", ">", "|", "2026-01-02", "2026-01-02T03:04:05Z", ".inf", "1_000", "0b1", "0o7", "12:30:45", "http://x?a=b&c=d#e",
    "l1\nl2\n", "l1\nl2", "l1\n\nl3\n", "\nl2\n", "l1\n\n", "l1\n  l2\nl3\n", "a\tb", "\tb", "a\r\nb\r\n", "a\0b", "a\u0085b", "a\u2028b", "\ufeffx", "\x7f", "w " * 60 + "w", "x" * 300,
    "-----BEGIN X-----\nabc=\n-----END X-----\n", '{"a": [1, "b"]}', "key=value\nother=x\n", "<&>", "\u00a0x", "ENC[AES256_GCM,data:AA==,iv:AA==,tag:AA==,type:str]",
]  # fmt: skip
RAW = ["null", "~", "true", "False", "1", "-1", "+1", "012", "0x1F", "0o14", "0b11", "1_000", "1.5", "1.50", ".5", "1e3", "-0", "12:30:45"]
BECH32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"


@dataclasses.dataclass(frozen=True)
class Identity:
    recipient: str
    # What lets sops find the private key.
    environment: tuple


@dataclasses.dataclass
class Run:
    number: int
    # The arguments of mksecret that print it sealed, and those that print it plain, if it is made.
    words: list
    plain_words: list | None
    manifest: bytes | None
    form: str  # yaml or json
    target: str  # the path that decides the rule
    config: str | None
    # What sops gets besides.
    sops_words: list
    identities: list
    files: list = dataclasses.field(default_factory=list)
    stdin: bytes = b""
    # Which kinds of text are in it, for the report.
    features: list = dataclasses.field(default_factory=list)


def identities(folder):
    """Two age keys, an Ed25519 and an RSA key of ssh."""
    found = []
    for _ in range(2):
        key = x25519.X25519PrivateKey.generate()
        public = key.public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
        private = key.private_bytes(serialization.Encoding.Raw, serialization.PrivateFormat.Raw, serialization.NoEncryption())
        found.append(Identity(bech32("age", public), (("SOPS_AGE_KEY", bech32("age-secret-key-", private).upper()),)))
    for kind, *more in (["ed25519"], ["rsa", "-b", "2048"]):
        path = os.path.join(folder, kind)
        subprocess.run(["ssh-keygen", "-q", "-t", kind, *more, "-N", "", "-C", "me@example.com", "-f", path], check=True)
        found.append(Identity(pathlib.Path(path + ".pub").read_text().strip(), (("SOPS_AGE_SSH_PRIVATE_KEY_FILE", path),)))
    return found


def bech32(prefix, raw):
    bits = "".join(f"{byte:08b}" for byte in raw)
    bits += "0" * (-len(bits) % 5)
    values = [int(bits[at : at + 5], 2) for at in range(0, len(bits), 5)]
    check = checksum([ord(letter) >> 5 for letter in prefix] + [0] + [ord(letter) & 31 for letter in prefix] + values + [0] * 6) ^ 1
    values += [check >> 5 * (5 - at) & 31 for at in range(6)]
    return prefix + "1" + "".join(BECH32[value] for value in values)


def checksum(values):
    check = 1
    for value in values:
        top = check >> 25
        check = (check & 0x1FFFFFF) << 5 ^ value
        for bit, generator in enumerate((0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)):
            check ^= generator if top >> bit & 1 else 0
    return check


def draw(rng, number, known):
    chosen = rng.sample(known, rng.choice([1, 1, 1, 2, 3]))
    form = "json" if rng.random() < 0.2 else "yaml"
    run = Run(number, [], None, None, form, f"k8s/db.{form}", None, [], chosen)
    sealing = draw_rule(rng, run)
    if rng.random() < 0.25:
        draw_generic(rng, run, sealing)
        return run
    secret = draw_secret(rng)
    if form == "json":
        run.manifest = draw_json(rng, secret)
    else:
        run.manifest = YamlText(rng, run.features).document(secret)
    if form == "yaml" and rng.random() < 0.1:
        # What the API server rejects, since an annotation is text.
        run.features.append("numbers")
        secret["metadata"]["annotations"] = {key: Raw(value) for key, value in zip("abcd", rng.sample(RAW, rng.randint(1, 4)))}
        run.manifest = YamlText(rng, run.features).document(secret)
        sealing.append("--validate=ignore")
    source = rng.choice(["plain." + form, "-", ""])
    if source.startswith("plain"):
        run.files.append({"path": source, "raw": run.manifest})
    else:
        run.stdin = run.manifest
    run.words = ["seal", *sealing, *([source] if source else []), *(["-o", form] if form == "json" or rng.random() < 0.3 else [])]
    return run


def draw_generic(rng, run, sealing):
    run.features.append("generic")
    words = ["generic", rng.choice(["db", "a.b", "x-1"]), "-n", "prod"]
    for number, key in enumerate(rng.sample(KEYS, rng.randint(1, 4))):
        value = rng.choice(TEXTS).encode() if rng.random() < 0.7 else rng.randbytes(rng.choice([1, 48, 49, 1000, 60_000]))
        run.files.append({"path": f"value{number}", "raw": value})
        words.append(f"--from-file={key}=value{number}")
    words += [f"--labels=app={rng.choice(['', '1', 'true', 'a'])}"] if rng.random() < 0.4 else []
    words += [f"--annotations=note={printable(rng)}"] if rng.random() < 0.6 else []
    words += ["--type=example.com/thing"] if rng.random() < 0.4 else []
    words += ["--immutable"] if rng.random() < 0.2 else []
    words += ["--string-data"] if rng.random() < 0.4 else []
    output = ["-o", run.form] if run.form == "json" or rng.random() < 0.5 else []
    run.words = [*words, *sealing, *output]
    run.plain_words = [*words, "--dry-run=client", "-o", run.form]


def draw_rule(rng, run):
    """The flags of the run, after its configuration is decided."""
    recipients = [identity.recipient for identity in run.identities]
    listed = ",".join(recipients)
    if rng.random() < 0.4:
        run.sops_words = ["--encrypted-regex", DEFAULT, "--age", listed]
        if rng.random() < 0.3:
            return ["--sops", *(f"--age={recipient}" for recipient in recipients)]
        return [rng.choice(["--sops", f"--sops={run.target}"]), "--age", listed]
    run.features.append("rule")
    rule = {}
    is_by_path = rng.random() < 0.6
    if is_by_path:
        rule["path_regex"] = rng.choice([r"k8s/.*\.(yaml|json)$", "^k8s/", "db"])
    has_own_selector = rng.random() < 0.85
    if has_own_selector:
        name, value = rng.choice(SELECTORS)
        rule[name] = value
    else:
        run.sops_words = ["--encrypted-regex", DEFAULT]
    if rng.random() < 0.3:
        rule["mac_only_encrypted"] = True
    gives_age = rng.random() < 0.3
    if gives_age:
        run.sops_words += ["--age", listed]
    if not gives_age or rng.random() < 0.5:
        rule["age"] = recipients if rng.random() < 0.3 else listed
    rules = [{"path_regex": "other", "encrypted_regex": "^x$", "age": recipients[0]}] if is_by_path and rng.random() < 0.4 else []
    config = {"creation_rules": [*rules, rule]}
    if rng.random() < 0.4:
        config["stores"] = {run.form: {"indent": rng.choice([2, 2, 3, 4])}}
    # JSON is YAML too.
    run.config = json.dumps(config, indent=rng.choice([None, 2]))
    flags = [f"--sops={run.target}"] if is_by_path or rng.random() < 0.5 else ["--sops"]
    return flags + (["--age", listed] if gives_age else [])


def printable(rng):
    """A text that an argument can hold, and that sops reads as kubectl prints it: not what ends a line in YAML 1.1 only."""
    return rng.choice([text for text in TEXTS if not re.search("[\0\x7f\u0085\u2028]", text)])


def draw_secret(rng):
    def entries(count, value):
        return {key: value(key) for key in rng.sample(KEYS, count)}

    def in_base64(key):
        value = rng.choice(TEXTS).encode() if rng.random() < 0.7 else rng.randbytes(rng.choice([1, 2, 3, 57, 58, 3000]))
        return base64.b64encode(value).decode()

    metadata = {"name": rng.choice(["db", "a.b", "x-1", "1", "007"])}
    if rng.random() < 0.6:
        metadata["namespace"] = "prod"
    if rng.random() < 0.4:
        metadata["labels"] = {key: rng.choice(["", "a", "1", "true", "x.y_z", "null", "1e3"]) for key in rng.sample(["app", "y", "1", "example.com/on"], rng.randint(1, 3))}
    if rng.random() < 0.5:
        metadata["annotations"] = {key: rng.choice(TEXTS) for key in rng.sample(["note", "on", "0", "example.com/a.b"], rng.randint(1, 3))}
    if rng.random() < 0.2:
        metadata["finalizers"] = rng.sample(["example.com/a", "example.com/b", "kubernetes"], rng.randint(1, 2))
    if rng.random() < 0.15:
        metadata["creationTimestamp"] = rng.choice([None, Raw("2026-01-02T03:04:05Z"), "2026-01-02T03:04:05Z"])
    if rng.random() < 0.1:
        metadata["generation"] = rng.choice([1, 0, 123456])
    if rng.random() < 0.1:
        metadata["ownerReferences"] = [{"apiVersion": "v1", "kind": "ConfigMap", "name": "x", "uid": "1e3", "controller": rng.random() < 0.5}]
    fields = [("apiVersion", "v1"), ("kind", "Secret"), ("metadata", shuffled(rng, metadata))]
    kinds = rng.choice([["data"], ["stringData"], ["data", "stringData"]])
    if "data" in kinds:
        fields.append(("data", entries(rng.randint(1, 5), in_base64)))
    if "stringData" in kinds:
        fields.append(("stringData", entries(rng.randint(1, 5), lambda key: rng.choice(TEXTS))))
    if rng.random() < 0.1:
        fields[-1][1]["none"] = None
    if rng.random() < 0.5:
        fields.append(("type", rng.choice(["Opaque", "example.com/thing"])))
    if rng.random() < 0.2:
        fields.append(("immutable", rng.random() < 0.7))
    if rng.random() < 0.5:
        rng.shuffle(fields)
    return dict(fields)


def shuffled(rng, fields):
    pairs = list(fields.items())
    rng.shuffle(pairs)
    return dict(pairs)


def draw_json(rng, secret):
    text = json.dumps(secret, indent=rng.choice([None, 2, "\t"]), ensure_ascii=rng.random() < 0.5)
    return (text + rng.choice(["", "\n"])).encode()
