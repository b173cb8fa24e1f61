#!/usr/bin/env python3
"""Compares verdicts on damaged certificates with those of Go, of whose library kubectl is built.

    tests/conformance/mutations.py --go target/go/bin/go --count 20000

The seeds are the system's CAs, the fixtures and the certificates of chains.py. Each is damaged in bytes or bits, by deletion or
by insertion, alone and, where its key is known, as a pair. What Go takes must be taken, except for damaged extensions such as no CA
writes: those are counted by the message. What Go refuses and the tool takes is counted by Go's message.
Needs cryptography, `cargo build --example certificate_verdicts`, and Go 1.26.
"""
import argparse
import base64
import collections
import pathlib
import random
import re
import subprocess
import sys
import tempfile

import chain_rows
from cryptography import x509
from cryptography.hazmat.primitives import serialization

HERE = pathlib.Path(__file__).parent
ROOT = HERE.parent.parent
CAS = pathlib.Path("/etc/ssl/certs/ca-certificates.crt")
# What the tool says of extensions that x509-parser does not read, though Go does.
OF_EXTENSIONS = re.compile("x509: (malformed extensions|(invalid|cannot parse|SAN) .*)")


def main():
    parser = argparse.ArgumentParser(description="Compare verdicts on damaged certificates with those of Go")
    parser.add_argument("--judge", default=ROOT / "target/debug/examples/certificate_verdicts", help="the tool's verdicts (default: %(default)s)")
    parser.add_argument("--go", default="go", help="the command of Go 1.26 (default: %(default)s)")
    parser.add_argument("--count", type=int, default=2000, help="inputs, the undamaged ones included (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 32), help="decides which")
    options = parser.parse_args()
    seeds = certificates()
    draw = random.Random(options.seed)
    lines = [(encode(der), False) for der, _ in seeds] + [(pair(der, key), False) for der, key in seeds if key]
    print(f"seed {options.seed}: {len(lines)} undamaged inputs of {len(seeds)} certificates", flush=True)
    if options.count < 2 * len(lines):
        lines = draw.sample(lines, options.count // 2)
    while len(lines) < options.count:
        der, key = draw.choice(seeds)
        damaged = damage(draw, der)
        is_pair = key and draw.random() < 0.5
        lines.append((pair(damaged, key) if is_pair else encode(damaged), True))
    go, own = judge_all(options, [line for line, _ in lines])
    refused, taken, wrong = collections.Counter(), collections.Counter(), 0
    for (line, is_damaged), theirs, ours in zip(lines, go, own):
        is_taken = theirs.startswith("taken")
        if is_taken and ours != "taken":
            refused[ours] += 1
            # Go ignores what is not an extension any more.
            is_of_extensions = OF_EXTENSIONS.fullmatch(ours) or theirs == "taken without extensions"
            if not is_damaged or not is_of_extensions:
                wrong += 1
                print(f"refused, though Go takes it: {ours}\n{line}")
        elif not is_taken and ours == "taken":
            taken[re.sub(r'\\".*\\"|\d.*', "…", theirs.removeprefix('"x509: '))] += 1
    for reason, count in taken.most_common():
        print(f"{count:6} are taken, though Go refuses them: {reason}")
    for reason, count in refused.most_common():
        print(f"{count:6} are refused, though Go takes them: {reason}")
    print(f"{sum(theirs.startswith('taken') for theirs in go)} taken by Go, {refused.total()} of them refused; {taken.total()} others taken")
    print(f"seed {options.seed}: {len(lines)} comparisons, {wrong} differences")
    return 1 if wrong else 0


def certificates():
    """Certificates in DER, each with its key in PEM where that is known."""
    found = {}
    for path in [CAS, *sorted((ROOT / "tests/fixtures").rglob("*.crt"))]:
        key = path.with_suffix(".key")
        for block in re.findall(rb"-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----", path.read_bytes(), re.S):
            der = base64.b64decode(b"".join(block.splitlines()[1:-1]))
            found.setdefault(der, key.read_bytes() if key.exists() else None)
    for row in chain_rows.rows():
        for der in row.sent + row.roots:
            found.setdefault(der, None)
        if row.sent and is_of(row.sent[0], row.key):
            found[row.sent[0]] = row.key_pem()
    return list(found.items())


def is_of(der, key):
    info = lambda public: public.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    try:
        return info(x509.load_der_x509_certificate(der).public_key()) == info(key.public_key())
    except Exception:  # What cryptography does not read may be good for Go.
        return False


def damage(draw, der):
    damaged = bytearray(der)
    for _ in range(draw.choice([1, 1, 1, 2, 3])):
        at = draw.randrange(len(damaged))
        match draw.randrange(6):
            case 0 | 1:
                damaged[at] = draw.randrange(256)
            case 2 | 3:
                damaged[at] ^= 1 << draw.randrange(8)
            case 4:
                del damaged[at:at + draw.choice([1, 1, 2, 4, 16])]
            case 5:
                damaged[at:at] = draw.randbytes(draw.choice([1, 1, 2, 4, 16]))
    return bytes(damaged)


def encode(data):
    return base64.b64encode(data).decode()


def pair(der, key):
    body = "\n".join(re.findall(".{1,64}", encode(der)))
    pem = f"-----BEGIN CERTIFICATE-----\n{body}\n-----END CERTIFICATE-----\n"
    return f"{encode(pem.encode())} {encode(key)}"


def judge_all(options, lines):
    text = "".join(line + "\n" for line in lines)
    with tempfile.TemporaryDirectory() as folder:
        judge = pathlib.Path(folder) / "verdicts"
        subprocess.run([options.go, "build", "-o", judge, HERE / "verdicts.go"], check=True)
        answers = [subprocess.run([command], input=text, capture_output=True, text=True, check=True) for command in (judge, options.judge)]
    return [answer.stdout.splitlines() for answer in answers]


if __name__ == "__main__":
    sys.exit(main())
