#!/usr/bin/env python3
"""Compares the types that kubectl has no command for with what it makes of the same values another way, and with ssh-keygen.

    tests/conformance/typed.py --kubectl target/kubectl/bin/kubectl --count 200

basic-auth and ssh-auth: `kubectl create secret generic --type=…` of the same values, to the byte in every format; for
service-account-token `kubectl annotate --local` adds what `create secret` has no flag for. Of a key without its final newline
ours is compared with kubectl's of the whole key.

ssh-keygen judges every key beside us, whole and damaged: what it reads must be taken, what it does not read must be refused
with strict (and printed, byte for byte, with --validate=ignore). A key under a passphrase counts as read when ssh-keygen
asks for that. Known differences: OpenSSH before 9.6 reads no Ed25519 key in PKCS#8, from 10 on no DSA key; of an RSA or DSA
key it does not look whether the numbers fit each other; a second key in a file is an error here alone, and so
are line ends of Windows and a byte order mark in the PEM forms: OpenSSL reads those, other libraries do not.
"""
import argparse
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile

import layout
import words

FORMATS = ["yaml", "json", "kyaml", "name", ""]
KINDS = [
    ["-t", "ed25519"],
    ["-t", "ecdsa", "-b", "256"],
    ["-t", "ecdsa", "-b", "384", "-m", "PEM"],
    ["-t", "ecdsa", "-b", "521", "-m", "PKCS8"],
    ["-t", "rsa", "-b", "2048"],
    ["-t", "rsa", "-b", "2048", "-m", "PEM"],
    ["-t", "rsa", "-b", "3072", "-m", "PKCS8"],
]


def main():
    parser = argparse.ArgumentParser(description="Compare basic-auth, ssh-auth and service-account-token with kubectl and ssh-keygen")
    parser.add_argument("--bin", default="target/release/mksecret", help="the tool (default: %(default)s)")
    parser.add_argument("--kubectl", default="kubectl", help="a real kubectl v1.37.1 (default: %(default)s)")
    parser.add_argument("--count", type=int, default=200, help="command lines, and as many keys (default: %(default)s)")
    parser.add_argument("--seed", type=int, help="the number that decides them all (default: a random one)")
    options = parser.parse_args()
    seed = options.seed if options.seed is not None else random.SystemRandom().randrange(1 << 32)
    tool, kubectl = (os.path.abspath(shutil.which(path)) for path in (options.bin, options.kubectl))
    keys = make_keys()
    wrong = 0
    for position in range(options.count):
        rng = random.Random(f"{seed}/{position}")
        for check in (secrets, verdicts):
            complaint = check(rng, keys, tool, kubectl)
            if complaint:
                wrong += 1
                print(f"DIFFERENCE {position}: {complaint}", flush=True)
    print(f"seed {seed}: {2 * options.count} comparisons, {wrong} differences")
    return 1 if wrong else 0


def make_keys():
    """Pairs of a key and whether it is under a passphrase, made anew at each start."""
    keys = []
    folder = tempfile.mkdtemp(prefix="keys-")
    try:
        for at, kind in enumerate(KINDS):
            for passphrase in ("", "hunter2"):
                path = os.path.join(folder, f"{at}{passphrase}")
                subprocess.run(["ssh-keygen", "-q", *kind, "-N", passphrase, "-C", "a comment", "-f", path], check=True)
                with open(path, "rb") as made:
                    keys.append((made.read(), bool(passphrase)))
    finally:
        shutil.rmtree(folder)
    return keys


