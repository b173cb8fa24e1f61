#!/usr/bin/env python3
"""Compares `--env-format=dotenv` on random env files with the npm package dotenv.

    tests/conformance/dotenv.py --bin target/release/mksecret --count 3000 --seed 1

The files are made by a grammar of what the package's regular expression tells apart: quotes that close and that do not, escapes,
comments, `export`, `NAME: value`, line ends and blanks of JavaScript, values over several lines, repeated names, text that is no
assignment. Each is read by mksecret and by `parse` of the package, and must give the same keys and values. Where the package takes
what no Secret may hold (bytes that are not UTF-8, keys that the API server rejects), mksecret must fail.
Without --package the pinned package is installed in a temporary folder, for which it needs npm.

    tests/conformance/dotenv.py --record tests/fixtures/dotenv.json

writes the table of CASES with what the package reads; the tests of the crate compare it.
"""
import argparse
import base64
import concurrent.futures
import json
import os
import pathlib
import random
import subprocess
import sys
import tempfile

PACKAGE = "dotenv@17.4.2"
# Reads the paths on standard input, a line each, and prints for each the values in base64.
READER = """
const fs = require('fs'), { parse } = require('dotenv')
const lines = fs.readFileSync(0, 'utf8').split('\\n').filter(Boolean).map((path) => {
  const read = Object.entries(parse(fs.readFileSync(path)))
  return JSON.stringify(read.map(([key, value]) => [key, Buffer.from(value).toString('base64')]))
})
console.log(lines.join('\\n'))
"""
BLANKS = [" ", " ", " ", "  ", "\t", "\v", "\f", "\xa0", "\ufeff", "\u1680", "\u2003", "\u202f", "\u3000"]
# What other languages take for a blank, or what looks like one.
NO_BLANKS = ["\x85", "\u200b", "\u180e", "\x1c", "\0"]
LINE_ENDS = ["\n"] * 12 + ["\r\n"] * 5 + ["\r", "\n\n", "\r\n\r\n", "\u2028", "\u2029", "\n \n", "\r\r\n"]
LETTERS = ["a", "b", "n", "r", "x", "0", "=", ":", "-", ".", "_", "$", "{", "}", "é", "日", "😀"]
NAMES = ["A", "B", "C", "DB_URL", "a.b", "x-y", "_u", "1st", "export", "exports", "export.a", "-", "a..b", ".a"]
BAD_NAMES = [".", "..", "..a", "K" * 254]


def main():
    parser = argparse.ArgumentParser(description="Compare --env-format=dotenv with the npm package")
    parser.add_argument("--bin", default="target/release/mksecret", help="mksecret (default: %(default)s)")
    parser.add_argument("--count", type=int, default=300, help="files (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 32), help="decides which")
    parser.add_argument("--package", help="a folder with node_modules/dotenv (default: install it)")
    parser.add_argument("--node", default="node", help="the command of Node.js (default: %(default)s)")
    parser.add_argument("--npm", default="npm", help="the command of npm (default: %(default)s)")
    parser.add_argument("--record", help="write the table of cases to this file")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="dotenv-") as folder:
        package = pathlib.Path(options.package or installed(options, folder))
        if options.record:
            return record(options, package, pathlib.Path(folder))
        rng = random.Random(options.seed)
        files = [random_file(rng) for _ in range(options.count)]
        wrong, refused = compare(options, package, pathlib.Path(folder), files)
    print(f"{refused} of them must be refused, and are")
    print(f"seed {options.seed}: {len(files)} comparisons, {wrong} differences")
    return 1 if wrong else 0


def installed(options, folder):
    """The package in a folder of its own; no script of a package is run."""
    command = [*options.npm.split(), "install", "--silent", "--ignore-scripts", "--no-audit", "--no-fund", "--prefix", folder, PACKAGE]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return folder


def parsed(options, package, paths):
    """What the package reads: a list of pairs for each file."""
    environment = {**os.environ, "NODE_PATH": str(package.resolve() / "node_modules")}
    answer = subprocess.run([options.node, "-e", READER], input="\n".join(map(str, paths)), capture_output=True, text=True, check=True, env=environment)
    return [[(key, base64.b64decode(value)) for key, value in json.loads(line)] for line in answer.stdout.splitlines()]


