#!/usr/bin/env python3
"""Opens random SealedSecrets of `--seal` and `mksecret seal` with three peers, and compares the manifests with kubectl.

    tests/conformance/sealed.py --bin target/release/mksecret --kubectl target/kubectl/bin/kubectl --go target/go/bin/go --count 200

A comparison is one run: `generic --seal`, also for several namespaces, or `seal` of manifests that kubectl made or that are
written in another form that kubectl takes, one or several, in YAML or JSON. The keys of the certificates have 2048, 3072 and
4096 bits. Each ciphertext is opened by the package cryptography, by kubesealpy 1.0.1 and by the standard library of Go, which
the controller uses; each must give the value under the label of the scope, and must fail under others. The readable part must
be what kubeseal prints: JSON in the order of its structs, YAML as kubectl prints the same object.
Needs the packages cryptography, kubesealpy and PyYAML.
"""
import argparse
import base64
import concurrent.futures
import difflib
import json
import multiprocessing
import os
import pathlib
import random
import re
import shutil
import subprocess
import sys
import tempfile

import yaml
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

import layout
import sealed_rows as rows

HERE = pathlib.Path(__file__).parent
SCOPE_PREFIX = "sealedsecrets.bitnami.com/"
SEALED = "SEALED"


def main():
    parser = argparse.ArgumentParser(description="Open random SealedSecrets of mksecret with other programs")
    parser.add_argument("--bin", default="target/release/mksecret", help="the tool (default: %(default)s)")
    parser.add_argument("--kubectl", default="kubectl", help="a real kubectl v1.37.1 (default: %(default)s)")
    parser.add_argument("--go", default="go", help="the command of Go 1.26 (default: %(default)s)")
    parser.add_argument("--count", type=int, default=200, help="runs (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 32), help="decides which")
    options = parser.parse_args()
    # They are started in other folders.
    for program in ("bin", "kubectl", "go"):
        found = shutil.which(getattr(options, program)) or getattr(options, program)
        setattr(options, program, str(pathlib.Path(found).absolute()))
    options.bin = os.path.abspath(options.bin)
    print(f"seed {options.seed}, {options.count} runs", flush=True)
    rng = random.Random(options.seed)
    keys = [rsa.generate_private_key(65537, bits) for bits in (2048, 3072, 4096)]
    forms = [rows.certificate_forms(key) for key in keys]
    runs = [rows.draw(rng, number, forms) for number in range(options.count)]
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        answers = list(pool.map(lambda run: answer(options, run), runs))
    found = [read(run, answer) for run, answer in zip(runs, answers)]
    check_layout(options, runs, answers, found)
    check_ciphertexts(options, keys, runs, found)
    # A peer of its own process: RSA is what takes the time.
    context = multiprocessing.get_context("spawn")
    pems = [pem(key) for key in keys]
    with concurrent.futures.ProcessPoolExecutor(os.cpu_count(), context, initializer=load, initargs=(pems,)) as pool:
        for one, reason in zip(found, pool.map(kubesealpy_opens, ((run, one.documents) for run, one in zip(runs, found)), chunksize=4)):
            one.differs(reason)
    wrong = [(run, one) for run, one in zip(runs, found) if one.reasons]
    for run, one in wrong:
        print(f"\nDIFFERENCE in run {run.number}: {' '.join(run.words)}\n  " + "\n  ".join(one.reasons))
    values = sum(len(one.values) for one in found)
    print(f"{sum(len(run.wanted) for run in runs)} SealedSecrets, {values} values, {sum(run.refusal is not None for run in runs)} runs must be refused")
    print(f"seed {options.seed}: {len(runs)} comparisons, {len(wrong)} differences")
    return 1 if wrong else 0


class Found:
    """What a run printed, read; and what is wrong with it."""

    def __init__(self):
        self.documents = []  # the text of each
        self.objects = []  # the same, parsed
        self.values = []  # (secret, key, value, ciphertext)
        self.reasons = []

    def differs(self, reason):
        if reason:
            self.reasons.append(reason)


def answer(options, run):
    for step in run.kubectl_steps:
        made = layout.run([options.kubectl, *step.words], {"files": run.files, "stdin": run.parts[step.at]})
        assert made.succeeded, made.stderr
        step.keep(run, made.stdout)
    run.finish()
    return layout.run([options.bin, *run.words], {"files": run.files, "stdin": run.stdin, "env": run.environment})


def read(run, answer):
    found = Found()
    if run.refusal is not None:
        broken = "is printed, though it must be refused" if answer.succeeded else answer.broken_refusal()
        found.differs(broken and f"{run.refusal}: {broken}")
        return found
    if not answer.succeeded:
        found.differs(f"status {answer.status}: {answer.stderr.decode(errors='replace')}")
        return found
    text = answer.stdout.decode()
    if run.output == "json":
        decoder, at = json.JSONDecoder(), 0
        while at < len(text):
            value, end = decoder.raw_decode(text, at)
            found.documents.append(text[at : end + 1])
            found.objects.append(value)
            at = end + 1
    else:
        found.documents = [part for part in re.split(r"(?m)^---\n", text) if part]
        found.objects = [yaml.load(part, yaml.CSafeLoader) for part in found.documents]
    if len(found.objects) != len(run.wanted):
        found.differs(f"{len(found.objects)} documents instead of {len(run.wanted)}")
        return found
    for secret, seen in zip(run.wanted, found.objects):
        data = seen["spec"]["encryptedData"]
        if data.keys() != secret.data.keys():
            found.differs(f"the keys {sorted(data)} instead of {sorted(secret.data)}")
            continue
        found.values += [(secret, key, value, data[key]) for key, value in secret.data.items()]
    return found


def masked(secret):
    """The SealedSecret without its ciphertexts, in the order of kubeseal's structs."""
    names = {"name": secret.name, **({"namespace": secret.namespace} if secret.namespace else {})}
    scope = {} if secret.scope == "strict" else {SCOPE_PREFIX + secret.scope: "true"}
    metadata = {**names, **({"annotations": scope} if scope else {})}
    annotations = {**secret.annotations, **scope}
    template = {
        **names,
        **({"labels": dict(sorted(secret.labels.items()))} if secret.labels else {}),
        **({"annotations": dict(sorted(annotations.items()))} if annotations else {}),
        **({"finalizers": secret.finalizers} if secret.finalizers else {}),
    }
    spec = {"metadata": template, **({"type": secret.type} if secret.type else {}), **({"immutable": True} if secret.immutable else {})}
    return {
        "kind": "SealedSecret",
        "apiVersion": "bitnami.com/v1alpha1",
        "metadata": metadata,
        "spec": {"template": spec, "encryptedData": {key: SEALED for key in sorted(secret.data)}},
    }


def check_layout(options, runs, answers, found):
    """Compares all but the ciphertexts, byte for byte."""
    whole = [secret for run in runs for secret in run.wanted]
    listed = json.dumps({"apiVersion": "v1", "kind": "List", "items": [masked(secret) for secret in whole]}).encode()
    # An empty patch: kubectl prints the objects as it prints any.
    printed = layout.run([options.kubectl, "patch", "--local", "--type=merge", "-p", "{}", "-f", "-", "-o", "yaml"], {"stdin": listed})
    assert printed.succeeded, printed.stderr
    texts = iter("---\n" + text for text in re.split(r"(?m)^(?=apiVersion: bitnami)", printed.stdout.decode()) if text)
    for run, answer, one in zip(runs, answers, found):
        expected = "".join([next(texts) for _ in run.wanted] if run.output == "yaml" else [go_json(masked(secret)) for secret in run.wanted])
        if run.output == "json":
            for _ in run.wanted:
                next(texts)
        if one.reasons or run.refusal is not None:
            continue
        text = answer.stdout.decode()
        for _, _, _, ciphertext in one.values:
            text = text.replace(ciphertext, SEALED, 1)
        if text != expected:
            lines = difflib.unified_diff(expected.splitlines(), text.splitlines(), "wanted", "printed", n=1, lineterm="")
            one.differs("layout:\n" + "\n".join(lines))
    assert next(texts, None) is None


def go_json(value):
    text = json.dumps(value, indent=2, ensure_ascii=False) + "\n"
    return re.sub("[<>&\u2028\u2029]", lambda found: f"\\u{ord(found[0]):04x}", text)


def label(secret):
    return {"strict": f"{secret.namespace}/{secret.name}", "namespace-wide": secret.namespace, "cluster-wide": ""}[secret.scope]


def other_labels(secret):
    """Under which it must not open: other names, namespaces and scopes."""
    namespace, name = secret.namespace or "default", secret.name
    labels = [f"{namespace}/{name}", namespace, "", f"{namespace}/{name}x", f"x{namespace}/{name}", f"{namespace}/", f"/{name}", name, f"x{namespace}"]
    return [other for other in labels if other != label(secret)]


def check_ciphertexts(options, keys, runs, found):
    """Opens all with cryptography and with Go."""
    questions, jobs, session_keys = [], [], set()
    for run, one in zip(runs, found):
        for secret, key, value, ciphertext in one.values:
            others = other_labels(secret)
            jobs.append((run, one, secret, key, value, ciphertext))
            # Go tries as many of the others as cost little, each of them in turn.
            at = len(jobs) % len(others)
            for text in [label(secret), others[at], others[at - 1]]:
                questions.append(f"{run.key} {base64.b64encode(text.encode()).decode()}- {ciphertext}\n")
    with concurrent.futures.ThreadPoolExecutor(1) as waiting:
        go = waiting.submit(go_opens, options, keys, questions)
        for run, one, secret, key, value, ciphertext in jobs:
            one.differs(cryptography_opens(keys[run.key], secret, key, value, ciphertext, session_keys))
        verdicts = go.result()
    for at, (run, one, secret, key, value, _) in enumerate(jobs):
        seen, *others = verdicts[3 * at : 3 * at + 3]
        if seen != base64.b64encode(value).decode() + "-":
            one.differs(f"{secret.name}, {key}: Go: {seen[:80]}")
        if others != ["closed", "closed"]:
            one.differs(f"{secret.name}, {key}: Go opens it under another label")


def cryptography_opens(private, secret, key, value, ciphertext, session_keys):
    where = f"{secret.name}, {key}, {len(value)} bytes"
    raw = base64.b64decode(ciphertext, validate=True)
    size = private.key_size // 8
    if raw[:2] != size.to_bytes(2, "big") or len(raw) != 2 + size + len(value) + 16:
        return f"{where}: {len(raw)} bytes that begin with {raw[:2].hex()}"
    try:
        session_key = private.decrypt(raw[2 : 2 + size], oaep(label(secret)))
        seen = AESGCM(session_key).decrypt(bytes(12), raw[2 + size :], None)
    except Exception as error:
        return f"{where}: cryptography does not open it: {error!r}"
    if seen != value:
        return f"{where}: another value ({len(seen)} bytes)"
    if len(session_key) != 32 or session_key in session_keys:
        return f"{where}: the session key has {len(session_key)} bytes or is used twice"
    session_keys.add(session_key)
    return None


def oaep(text):
    return padding.OAEP(padding.MGF1(hashes.SHA256()), hashes.SHA256(), text.encode() or None)


def go_opens(options, keys, questions):
    with tempfile.TemporaryDirectory(prefix="sealed-") as folder:
        program = os.path.join(folder, "open")
        subprocess.run([options.go, "build", "-o", program, HERE / "sealed_open.go"], check=True)
        paths = []
        for number, key in enumerate(keys):
            paths.append(os.path.join(folder, f"{number}.pem"))
            pathlib.Path(paths[-1]).write_bytes(pem(key))
        opened = subprocess.run([program, *paths], input="".join(questions), capture_output=True, text=True, check=True)
    lines = opened.stdout.splitlines()
    assert len(lines) == len(questions)
    return lines


def pem(key):
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())


