#!/usr/bin/env python3
"""Measures mksecret beside kubectl: `benches/run.py --kubectl PATH [--bin target/release/mksecret] [--pairs 40]`.

Whole processes, the two in turn (A B A B …), so that a machine whose speed drifts slows both alike.
Printed are medians of wall time, the median of the ratios pair by pair, the fastest runs (what a busy
machine leaves alone), peak memory as the operating system counts it for the finished process, and
instructions by valgrind where it is installed. No figure here is a test.
"""
import argparse
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

FLAGS = ["--dry-run=client", "-o", "yaml"]


def run(command, work, home=None):
    """One process: its wall seconds."""
    env = {"HOME": home or work, "KUBECONFIG": os.path.join(work, "none"), "PATH": os.environ["PATH"]}
    to_file = (os.POSIX_SPAWN_OPEN, 1, os.path.join(work, "out"), os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    start = time.perf_counter()
    pid = os.posix_spawnp(command[0], command, env, file_actions=[to_file])
    _, status = os.waitpid(pid, 0)
    if status:
        sys.exit(f"failed: {command}")
    return time.perf_counter() - start


def pairs(a, b, count, work):
    """Runs both in turn after a warm-up: pairs of seconds."""
    run(a, work), run(b, work)
    return [(run(a, work), run(b, work)) for _ in range(count)]


def peak(command, work):
    """Peak memory in MiB. GNU time starts the process, so that this interpreter's size is no part of it."""
    env = {"HOME": work, "KUBECONFIG": os.path.join(work, "none"), "PATH": os.environ["PATH"]}
    tool = ["/usr/bin/time", "-f", "%M"]
    if not os.path.exists(tool[0]):
        return float("nan")
    out = subprocess.run([*tool, *command], env=env, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    return int(out.stderr.split()[-1]) / 1024


def median(values):
    return statistics.median(list(values))


def versus(title, a, b, count, work):
    rows = pairs(a, b, count, work)
    ratio = median(y / x for x, y in rows)
    print(
        f"{title}: mksecret {median(x for x, _ in rows) * 1e3:.2f} ms, "
        f"kubectl {median(y for _, y in rows) * 1e3:.1f} ms, "
        f"1/{ratio:.1f} of kubectl's time (median of {count} pairs); "
        f"fastest {min(x for x, _ in rows) * 1e3:.2f} ms, kubectl {min(y for _, y in rows) * 1e3:.1f} ms; "
        f"peak {peak(a, work):.1f} MiB, kubectl {peak(b, work):.1f} MiB"
    )


def larger(title, small, large, count, work):
    rows = pairs(small, large, count, work)
    more = median(y - x for x, y in rows) * 1e3
    least = (min(y for _, y in rows) - min(x for x, _ in rows)) * 1e3
    print(
        f"{title}: {more:+.2f} ms over the small case (median of {count} pairs; fastest {least:+.2f} ms); "
        f"peak {peak(large, work):.1f} MiB"
    )


def preferences(command, count, work):
    """The usual kuberc file with ten entries, one of them for this command, in turn with none."""
    home = os.path.join(work, "home")
    os.makedirs(os.path.join(home, ".kube"))
    commands = ["generic", "tls", "docker-registry"]
    commands = [f"create secret {name}" for name in commands] + ["get", "apply", "delete", "logs", "describe", "create configmap", "top pod"]
    entries = [f"- command: {name}\n  options:\n  - name: append-hash\n    default: \"false\"\n" for name in commands]
    with open(os.path.join(home, ".kube", "kuberc"), "w") as f:
        f.write("apiVersion: kubectl.config.k8s.io/v1beta1\nkind: Preference\ndefaults:\n" + "".join(entries))
    rows = [(run(command, work), run(command, work, home)) for _ in range(count + 1)][1:]
    least = (min(y for _, y in rows) - min(x for x, _ in rows)) * 1e3
    print(f"a kuberc file of ten entries: {median(y - x for x, y in rows) * 1e3:+.2f} ms over none (median of {count} pairs; fastest {least:+.2f} ms)")


def completion(mksecret, count, work):
    """TAB behind words that need the definition, a kubeconfig, a folder."""
    lines = (["generic", "x", "--"], ["generic", "x", "--context", ""], ["generic", "x", "--from-file="])
    for line in lines:
        command = [mksecret, "__complete", *line]
        run(command, work)
        seconds = [run(command, work) for _ in range(count)]
        print(
            f"completing {' '.join(line)!r}: {median(seconds) * 1e3:.2f} ms "
            f"(median of {count} runs; fastest {min(seconds) * 1e3:.2f} ms)"
        )


def instructions(command, work):
    if not shutil.which("valgrind"):
        return "valgrind is not installed"
    tool = ["valgrind", "--tool=callgrind", f"--callgrind-out-file={work}/callgrind"]
    out = subprocess.run([*tool, *command], capture_output=True, text=True)
    return re.search(r"Collected : (\d+)", out.stderr).group(1)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--kubectl", required=True)
    parser.add_argument("--bin", default="target/release/mksecret")
    parser.add_argument("--pairs", type=int, default=40)
    a = parser.parse_args()
    mksecret = [os.path.abspath(a.bin), "generic", "demo", *FLAGS]
    kubectl = [os.path.abspath(a.kubectl), "create", "secret", "generic", "demo", *FLAGS]
    one = ["--from-literal=user=app"]
    keys = [f"--from-literal=key{i}=value{i}" for i in range(4000)]
    work = tempfile.mkdtemp(prefix="bench-")
    big = [f"--from-file={work}/big"]
    try:
        with open(os.path.join(work, "big"), "wb") as f:
            f.write(os.urandom(1_000_000))
        versus("one literal to YAML", mksecret + one, kubectl + one, a.pairs, work)
        print(f"instructions of that run: {instructions(mksecret + one, work)}")
        larger("1,000 keys", mksecret + one, mksecret + keys[:1000], a.pairs, work)
        larger("4,000 keys", mksecret + one, mksecret + keys, a.pairs, work)
        preferences(mksecret + one, a.pairs, work)
        larger("one file of 1,000,000 bytes", mksecret + one, mksecret + big, a.pairs, work)
        versus("one file of 1,000,000 bytes to YAML", mksecret + big, kubectl + big, a.pairs, work)
        completion(mksecret[0], a.pairs, work)
    finally:
        shutil.rmtree(work)


main()