def secrets(rng, keys, tool, kubectl):
    kind = rng.choice(["basic-auth", "ssh-auth", "service-account-token"])
    # Room for the hash: kubectl prints a name that is too long with it.
    name, output = words.name(rng, bad=0)[:240], rng.choice(FORMATS)
    common = ["--dry-run=client", *([f"--output={output}"] if output else []), *(["--append-hash"] if rng.random() < 0.3 else [])]
    common += [f"--namespace={words.namespace(rng, bad=0)}"] if rng.random() < 0.3 else []
    ours, theirs, files, stdin = [], [], [], b""
    if kind == "basic-auth":
        for key in rng.choice([["username"], ["password"], ["username", "password"]]):
            value = words.text(rng) or "x"
            theirs.append(f"--from-literal={key}={value}")
            if key == "password" and rng.random() < 0.5:
                files.append({"path": "password", "raw": layout.to_bytes(value) + rng.choice([b"\n", b"\r\n"])})
                ours.append("--password-file=password")
            else:
                ours.append(f"--{key}={value}")
    elif kind == "ssh-auth":
        key = rng.choice(keys)[0]
        files.append({"path": "key", "raw": key})
        ours, theirs = ["--ssh-privatekey=key"], ["--from-file=ssh-privatekey=key"]
        if rng.random() < 0.3:
            files.append({"path": "cut", "raw": key.rstrip(b"\n")})
            ours = ["--ssh-privatekey=cut"]
    else:
        ours = ["--service-account=robot"]
    if kind != "service-account-token" and rng.random() < 0.3:
        files.append({"path": "gitconfig", "raw": layout.to_bytes(words.text(rng) or "x")})
        ours.append("--gitconfig=gitconfig")
        theirs.append("--from-file=.gitconfig=gitconfig")
    case = {"files": files, "stdin": stdin}
    line = ["create", "secret", "generic", name, f"--type=kubernetes.io/{kind}", *theirs]
    if kind == "service-account-token":
        # kubectl's second command appends no hash, sorts the fields, and has another result line.
        output = output if output in ("json", "name") else "yaml"
        common = [word for word in common if word.startswith(("--dry-run", "--namespace"))]
        made = layout.run([kubectl, *line, *common, "--output=json"], case)
        common.append(f"--output={output}")
        annotate = ["annotate", "--local", "-f", "-", "kubernetes.io/service-account.name=robot", f"--output={output}"]
        kubectls = layout.run([kubectl, *annotate], {"stdin": made.stdout})
    else:
        kubectls = layout.run([kubectl, *line, *common], case)
    answer = layout.run([tool, kind, name, *ours, *common], case)
    if kubectls.succeeded and answer.succeeded and kubectls.stdout == answer.stdout:
        return None
    if output == "json" and kind == "service-account-token" and json.loads(kubectls.stdout) == json.loads(answer.stdout):
        return None
    return f"{kind} {name} {ours} {common}\n    kubectl {kubectls.status} {kubectls.stdout[-300:]!r} {kubectls.stderr[-200:]!r}\n    tool    {answer.status} {answer.stdout[-300:]!r} {answer.stderr[-300:]!r}"


def damaged(rng, key):
    """What was changed, and the key: whole, or changed in one way."""
    lines = key.splitlines(keepends=True)
    at = rng.randrange(len(lines))
    place = rng.randrange(len(key))
    ways = {
        "nothing": key,
        "a blank line behind it": key.rstrip(b"\n") + b"\n\n",
        "a line behind it": key + b"a line behind it\n",
        "a line before it": b"a line before it\n" + key,
        "a blank line before it": b"\n" + key,
        "a blank before it": b" " + key,
        "line ends of Windows": key.replace(b"\n", b"\r\n"),
        "all in one line": key.replace(b"\n", b" "),
        "cut off": key[:place],
        "a line less": b"".join(lines[:at] + lines[at + 1 :]),
        "a blank at a line's end": b"".join(lines[:at] + [lines[at][:-1] + b" \n"] + lines[at + 1 :]),
        "a blank line in it": b"".join(lines[:at] + [b"\n"] + lines[at:]),
        "a foreign character": b"".join(lines[:at] + [b"!"] + lines[at:]),
        "a bit": key[:place] + bytes([key[place] ^ 1]) + key[place + 1 :],
        "four dashes": key.replace(b"-----BEGIN", b"----BEGIN"),
        "another end": key.replace(b"-----END", b"-----END X"),
        "a byte order mark": b"\xef\xbb\xbf" + key,
    }
    way = rng.choice(list(ways))
    return (f"{way} (line {at + 1}, byte {place + 1})", ways[way])


def verdicts(rng, keys, tool, _):
    key, encrypted = rng.choice(keys)
    label = key.splitlines()[0].decode()
    way, key = damaged(rng, key)
    read = ssh_reads(key, encrypted)
    case = {"files": [{"path": "key", "raw": key}]}
    line = [tool, "ssh-auth", "x", "--ssh-privatekey=key", "--dry-run=client", "-o", "go-template={{index .data \"ssh-privatekey\" | base64decode}}"]
    answer = layout.run(line, case)
    broken = None if answer.succeeded else answer.broken_refusal()
    if broken:
        return broken
    if read and not answer.succeeded and "OPENSSH" not in label and ("Windows" in way or "order mark" in way):
        read = False
    if read and way.startswith("a bit") and b"is damaged" in answer.stderr:
        read = False
    # Damage under a passphrase shows to who has it alone.
    if answer.succeeded != read and not (encrypted and answer.succeeded):
        return f"{label}: {way}: ssh-keygen {'reads' if read else 'does not read'} it; {answer.stderr.decode()}"
    if not answer.succeeded:
        answer = layout.run([*line, "--validate=ignore"], case)
    whole = key + b"\n" if b"missing trailing newline" in answer.stderr else key
    return None if answer.stdout == whole else f"{label}: {way}: the bytes are changed"


def ssh_reads(key, encrypted):
    """Whether ssh-keygen reads the key: all of it, or to where a passphrase is wanted."""
    folder = tempfile.mkdtemp(prefix="keys-")
    try:
        path = os.path.join(folder, "key")
        with open(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600), "wb") as out:
            # Without it nothing would be read at all; it is added by us.
            out.write(key if key.endswith(b"\n") else key + b"\n")
        passphrase = "hunter2" if encrypted else ""
        return subprocess.run(["ssh-keygen", "-y", "-P", passphrase, "-f", path], capture_output=True, stdin=subprocess.DEVNULL).returncode == 0
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    sys.exit(main())