def load(pems):
    """Prepares a process of kubesealpy."""
    import kubesealpy

    global package, unsealers
    package = kubesealpy
    unsealers = [kubesealpy.Unsealer.from_private_key(serialization.load_pem_private_key(text, None)) for text in pems]


def kubesealpy_opens(job):
    """Why the Secrets that kubesealpy reads are not those that were sealed."""
    run, documents = job
    for secret, text in zip(run.wanted, documents):
        sealed = package.SealedSecret.from_yaml(text)
        try:
            opened = unsealers[run.key].unseal(sealed)
        except Exception as error:
            return f"{secret.name}: kubesealpy does not open it: {error!r}"
        scope = {} if secret.scope == "strict" else {SCOPE_PREFIX + secret.scope: "true"}
        seen = (opened.get_data_decoded(), opened.metadata.name, opened.metadata.namespace, opened.type, opened.metadata.labels or {}, opened.metadata.annotations or {})
        wanted = (secret.data, secret.name, secret.namespace, secret.type or "Opaque", secret.labels, {**secret.annotations, **scope})
        if seen != wanted:
            return f"kubesealpy reads {seen[1:]}, {sorted(seen[0])} instead of {wanted[1:]}, {sorted(wanted[0])}"
        if not secret.data or secret.scope == "cluster-wide":
            continue
        moved = sealed.model_copy(deep=True)
        if secret.scope == "strict" and run.number % 2:
            moved.metadata.name += "x"
        else:
            moved.metadata.namespace += "x"
        try:
            unsealers[run.key].unseal(moved)
            return f"{secret.name}: kubesealpy opens it as {moved.metadata.namespace}/{moved.metadata.name}"
        except package.KubesealPyError:
            pass
    return None


if __name__ == "__main__":
    sys.exit(main())
