#!/usr/bin/env python3
"""Compares mksecret with a real kubectl on random command lines, each run in a fresh folder with the same files.

    tests/conformance/live.py --kubectl target/venv/bin/kubectl --count 500
    tests/conformance/live.py --kubectl K --bin K --bin-prefix "create secret"      kubectl against itself: 0 differences

The exit status must agree on zero or not. Where kubectl succeeds its stdout is wanted to the byte; where it fails, nothing on
stdout and something on stderr. A refusal of what kubectl prints is asked again with --validate=ignore and must then give kubectl's
bytes; besides, server_rules.py must know why an API server would refuse that Secret, or a flag must have taken a flag for
its value, and the command line must not have asked for less than strict. What an API server would refuse and strict prints all the same is a difference too (looked at
where the answer is JSON, and not with --bin-prefix).

Left out: --warnings-as-errors; flags with which kubectl opens a file or a server, or writes one; what the recorded cases
mark kubectl_wrong or neutral. Where kubectl crashes nothing is wanted of the tool. The same --seed, --groups and position
give the same command line (certificates are made anew).
"""
import argparse
import base64
import collections
import concurrent.futures
import json
import pathlib
import random
import shutil
import sys

import generators
import layout
import server_rules

IGNORE = "--validate=ignore"
FLAG_AS_VALUE = "a flag as a value"
# A file that is longer and of one byte only is written by `head` in the reproduction.
LONG = 100_000


def main():
    options = parse_options()
    seed = options.seed if options.seed is not None else random.SystemRandom().randrange(1 << 32)
    groups = options.groups.split(",") if options.groups else list(generators.DEFAULT_GROUPS)
    print(f"seed {seed}, {options.count} command lines, groups {','.join(groups)}", flush=True)
    makers = generators.Generators(groups)
    judge = Judge(options)
    positions = [options.position] if options.position is not None else range(options.count)
    tally = Tally()
    pool = concurrent.futures.ThreadPoolExecutor(options.jobs)
    try:
        verdicts = pool.map(lambda position: judge.verdict(makers.draw(random.Random(f"{seed}/{position}"))), positions)
        for position, verdict in zip(positions, verdicts):
            tally.add(verdict)
            if verdict.complaint:
                print(f"\nDIFFERENCE {position} ({verdict.case['group']}): {verdict.complaint}\n{judge.reproduction(verdict.case)}", flush=True)
            elif options.v:
                print(f"{position} {verdict.case['group']} {verdict.kubectl_said} | {shell_words(verdict.case['args'])}")
    finally:
        # After Ctrl-C, too, no more are started.
        pool.shutdown(cancel_futures=True)
    tally.report()
    print(f"seed {seed}: {tally.total} command lines, {tally.differences} differences")
    return 1 if tally.differences else 0


def parse_options():
    parser = argparse.ArgumentParser(description="Compare mksecret with a real kubectl on random command lines")
    parser.add_argument("--bin", default="target/release/mksecret", help="the tool (default: %(default)s)")
    parser.add_argument("--bin-prefix", default="", help="words before each command line, for a kubectl in the tool's place")
    parser.add_argument("--kubectl", default="kubectl", help="a real kubectl v1.37.1 (default: %(default)s)")
    parser.add_argument("--count", type=int, default=500, help="command lines (default: %(default)s)")
    parser.add_argument("--seed", type=int, help="the number that decides them all (default: a random one)")
    parser.add_argument("--position", type=int, help="run only this one of them")
    parser.add_argument("--groups", "--only", help=f"comma list of {', '.join(generators.ALL_GROUPS)} (default: all but those of templates)")
    parser.add_argument("--jobs", type=int, default=2, help="command lines at a time (default: %(default)s)")
    parser.add_argument("-v", action="store_true", help="show every command line")
    options = parser.parse_args()
    for group in (options.groups or "").split(","):
        if group and group not in generators.ALL_GROUPS:
            parser.error(f"unknown group {group}")
    for tool in ("bin", "kubectl"):
        found = shutil.which(getattr(options, tool))
        if not found:
            parser.error(f"--{tool}: no program {getattr(options, tool)}")
        setattr(options, tool, str(pathlib.Path(found).absolute()))
    return options


class Verdict:
    """What came out of one command line; complaint is None when the tools agree."""

    def __init__(self, case, kubectl, complaint=None, reasons=None):
        self.case = case
        self.printed = kubectl.succeeded
        self.kubectl_crashed = kubectl.crashed
        self.kubectl_said = "printed" if kubectl.succeeded else repr(kubectl.stderr[-160:])
        self.complaint = complaint
        self.reasons = reasons


