#!/usr/bin/env python3
"""Measures mksecret check: speed and memory on 10,000 manifests in 1,000 files, beside the events of the YAML parser
and beside kubectl apply --dry-run=server against the tests' double of an API server.

    cargo build --release --bin mksecret --example read_manifests && cargo build --example api_double
    benches/check.py --kubectl PATH [--bin target/release/mksecret] [--double target/debug/examples/api_double]
"""

import argparse
import base64
import os
import random
import resource
import subprocess
import tempfile
import time

FILES = 1000
PER_FILE = 10
RUNS = 5


def manifest(number, values):
    data = "".join(f"  key{i}: {base64.b64encode(value).decode()}\n" for i, value in enumerate(values))
    head = f"---\napiVersion: v1\nkind: Secret\nmetadata:\n  name: s{number}\n  namespace: default\ntype: Opaque\ndata:\n"
    return head + data


def write(folder, files, values):
    os.makedirs(folder)
    size = 0
    for i in range(files):
        text = "".join(manifest(i * PER_FILE + j, values()) for j in range(PER_FILE))
        size += len(text)
        with open(f"{folder}/{i:04}.yaml", "w") as file:
            file.write(text)
    return size


def letters(count):
    return bytes(random.choices(range(97, 123), k=count))


def wall(command, **options):
    start = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **options)
    return time.perf_counter() - start


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bin", default="target/release/mksecret")
    parser.add_argument("--kubectl", required=True)
    parser.add_argument("--double", default="target/debug/examples/api_double")
    options = parser.parse_args()
    tool = os.path.abspath(options.bin)
    random.seed(1)
    with tempfile.TemporaryDirectory() as work:
        long = write(f"{work}/long", FILES, lambda: [random.randbytes(7000)])
        short = write(f"{work}/short", FILES, lambda: [letters(15) for _ in range(20)])
        for name, size in [("long", long), ("short", short)]:
            best = min(wall([tool, "check", f"{work}/{name}"]) for _ in range(RUNS))
            print(f"{name}: {size / 1e6:.1f} MB, {best:.3f} s, {size / best / 1e6:.0f} MB/s")
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
        print(f"peak memory: {peak / 1024:.1f} MiB")
        items = ",".join(
            '{"apiVersion":"v1","kind":"Secret","metadata":{"name":"s%d"},"data":{"a":"b2s="}}' % i for i in range(100000)
        )
        with open(f"{work}/list.json", "w") as file:
            file.write('{"apiVersion":"v1","kind":"List","items":[%s]}' % items)
        print(f"a List of 100,000 Secrets: {wall([tool, 'check', f'{work}/list.json']):.2f} s")
        # As many for both, and few enough for kubectl.
        write(f"{work}/few", FILES // 10, lambda: [random.randbytes(7000)])
        double = subprocess.Popen(
            [os.path.abspath(options.double), work], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        try:
            double.stdout.readline()
            server = ["--kubeconfig", f"{work}/kubeconfig"]
            apply = [options.kubectl, *server, "apply", "--dry-run=server", "-f", f"{work}/few"]
            theirs = wall(apply)
            ours = min(wall([tool, "check", f"{work}/few"]) for _ in range(RUNS))
            print(f"1,000 manifests: kubectl apply --dry-run=server {theirs:.2f} s, mksecret check {ours:.3f} s, {theirs / ours:.0f} times")
        finally:
            double.stdin.close()
            double.wait()


if __name__ == "__main__":
    main()
