#!/usr/bin/env python3
"""Measures `mksecret kustomize`, compared with `kubectl kustomize` and with reading, hashing and writing the files.

    cargo build --release --bin mksecret
    benches/kustomize.py --kubectl PATH [--bin target/release/mksecret] [--pairs 3]

Whole processes, in turn (A B A B …). Printed are medians of wall time and peak memory as the kernel counts it. No figure
here is a test.
"""
import argparse
import base64
import hashlib
import os
import statistics
import subprocess
import sys
import tempfile
import time


def main():
    parser = argparse.ArgumentParser(description="Measure mksecret kustomize")
    parser.add_argument("--bin", default="target/release/mksecret", help="the tool (default: %(default)s)")
    parser.add_argument("--kubectl", default="kubectl", help="a kubectl (default: %(default)s)")
    parser.add_argument("--pairs", type=int, default=3, help="runs of each beside kubectl (default: %(default)s)")
    options = parser.parse_args()
    tool = os.path.abspath(options.bin)
    with tempfile.TemporaryDirectory() as work:
        beside_kubectl(tool, options, work)
        growth(tool, work)
        files(tool, work)
    return 0


def generators(work, count, literals):
    folder = os.path.join(work, f"{count}-{literals}")
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, "kustomization.yaml"), "w") as out:
        out.write("secretGenerator:\n")
        for i in range(count):
            values = ", ".join(f"k{n}=value-{i}-{n}" for n in range(literals))
            out.write(f"- name: s{i}\n  literals: [{values}]\n")
    return folder


def run(command, out):
    """Seconds of wall time, and peak memory in bytes."""
    with open(out, "wb") as file:
        start = time.perf_counter()
        child = subprocess.Popen(command, stdout=file, stderr=subprocess.PIPE)
        _, status, usage = os.wait4(child.pid, 0)
        seconds = time.perf_counter() - start
    if status:
        sys.exit(f"{command} fails: {child.stderr.read().decode(errors='replace')[:400]}")
    return seconds, usage.ru_maxrss * 1024


def beside_kubectl(tool, options, work):
    folder = generators(work, 4000, 2)
    ours, theirs = [], []
    for _ in range(options.pairs):
        ours.append(run([tool, "kustomize", folder], f"{work}/ours")[0])
        theirs.append(run([options.kubectl, "kustomize", folder], f"{work}/theirs")[0])
    with open(f"{work}/ours", "rb") as a, open(f"{work}/theirs", "rb") as b:
        same = a.read() == b.read()
    ours, theirs = statistics.median(ours), statistics.median(theirs)
    print(f"4,000 generators: {ours * 1000:.1f} ms, kubectl {theirs:.1f} s: {theirs / ours:.0f} times as fast, the same bytes: {same} (bar: 500)")


def growth(tool, work):
    figures = {}
    for literals in (1, 2):
        for count in (4000, 40000):
            folder = generators(work, count, literals)
            runs = [run([tool, "kustomize", folder], f"{work}/out") for _ in range(7)]
            size = os.path.getsize(f"{work}/out")
            figures[count] = statistics.median(seconds for seconds, _ in runs)
            memory = min(peak for _, peak in runs)
        print(
            f"{literals} literals, 4,000 to 40,000: {figures[4000] * 1000:.0f} to {figures[40000] * 1000:.0f} ms, "
            f"× {figures[40000] / figures[4000]:.1f} (bar: 10 to 12); peak {memory / 1e6:.1f} MB for {size / 1e6:.2f} MB of output, "
            f"{memory / size:.1f} × (bar: 5)"
        )


def files(tool, work):
    folder = os.path.join(work, "files")
    os.makedirs(folder)
    names = []
    for i in range(1000):
        names.append(f"f{i}")
        with open(os.path.join(folder, names[-1]), "wb") as out:
            out.write(os.urandom(100_000))
    with open(os.path.join(folder, "kustomization.yaml"), "w") as out:
        out.write("secretGenerator:\n" + "".join(f"- name: s{i}\n  files: [{name}]\n" for i, name in enumerate(names)))
    ours, plain = [], []
    for _ in range(7):
        ours.append(run([tool, "kustomize", folder], f"{work}/out")[0])
        start = time.perf_counter()
        with open(f"{work}/plain", "wb") as out:
            for name in names:
                with open(os.path.join(folder, name), "rb") as file:
                    data = base64.b64encode(file.read())
                hashlib.sha256(data).digest()
                out.write(data)
        plain.append(time.perf_counter() - start)
    ours, plain = statistics.median(ours), statistics.median(plain)
    print(f"1,000 files of 100 KB: {ours:.2f} s, read, hashed and written by Python {plain:.2f} s: {ours / plain:.2f} × (bar: 2)")


if __name__ == "__main__":
    sys.exit(main())