def compare(options, package, folder, files):
    paths = []
    for number, raw in enumerate(files):
        paths.append(folder / f"{number}.env")
        paths[-1].write_bytes(raw)
    theirs = parsed(options, package, paths)
    assert len(theirs) == len(files)
    command = [os.path.abspath(options.bin), "generic", "x", "--env-format=dotenv", "--dry-run=client", "-o", "json"]

    def own(path):
        return subprocess.run([*command, f"--from-env-file={path}"], capture_output=True, timeout=60)

    wrong = refused = 0
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for raw, pairs, answer in zip(files, theirs, pool.map(own, paths)):
            wanted = wanted_of(raw, pairs)
            if answer.returncode == 0:
                data = json.loads(answer.stdout).get("data", {})
                seen = {key: base64.b64decode(value) for key, value in data.items()}
            else:
                seen = None if answer.returncode == 1 and not answer.stdout else answer.stderr
            refused += wanted is None
            if seen != wanted:
                wrong += 1
                print(f"{raw!r}\n  package:  {wanted}\n  mksecret: {seen}\n  {answer.stderr.decode()}")
    return wrong, refused


def wanted_of(raw, pairs):
    """The data of the Secret, None if there can be none."""
    try:
        raw.decode()
    except UnicodeDecodeError:
        return None
    if any(key in (".", "..") or key.startswith("..") or len(key) > 253 for key, _ in pairs):
        return None
    return dict(pairs)


def random_file(rng):
    parts = [rng.choice(["", "", "", "\ufeff"])]
    for _ in range(rng.randint(0, 7)):
        parts += [line(rng), rng.choice(LINE_ENDS)]
    if rng.random() < 0.3:
        parts.append(line(rng))
    raw = "".join(parts).encode()
    if rng.random() < 0.02:
        at = rng.randint(0, len(raw))
        raw = raw[:at] + rng.choice([b"\xff", b"\xc3", b"\xed\xa0\x80"]) + raw[at:]
    if rng.random() < 0.1 and raw:
        raw = damaged(rng, raw)
    return raw


def damaged(rng, raw):
    """The same text with a character taken out, put in twice or moved."""
    try:
        text = list(raw.decode())
    except UnicodeDecodeError:
        return raw
    at = rng.randrange(len(text))
    match rng.randrange(3):
        case 0:
            del text[at]
        case 1:
            text.insert(at, rng.choice("'\"`#\\\n\r =:"))
        case _:
            text[at] = rng.choice("'\"`#\\\n\r =:")
    return "".join(text).encode()


def blanks(rng, chance=0.3):
    if rng.random() > chance:
        return ""
    return "".join(rng.choice(BLANKS) for _ in range(rng.randint(1, 2)))


def line(rng):
    kind = rng.random()
    if kind < 0.06:
        return blanks(rng) + "#" + text(rng, "'\"`# \\")
    if kind < 0.12:
        return text(rng, "'\"`# \\=:")
    if kind < 0.15:
        return rng.choice(["", " ", "=", ":", "export", "export ", "A", "A B=1", "A :1", "A:1", "A\\=1", "é=1", "A=1 B=2"])
    return blanks(rng) + export(rng) + name(rng) + separator(rng) + value(rng) + rest(rng)


def export(rng):
    return rng.choice([""] * 6 + ["export ", "export\t", "export  ", "export\n", "export \u2028", "EXPORT ", "export"])


def name(rng):
    return rng.choice(BAD_NAMES) if rng.random() < 0.004 else rng.choice(NAMES)


def separator(rng):
    kind = rng.random()
    if kind < 0.7:
        return blanks(rng, 0.15) + "=" + blanks(rng, 0.2)
    if kind < 0.9:
        return ":" + rng.choice(["", " ", " ", " ", "  ", "\t", "\n", "\r\n", "\r", "\u2028", " \n", "\n\n"])
    return rng.choice([" : ", "==", "=\n", "\n=", "\n\n= ", "=\r\n", "= \n ", ":=", ": =", " ", "\x85=", "=\u2029"])


