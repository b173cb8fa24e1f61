#!/usr/bin/env python3
"""Measures mksecret on a cluster beside kubectl and curl, against the tests' double of an API server.

    cargo build --release --bin mksecret && cargo build --example api_double
    benches/cluster.py --kubectl PATH [--bin target/release/mksecret] [--double target/debug/examples/api_double]

Whole processes, in turn (A B A B …), over TLS with a client certificate. Each create makes a Secret
of its own. Printed are medians of wall time, the median of the ratios pair by pair, and peak memory
as the operating system counts it. No figure here is a test.
"""
import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

NAMESPACES = 1000


class Bench:
    def __init__(self, options, work):
        self.work = work
        self.mksecret = os.path.abspath(options.bin)
        self.kubectl = os.path.abspath(options.kubectl)
        self.env = {"HOME": work, "KUBECONFIG": f"{work}/kubeconfig", "PATH": os.environ["PATH"]}
        self.made = 0

    def name(self):
        self.made += 1
        return f"s{self.made}"

    def run(self, command, fails=False):
        """One process: its wall seconds."""
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
        to_file = [(os.POSIX_SPAWN_OPEN, 1, f"{self.work}/out", flags, 0o600)]
        if fails:
            to_file.append((os.POSIX_SPAWN_DUP2, 1, 2))
        start = time.perf_counter()
        pid = os.posix_spawnp(command[0], command, self.env, file_actions=to_file)
        _, status = os.waitpid(pid, 0)
        took = time.perf_counter() - start
        if bool(status) != fails:
            sys.exit(f"failed: {command[:6]}")
        return took

    def peak(self, command):
        """Peak memory in MiB, by GNU time, so that this interpreter's size is no part of it."""
        tool = "/usr/bin/time"
        if not os.path.exists(tool):
            return float("nan")
        done = subprocess.run(
            [tool, "-f", "%M", *command], env=self.env, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
        )
        return int(done.stderr.split()[-1]) / 1024

    def ours(self):
        return [self.mksecret, "generic", self.name(), "--from-literal=user=app"]

    def theirs(self):
        return [self.kubectl, "create", "secret", "generic", self.name(), "--from-literal=user=app"]

    def curl(self):
        """The request that mksecret sends, without anything around it."""
        name = self.name()
        body = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": name}, "type": "Opaque", "data": {"user": "YXBw"}}
        path = "/api/v1/namespaces/default/secrets?fieldManager=mksecret&fieldValidation=Strict"
        credentials = ["--cacert", f"{self.work}/ca.pem", "--cert", f"{self.work}/client.pem", "--key", f"{self.work}/client.key"]
        return ["curl", "-sSf", *credentials, "-H", "Content-Type: application/json", "-d", json.dumps(body), self.url + path]

    def beside(self, what, other, count):
        self.run(self.ours()), self.run(other())
        rows = [(self.run(self.ours()), self.run(other())) for _ in range(count)]
        ratio = statistics.median(a / b for a, b in rows)
        a, b = (statistics.median(column) * 1e3 for column in zip(*rows))
        print(
            f"create of one Secret: mksecret {a:.1f} ms, {what} {b:.1f} ms: {ratio:.2f} of {what}'s time "
            f"(median of {count} pairs); peak {self.peak(self.ours()):.1f} MiB, {what} {self.peak(other()):.1f} MiB"
        )

    def failing(self, double, count):
        """A create that the server fails, since its admission webhook does not work."""
        work = tempfile.mkdtemp(prefix="bench-")
        server = subprocess.Popen(
            [double, work, "--failing-webhook"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        server.stdout.readline()
        usual, self.env = self.env, {**self.env, "KUBECONFIG": f"{work}/kubeconfig"}
        rows = [(self.run(self.ours(), fails=True), self.run(self.theirs(), fails=True)) for _ in range(count)]
        self.env = usual
        server.stdin.close()
        posts = int(server.stdout.readline())
        server.wait()
        shutil.rmtree(work)
        ratio = statistics.median(a / b for a, b in rows)
        a, b = (statistics.median(column) * 1e3 for column in zip(*rows))
        print(
            f"create that a webhook fails: mksecret {a:.1f} ms, kubectl {b:.1f} ms: {ratio:.2f} of kubectl's time "
            f"(median of {count} pairs); {posts / 2 / count:g} POST per create"
        )

    def everywhere(self, names, count):
        """One Secret into all namespaces; kubectl creates the same from a file of manifests."""
        rows = []
        for _ in range(count):
            name = self.name()
            ours = [self.mksecret, "generic", name, "--from-literal=user=app", "--namespaces=" + ",".join(names)]
            other = self.name()
            manifests = [
                f"apiVersion: v1\nkind: Secret\nmetadata:\n  name: {other}\n  namespace: {namespace}\ndata:\n  user: YXBw\n"
                for namespace in names
            ]
            with open(f"{self.work}/manifests.yaml", "w") as f:
                f.write("---\n".join(manifests))
            theirs = [self.kubectl, "create", "--validate=false", "-f", f"{self.work}/manifests.yaml"]
            rows.append((self.run(ours), self.run(theirs)))
        ratio = statistics.median(b / a for a, b in rows)
        a, b = (statistics.median(column) for column in zip(*rows))
        print(
            f"one Secret into {len(names)} namespaces: mksecret {a:.2f} s, kubectl create -f {b:.2f} s: "
            f"{ratio:.1f} times as fast (median of {count} pairs)"
        )


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kubectl", required=True)
    parser.add_argument("--bin", default="target/release/mksecret")
    parser.add_argument("--double", default="target/debug/examples/api_double")
    parser.add_argument("--pairs", type=int, default=40)
    parser.add_argument("--rounds", type=int, default=5, help="of the many namespaces")
    options = parser.parse_args()
    names = [f"n{i}" for i in range(NAMESPACES)]
    work = tempfile.mkdtemp(prefix="bench-")
    double = subprocess.Popen(
        [os.path.abspath(options.double), work, *names], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        bench = Bench(options, work)
        # It has written all its files when it tells its address.
        bench.url = double.stdout.readline().strip()
        bench.beside("kubectl", bench.theirs, options.pairs)
        if shutil.which("curl"):
            bench.beside("curl", bench.curl, options.pairs)
        else:
            print("curl is not installed")
        bench.failing(os.path.abspath(options.double), options.pairs)
        bench.everywhere(names, options.rounds)
    finally:
        double.stdin.close()
        double.wait()
        shutil.rmtree(work)


main()
