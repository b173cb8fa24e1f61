#!/usr/bin/env python3
"""Measures sealing, compared with kubectl and sops.

    cargo build --release --bin mksecret
    benches/seal.py --kubectl PATH --sops PATH [--bin target/release/mksecret] [--pairs 40]

Whole processes, in turn (A B A B …). Printed are medians of wall time and the median of the ratios pair by pair.
No figure here is a test. Needs openssl; --age-recipient is a public key, of which no private one is needed.
"""
import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time

RECIPIENT = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p"
RUNS = 9


class Bench:
    def __init__(self, work):
        self.work = work
        self.env = {"HOME": work, "KUBECONFIG": os.path.join(work, "none"), "PATH": os.environ["PATH"]}

    def run(self, command):
        """One process: its wall seconds."""
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
        to_files = [(os.POSIX_SPAWN_OPEN, number, f"{self.work}/out{number}", flags, 0o600) for number in (1, 2)]
        start = time.perf_counter()
        pid = os.posix_spawnp(command[0], command, self.env, file_actions=to_files)
        _, status = os.waitpid(pid, 0)
        took = time.perf_counter() - start
        if status:
            sys.exit(f"failed: {command[:6]}")
        return took

    def compare(self, title, ours, name, theirs, count, bar):
        self.run(ours), self.run(theirs)
        rows = [(self.run(ours), self.run(theirs)) for _ in range(count)]
        ratio = statistics.median(b / a for a, b in rows)
        a, b = (statistics.median(column) * 1e3 for column in zip(*rows))
        print(f"{title}: {a:.2f} ms, {name} {b:.1f} ms: 1/{ratio:.1f} (median of {count} pairs; bar: 1/{bar})")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bin", default="target/release/mksecret")
    parser.add_argument("--kubectl", required=True)
    parser.add_argument("--sops", required=True)
    parser.add_argument("--age-recipient", default=RECIPIENT)
    parser.add_argument("--pairs", type=int, default=40)
    options = parser.parse_args()
    tool, kubectl, sops = (os.path.abspath(path) for path in (options.bin, options.kubectl, options.sops))
    with tempfile.TemporaryDirectory(prefix="seal-") as work:
        bench = Bench(work)
        certificate = os.path.join(work, "cert.pem")
        make = ["openssl", "req", "-x509", "-newkey", "rsa:4096", "-nodes", "-subj", "/", "-days", "9", "-keyout", f"{work}/key.pem", "-out", certificate]
        subprocess.run(make, check=True, capture_output=True)
        generic = ["generic", "demo", "-n", "prod", "--from-literal=user=app"]
        plain = ["--dry-run=client", "-o", "yaml"]
        theirs = [kubectl, "create", "secret", *generic, *plain]
        bench.compare("--seal, RSA 4096", [tool, *generic, f"--seal={certificate}"], "kubectl create secret", theirs, options.pairs, 8)

        selector = "--encrypted-regex '^(data|stringData)$'"
        pipe = f"{tool} {' '.join([*generic, *plain])} | {sops} encrypt {selector} --age {options.age_recipient} --input-type yaml --output-type yaml --filename-override x.yaml"
        ours = [tool, *generic, "--sops", f"--age={options.age_recipient}"]
        bench.compare("--sops --age", ours, "mksecret | sops encrypt", ["sh", "-c", pipe], options.pairs, 10)

        many = os.path.join(work, "many.env")
        with open(many, "w") as file:
            file.writelines(f"KEY_{number}=value-{number}\n" for number in range(1000))
        # Children inherit it.
        os.sched_setaffinity(0, [min(os.sched_getaffinity(0))])
        command = [tool, "generic", "demo", "-n", "prod", f"--from-env-file={many}", f"--seal={certificate}"]
        took = statistics.median(bench.run(command) for _ in range(RUNS))
        print(f"1,000 keys, RSA 4096, one core: {took:.3f} s (median of {RUNS}; bar: 0.6 s)")


if __name__ == "__main__":
    main()