def value(rng):
    kind = rng.random()
    quote = rng.choice("'\"`")
    if kind < 0.1:
        return ""
    if kind < 0.4:
        return text(rng, " \\'\"`" if rng.random() < 0.3 else "\\ ").replace("\n", "")
    if kind < 0.75:
        return quote + inner(rng, quote) + quote
    if kind < 0.85:
        return quote + inner(rng, quote)
    if kind < 0.9:
        return inner(rng, quote) + quote
    if kind < 0.95:
        return quote + inner(rng, quote) + quote + text(rng, "'\"`# ")
    return rng.choice(["\"\"", "''", "``", "\"", "'\\'", "\"\\\"", "\"\\\\\"", "\"'\"", "\"a\"b\"", "'it's'", "\"a\\nb\" c", "${HOME}", "'${HOME}'", "\"a\u2028\"b\"", "a\u2028'b'\u2029\"c\""])


def inner(rng, quote):
    parts = []
    for _ in range(rng.randint(0, 5)):
        kind = rng.random()
        if kind < 0.15:
            parts.append("\\" + quote)
        elif kind < 0.3:
            parts.append(rng.choice(["\\n", "\\r", "\\\\n", "\\t", "\\\\", "\\r\\n"]))
        elif kind < 0.45:
            parts.append(rng.choice(LINE_ENDS))
        elif kind < 0.5:
            parts.append(rng.choice("'\"`"))
        elif kind < 0.6:
            parts.append(rng.choice(["#", " # ", "=", "B=1", "${A}", *NO_BLANKS]))
        else:
            parts.append(text(rng, " "))
    return "".join(parts)


def rest(rng):
    return rng.choice([""] * 6 + [" ", "\t ", " # c", "# c", "#", " #'", "#\"", " x", "\xa0#\u2028x", "\x85", ";", "\u2028", " \u2029 # x"])


def text(rng, others):
    letters = LETTERS + list(others) * 2 + [rng.choice(NO_BLANKS + BLANKS)]
    return "".join(rng.choice(letters) for _ in range(rng.randint(0, 8)))


