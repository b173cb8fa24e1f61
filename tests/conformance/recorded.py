#!/usr/bin/env python3
"""Judges a tool by the cases recorded from kubectl v1.37.1 (kustomize v5.8.1) in cases/, a file per group.

    tests/conformance/recorded.py --groups '!kustomize' -v

The exit status must agree on zero or not. A success must print the recorded bytes; a failure must print nothing on stdout and
something, in any words, on stderr. Where `warnings` stands in what is expected, a success must also print the recorded
stderr, which then are warnings of kubectl's, and end its last line. Marks on a case change that:

    server_rejects  kubectl prints it and no API server takes it: refuse, and with --validate=ignore print kubectl's bytes
    kubectl_wrong   kubectl loses or leaks data there: anything but kubectl's output
    may_refuse      a refusal will do as well
    neutral         recorded, not judged

Cases of kubectl's other subcommands (kustomize) run without the words of --bin-prefix. The last line is `N passed, M failed`.
"""
import argparse
import base64
import concurrent.futures
import hashlib
import json
import pathlib
import sys

import layout

HERE = pathlib.Path(__file__).resolve().parent
THREADS = 4
# Outputs longer than this are recorded by their digest.
LONGEST_RECORDED = 65536


def main():
    options = parse_options()
    cases = list(load(options.groups))
    judge = Judge(options)
    with concurrent.futures.ThreadPoolExecutor(THREADS) as pool:
        complaints = list(pool.map(judge.complaint, (case for _, case in cases)))
    report(cases, complaints, options.v)
    failed = sum(1 for complaint in complaints if complaint)
    print(f"{len(cases) - failed} passed, {failed} failed")
    return 1 if failed or not cases else 0


def parse_options():
    parser = argparse.ArgumentParser(description="Judge a tool by the recorded cases")
    parser.add_argument("--bin", default="target/release/mksecret", help="the tool (default: %(default)s)")
    parser.add_argument("--bin-prefix", default="", help="words before each case's own")
    parser.add_argument("--groups", default="", help="comma list of groups; a leading ! leaves those out")
    parser.add_argument("--kubectl", action="store_true", help="the tool is kubectl itself: marks are ignored")
    parser.add_argument("-v", action="store_true", help="show every failed case")
    return parser.parse_args()


def load(groups):
    """Pairs of group and case, in the order of the files."""
    leave_out = groups.startswith("!")
    named = {group for group in groups.lstrip("!").split(",") if group}
    known = {path.stem: path for path in sorted((HERE / "cases").glob("*.json"))}
    if named - set(known):
        sys.exit(f"unknown groups: {', '.join(sorted(named - set(known)))}")
    for group, path in known.items():
        if named and (group in named) == leave_out:
            continue
        for case in json.loads(path.read_text(encoding="utf-8")):
            yield group, case


class Judge:
    def __init__(self, options):
        self.tool = [str(pathlib.Path(options.bin).resolve()) if "/" in options.bin else options.bin]
        self.prefix = options.bin_prefix.split()
        self.is_kubectl = options.kubectl

    def complaint(self, case):
        """What is wrong with the tool's answer to a case, or None."""
        try:
            return self._complaint(case)
        except OSError as error:
            return f"cannot run: {error}"

    def _complaint(self, case):
        marks = set() if self.is_kubectl else {"neutral", "may_refuse", "kubectl_wrong", "server_rejects"} & {
            mark for mark in case if case[mark]
        }
        if "neutral" in marks:
            return None
        answer = self.ask(case)
        proper_refusal = not answer.succeeded and answer.broken_refusal() is None
        if "may_refuse" in marks and proper_refusal:
            return None
        if "kubectl_wrong" in marks:
            if answer.succeeded:
                return "prints what kubectl prints wrongly" if is_recorded(case, answer) else None
            return answer.broken_refusal()
        if "server_rejects" in marks:
            if answer.succeeded:
                return f"must refuse, the server says: {case['server_rejects']}"
            broken = answer.broken_refusal()
            return broken or self.compare(case, self.ask(case, "--validate=ignore"))
        return self.compare(case, answer)

    def ask(self, case, *extra):
        prefix = [] if case["id"].startswith("kustomize/") else self.prefix
        return layout.run([*self.tool, *prefix, *case["args"], *extra], case)

    def compare(self, case, answer):
        expected = case["expect"]["exit"]
        if answer.succeeded != (expected == 0):
            return f"exit status {answer.status}, recorded {expected}; stderr: {answer.stderr[:300]!r}"
        if not answer.succeeded:
            if self.is_kubectl:
                return None if is_recorded(case, answer) else "another stdout on failure"
            return answer.broken_refusal()
        if is_recorded(case, answer):
            warnings = case["expect"]["stderr"] if case["expect"].get("warnings") else None
            if warnings is None or answer.stderr.decode().rstrip("\n") == warnings.rstrip("\n"):
                return None
            return f"warnings differ\n    recorded {warnings!r:.600}\n    answered {answer.stderr[:600]!r}"
        return f"stdout differs\n    recorded {case['expect']['stdout']!r:.600}\n    answered {answer.stdout[:600]!r}"


def is_recorded(case, answer):
    recorded = case["expect"]["stdout"]
    got = answer.stdout
    if isinstance(recorded, str):
        return len(got) <= LONGEST_RECORDED and got == recorded.encode()
    if "base64" in recorded:
        return got == base64.b64decode(recorded["base64"])
    return len(got) == recorded["bytes"] and hashlib.sha256(got).hexdigest() == recorded["sha256"]


def report(cases, complaints, verbose):
    passed, total = {}, {}
    for (group, case), complaint in zip(cases, complaints):
        total[group] = total.get(group, 0) + 1
        passed[group] = passed.get(group, 0) + (not complaint)
        if complaint and verbose:
            print(f"FAILED {case['id']}: {case['args']}\n    {complaint}")
    for group in total:
        print(f"{group}: {passed[group]} of {total[group]}")


if __name__ == "__main__":
    sys.exit(main())