class Judge:
    def __init__(self, options):
        self.tool = [options.bin]
        self.tool_prefix = options.bin_prefix.split()
        self.kubectl = [options.kubectl]
        self.is_stand_in = bool(self.tool_prefix)

    def verdict(self, case):
        kubectl = self.ask_kubectl(case, case["args"])
        if kubectl.crashed:
            return Verdict(case, kubectl)
        if kubectl.status is None:
            return Verdict(case, kubectl, "kubectl did not end in time: the generator must leave this out")
        answer = self.ask_tool(case, case["args"])
        if answer.crashed:
            return Verdict(case, kubectl, answer.broken_refusal())
        if not kubectl.succeeded:
            if answer.succeeded:
                return Verdict(case, kubectl, f"succeeds, kubectl says {kubectl.stderr[-400:]!r}")
            # kubectl itself leaves a failing template's output on stdout.
            return Verdict(case, kubectl, None if self.is_stand_in else answer.broken_refusal())
        if answer.succeeded:
            return Verdict(case, kubectl, self.differing(case, kubectl, answer) or self.missed_refusal(case, kubectl))
        return self.second_question(case, kubectl, answer)

    def second_question(self, case, kubectl, refusal):
        broken = refusal.broken_refusal()
        if broken:
            return Verdict(case, kubectl, broken)
        said = f"the tool says {refusal.stderr[:400]!r}"
        if not case["reading"].strict() and (case["reading"].ignores() or not case["reading"].flag_as_value):
            return Verdict(case, kubectl, f"refuses although it was not asked to be strict; {said}")
        reasons = self.reasons(case)
        if not reasons:
            return Verdict(case, kubectl, f"refuses what an API server takes; {said}")
        again = self.ask_tool(case, with_flag(case, IGNORE))
        if not again.succeeded:
            return Verdict(case, kubectl, f"refuses even with {IGNORE}: {again.stderr[:400]!r}", reasons)
        difference = self.differing(case, kubectl, again)
        return Verdict(case, kubectl, f"with {IGNORE}: {difference}" if difference else None, reasons)

    def differing(self, case, kubectl, answer):
        """What differs. Go walks maps at random, which shows in JSONPath, and in YAML where go-yaml's order of
        keys is circular (`6O` < `7` < `6242` < `6O`). Where kubectl's own answer changes from run to run in its
        order alone, ours may be any order."""
        difference = differing(kubectl, answer)
        if difference and sorted(kubectl.stdout) == sorted(answer.stdout):
            again = (self.ask_kubectl(case, case["args"]).stdout for _ in range(100))
            if any(stdout != kubectl.stdout for stdout in again):
                return None
        return difference

    def reasons(self, case):
        """Why the line may be refused: a flag that took a flag for its value, or what an API server would refuse of the
        Secret, asked of the JSON that kubectl makes of the same line."""
        if case["reading"].flag_as_value:
            return [FLAG_AS_VALUE]
        secret = self.ask_kubectl(case, with_flag(case, "--output=json"))
        if not secret.succeeded:
            return ["no JSON to look at"] if case["group"] in generators.TEMPLATE_GROUPS else []
        return server_rules.reasons(json.loads(secret.stdout))

    def missed_refusal(self, case, kubectl):
        """Checked where kubectl's answer is JSON already; the rest is not worth a further run of it."""
        if not self.is_stand_in and case["reading"].flag_as_value and not case["reading"].ignores():
            return f"prints {FLAG_AS_VALUE}"
        if self.is_stand_in or not case["reading"].strict() or not kubectl.stdout.startswith(b'{\n    "'):
            return None
        try:
            found = server_rules.reasons(json.loads(kubectl.stdout))
        except (ValueError, KeyError):
            return None
        return f"prints what every API server refuses: {', '.join(found)}" if found else None

    def ask_kubectl(self, case, args):
        return layout.run([*self.kubectl, *([] if case["own_prefix"] else ["create", "secret"]), *args], case)

    def ask_tool(self, case, args):
        return layout.run([*self.tool, *([] if case["own_prefix"] else self.tool_prefix), *args], case)

    def reproduction(self, case):
        """Lines for a shell (bash) that lay the case out in a new folder and run both tools there."""
        lines = ["(export W=$(mktemp -d) && mkdir $W/home $W/work && cd $W/work"]
        for entry in case["files"]:
            lines.append(file_line(entry))
        environment = "".join(f" {shell_word(f'{name}={value}')}" for name, value in case["env"].items())
        start = f'env -i HOME=$W/home KUBECONFIG=$W/none LANG=C.UTF-8 PATH="$PATH" TZ=UTC{environment}'
        stdin = "</dev/null"
        if "stdin_file" in case:
            stdin = f"<{case['stdin_file']}"
        elif case.get("stdin"):
            lines.append(f"{bytes_line(case['stdin'])} >$W/stdin")
            stdin = "< <(cat $W/stdin)"
        own = case["own_prefix"]
        kubectl_words = [*self.kubectl, *([] if own else ["create", "secret"])]
        tool_words = [*self.tool, *([] if own else self.tool_prefix)]
        args = shell_words(case["args"])
        lines.append(f'for tool in "{" ".join(kubectl_words)}" "{" ".join(tool_words)}"; do echo "== $tool"')
        lines.append(f"{start} $tool {args} {stdin}; echo \"status $?\"; done)")
        return "\n".join("    " + line for line in lines)