# What is recorded: each is one file.
CASES = {
    "simple": "A=1\nB=two words\n",
    "empty value": "A=\nB=\n",
    "no final newline": "A=1",
    "empty file": "",
    "comments and blank lines": "# c\n\n  # indented\nA=1\n#B=2\n",
    "blanks around": "  A = 1  \nB\t=\t2\t\n",
    "other blanks around": "\u00a0A\u3000=\ufeff1\u2003\nB=\u00851\u0085\n",
    "byte order mark": "\ufeffA=1\n",
    "byte order mark inside": "A=1\n\ufeffB=2\n",
    "crlf": "A=1\r\nB='2'\r\nC=\"x\r\ny\"\r\n",
    "cr": "A=1\rB=2\r",
    "cr before crlf": "A=1\r\r\nB=2\n",
    "single quotes": "A='1 2'\n",
    "double quotes": "A=\"1 2\"\n",
    "backticks": "A=`1 '2' \"3\"`\n",
    "blanks in quotes": "A=' 1 '\nB=\" 2 \"\nC=` 3 `\n",
    "empty quotes": "A=''\nB=\"\"\nC=``\n",
    "escapes in double quotes": "A=\"1\\n2\\r3\\t4\\\\n5\"\n",
    "escapes elsewhere": "A='1\\n2'\nB=`1\\n2`\nC=1\\n2\n",
    "escapes after a quote that stays": "A=\"1\\n2\" 3\n",
    "escaped quotes": "A=\"a\\\"b\"\nB='a\\'b'\nC=`a\\`b`\n",
    "backslash before the closing quote": "A=\"C:\\dir\\\"\nB=1\n",
    "backslash and quotes over lines": "A='a\\'\nB='b'\n",
    "two backslashes before a quote": "A=\"a\\\\\" b\"\n",
    "quotes inside": "A='it's'\nB=\"say \"hi\"\"\nC=a'b'c\n",
    "a quote after text": "A=a\"\nB=b'\n",
    "a quote that is not closed": "A=\"1 2\nB=2\n",
    "a quote that is not closed, with a comment": "A='1 # 2\nB=2\n",
    "a quote that is closed by a later one": "A=\"1\nB=2\"\nC=3\n",
    "quotes of different kinds": "A='1\"\nB=\"2'\nC=3\n",
    "text after a closing quote": "A='1' 2\nB=\"1\"2\n",
    "a comment after a closing quote": "A='1' # c\nB=\"2\"#c\nC=`3`\t# '\n",
    "several lines": "A=\"-----BEGIN X-----\nabc=\n-----END X-----\"\nB=1\n",
    "several lines in single quotes": "A='{\n  \"a\": 1\n}'\nB=1\n",
    "several lines without quotes": "A={\n  \"a\": 1\n}\nB=1\n",
    "inline comments": "A=1 # c\nB=1# c\nC=1#c\nD= # c\nE=#c\n",
    "hash in quotes": "A='1 # 2'\nB=\"1#2\"\nC=`#`\n",
    "export": "export A=1\n  export\tB=2\nexport   C='3'\n",
    "export as a name": "export=1\n",
    "export with a blank": "export = 1\n",
    "export without a value": "export A\nB=1\n",
    "export on a line before": "export\nA=1\n",
    "names that begin with export": "exportA=1\nexport.A=2\n",
    "colon": "A: 1\nB: 'two'\nC:\t3\n",
    "colon without a blank": "A:1\nB=2\n",
    "colon after a blank": "A : 1\nB=2\n",
    "colon at the end of a line": "A:\nB=2\nC=3\n",
    "colon at the end of a crlf line": "A:\r\nB=2\r\nC=3\r\n",
    "colon before a blank line": "A:\n\nB=2\n",
    "colon at the end": "A:",
    "name before its line": "A\n=1\nB\n\n = 2\n",
    "value on the next line": "A=\n'1'\nB= \n2\nC=3\n",
    "equals signs": "A=b=c\nB==\nC='='\n",
    "names": "a.b=1\nx-y=2\n_u=3\n1st=4\n-=5\n",
    "not assignments": "A\nB C=1\n=1\né=1\nfoo bar\nD=1\n",
    "a repeated name": "A=1\nB=2\nA=3\n",
    "references": "A=1\nB=${A}\nC='${A}'\nD=$A\nE=\"\\${A}\"\n",
    "line separators": "A=1\u2028B=2\nC='3'\u2029D=4\n# c\u2028E=5\n",
    "quotes at line separators": "A=a\u2028'b'\u2029\"c\"\nB=\"x\u2028y\n",
    "json": "A={\"a\": \"b\", \"c\": [1]}\nB='{\"a\": 1}'\n",
    "url": "A=postgres://u:p%23@h:5432/d?x=1&y=2\nB=https://x/#frag\n",
    "nul and other controls": "A=a\u0000b\u001fc\n",
    "letters of other scripts": "A=héllo 日本 😀\n",
    "many on a line": "A=1 B=2 C='3'\n",
    "windows path": "A=C:\\new\\reports\nB=\"C:\\new\\reports\"\n",
}


def record(options, package, folder):
    paths = []
    for number, case in enumerate(CASES.values()):
        paths.append(folder / f"{number}.env")
        paths[-1].write_bytes(case.encode())
    rows = []
    for (name, case), pairs in zip(CASES.items(), parsed(options, package, paths)):
        rows.append({"name": name, "text": case, "data": {key: value.decode() for key, value in pairs}})
    version = json.loads((package / "node_modules/dotenv/package.json").read_text())["version"]
    recorded = {"package": f"dotenv {version}", "cases": rows}
    pathlib.Path(options.record).write_text(json.dumps(recorded, indent=1) + "\n")
    print(f"{len(rows)} cases of dotenv {version}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
