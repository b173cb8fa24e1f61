#!/usr/bin/env python3
"""Compares mksecret with a real kubectl on random pairs of certificate and key, made by openssl at the start.

    tests/conformance/pairs.py --kubectl target/kubectl/bin/kubectl --count 300

RSA of 1024 to 4096 bits, P-224 to P-521 and Ed25519, and what kubectl refuses (RSA-PSS, Ed448, secp256k1); keys as PKCS#1,
SEC 1 and PKCS#8. Certificate and key are drawn on their own, most of the time of one pair. Where kubectl prints a Secret the
tool prints the same bytes; where kubectl refuses the tool refuses too.
"""
import argparse
import concurrent.futures
import os
import pathlib
import random
import subprocess
import sys
import tempfile

RSA = [f"-algorithm RSA -pkeyopt rsa_keygen_bits:{bits}" for bits in (1024, 1536, 2048, 3072, 4096)]
CURVES = [f"-algorithm EC -pkeyopt ec_paramgen_curve:{curve}" for curve in ("P-224", "P-256", "P-384", "P-521")]
OTHERS = [
    "-algorithm RSA-PSS -pkeyopt rsa_keygen_bits:2048",
    "-algorithm ED448",
    "-algorithm EC -pkeyopt ec_paramgen_curve:secp256k1",
]
KINDS = RSA + CURVES + ["-algorithm ED25519"] + OTHERS
EACH = 2


def main():
    parser = argparse.ArgumentParser(description="Compare mksecret with a real kubectl on random pairs")
    parser.add_argument("--bin", default="target/release/mksecret", help="the tool (default: %(default)s)")
    parser.add_argument("--kubectl", default="kubectl", help="a real kubectl v1.37.1 (default: %(default)s)")
    parser.add_argument("--count", type=int, default=300, help="pairs (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 32), help="decides which")
    options = parser.parse_args()
    print(f"seed {options.seed}, {options.count} pairs", flush=True)
    with tempfile.TemporaryDirectory() as folder, concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        folder = pathlib.Path(folder)
        identities = [identity for identity in pool.map(lambda n: make(folder, n), range(len(KINDS) * EACH)) if identity]
        draw = random.Random(options.seed)
        pairs = [draw_pair(draw, identities) for _ in range(options.count)]
        verdicts = list(pool.map(lambda pair: compare(options, folder, pair), pairs))
    differences = [verdict for _, verdict in verdicts if verdict]
    for difference in differences:
        print(difference)
    taken = sum(taken for taken, _ in verdicts)
    print(f"seed {options.seed}: {len(pairs)} pairs, {taken} taken by kubectl, {len(differences)} differences")
    return 1 if differences else 0


def make(folder, number):
    """A certificate and the forms of its key, as paths."""
    kind = KINDS[number % len(KINDS)]
    stem = folder / str(number)
    openssl("genpkey", *kind.split(), "-out", f"{stem}.key")
    openssl("req", "-x509", "-new", "-key", f"{stem}.key", "-subj", f"/CN={number}", "-days", "9", "-out", f"{stem}.crt")
    keys = [f"{stem}.key"]
    if kind in RSA + CURVES or "secp256k1" in kind:
        openssl("pkey", "-in", f"{stem}.key", "-traditional", "-out", f"{stem}.own")
        keys.append(f"{stem}.own")
    return f"{stem}.crt", keys, kind


def draw_pair(draw, identities):
    certificate, keys, kind = draw.choice(identities)
    if draw.random() < 0.35:
        # Another key: of the same kind as often as not.
        same = [other for other in identities if other[2] == kind and other[0] != certificate]
        _, keys, _ = draw.choice(same if draw.random() < 0.5 else identities)
    return certificate, draw.choice(keys)


def compare(options, folder, pair):
    certificate, key = pair
    words = ["tls", "x", f"--cert={certificate}", f"--key={key}", "--dry-run=client", "-o", "yaml"]
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "KUBECONFIG": str(folder / "none")}
    ask = lambda command: subprocess.run(command, capture_output=True, env=environment, check=False, timeout=60)
    kubectl = ask([options.kubectl, "create", "secret", *words])
    tool = ask([options.bin, *words])
    taken = kubectl.returncode == 0
    agree = taken == (tool.returncode == 0) and (kubectl.stdout == tool.stdout if taken else not tool.stdout)
    if agree:
        return taken, None
    what = [pathlib.Path(path).read_text() for path in pair]
    said = f"kubectl {kubectl.returncode} {kubectl.stderr!r}, the tool {tool.returncode} {tool.stderr!r}"
    return taken, f"\nDIFFERENCE: {said}\n{what[0]}{what[1]}"


def openssl(*words):
    subprocess.run(["openssl", *words], check=True, capture_output=True)


if __name__ == "__main__":
    sys.exit(main())