def with_flag(case, flag):
    """The case's words and one more flag: at the end, or before the `--` that ends the flags."""
    ended = len(case["read"]) - case["reading"].insert_at
    args = case["args"]
    at = len(args) - ended
    return [*args[:at], flag, *args[at:]]


def differing(kubectl, answer):
    if kubectl.stdout == answer.stdout:
        return None
    wanted, got = kubectl.stdout, answer.stdout
    at = next((at for at, (left, right) in enumerate(zip(wanted, got)) if left != right), min(len(wanted), len(got)))
    start = max(0, at - 60)
    return f"stdout differs at byte {at}\n    kubectl {wanted[start:at + 200]!r}\n    tool    {got[start:at + 200]!r}"


def shell_words(args):
    return " ".join(map(shell_word, args))


def shell_word(word):
    """The word for bash: bare, in $'…' with escapes for each odd byte, and the case's folder as a variable."""
    raw = layout.to_bytes(word)
    if raw and all(chr(byte).isalnum() and byte < 128 or byte in b"-_=./:,+@%" for byte in raw) and b"@WORK@" not in raw:
        return raw.decode()
    parts = []
    for part in raw.split(b"@WORK@"):
        escaped = "".join(chr(byte) if 32 <= byte < 127 and byte not in b"'\\" else f"\\x{byte:02x}" for byte in part)
        parts.append(f"$'{escaped}'")
    return '"$W/work"'.join(parts)


def file_line(entry):
    path = shell_word(entry["path"])
    if entry.get("dir"):
        return f"mkdir -p {path}"
    folder = f"mkdir -p {shell_word(entry['path'].rpartition('/')[0])} && " if "/" in entry["path"] else ""
    if entry.get("fifo"):
        return f"{folder}mkfifo {path}"
    if "symlink" in entry:
        return f"{folder}ln -s {shell_word(entry['symlink'])} {path}"
    return f"{folder}{bytes_line(layout.content(entry))} >./{path}"


def bytes_line(raw):
    if len(raw) > LONG and raw.count(raw[:1]) == len(raw):
        return f"head -c {len(raw)} /dev/zero | tr '\\0' '\\{raw[0]:03o}'"
    return f"printf %s {base64.b64encode(raw).decode()} | base64 -d"


class Tally:
    def __init__(self):
        self.total = 0
        self.printed = collections.Counter()
        self.groups = collections.Counter()
        self.differences = 0
        self.crashes = 0
        self.second_questions = 0
        self.reasons = collections.Counter()

    def add(self, verdict):
        group = verdict.case["group"]
        self.total += 1
        self.groups[group] += 1
        self.printed[group] += verdict.printed
        self.crashes += verdict.kubectl_crashed
        self.differences += bool(verdict.complaint)
        if verdict.reasons is not None:
            self.second_questions += 1
            self.reasons.update(verdict.reasons)

    def report(self):
        for group in sorted(self.groups):
            print(f"{group}: kubectl prints {self.printed[group]} of {self.groups[group]}")
        share = 100 * sum(self.printed.values()) // max(self.total, 1)
        print(f"kubectl prints {share} % of all{f', crashes on {self.crashes}' if self.crashes else ''}")
        why = ", ".join(f"{reason} {count}" for reason, count in sorted(self.reasons.items()))
        print(f"second questions (refused, printed with {IGNORE}): {self.second_questions}{f' ({why})' if why else ''}")


if __name__ == "__main__":
    sys.exit(main())
