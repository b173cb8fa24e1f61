#!/usr/bin/env python3
"""Measures the structure of src/ and fails where a measure is over its limit.

    tests/structure.py            # the table
    tests/structure.py --list up|circles|strings|docs|shadows|cfg|types

Test modules are left out. An import is an edge from the file that names an item to the file that
defines it: re-exports are followed, and a `mod` line is no import. A circle is a set of files that
import each other in a loop.
"""

import argparse
import os
import re
import sys

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "src")

# The rooms of src/, from the top floor down: docs/architecture.md draws them.
FLOORS = [
    ["lib", "main"],
    ["testing"],
    ["commands"],
    ["pipeline"],
    ["docs", "error"],
    ["cli"],
    ["check", "cluster", "kustomize", "types"],
    ["consumers"],
    ["seal"],
    ["kinds", "reach"],
    ["kuberc", "output_file", "validate"],
    ["manifest"],
    ["flags", "material", "print"],
    ["sources"],
    ["secret"],
    ["golang"],
    ["hints"],
    ["buffer", "process", "shown", "similar", "ui"],
]

# What each measure may be at most. Lower a limit when the measure falls.
LIMITS = {
    "up": 0,
    "circles": 1,
    "types": 1,
    "strings": 3,
    "error": 240,
    "cfg": 4,
    "shadows": 0.24,
    "docs": 73,
}


def is_test(path):
    parts = path.split(os.sep)
    return "tests" in parts or parts[-1] in ("tests.rs", "mutations.rs", "samples.rs")


def production(text):
    """The text without its test module, which ends a file, and without other test items."""
    at = re.search(r"^#\[cfg\(test\)\]\n(?=(?:pub\(.*\) )?mod \w+ \{)", text, re.M)
    return text[: at.start()] if at else text


def code(text):
    """The text without comments and with empty string literals."""
    out, i, n = [], 0, len(text)
    while i < n:
        two = text[i : i + 2]
        if two == "//":
            i = text.find("\n", i)
            i = n if i < 0 else i
        elif two == "/*":
            i = text.find("*/", i) + 2
        elif (raw := re.match(r'b?r(#*)"', text[i:])) and (i == 0 or not text[i - 1].isalnum()):
            end = text.find('"' + raw.group(1), i + raw.end())
            out.append('""')
            i = end + 1 + len(raw.group(1))
        elif text[i] == '"':
            i += 1
            while text[i] != '"':
                i += 2 if text[i] == "\\" else 1
            i += 1
            out.append('""')
        elif char := re.match(r"'(\\u\{[0-9a-fA-F]+\}|\\x..|\\.|[^\\'\n])'", text[i:]):
            out.append("' '")
            i += char.end()
        else:
            out.append(text[i])
            i += 1
    return "".join(out)


class House:
    def __init__(self):
        self.text, self.code, self.module = {}, {}, {}
        for folder, _, names in os.walk(ROOT):
            for name in sorted(names):
                path = os.path.relpath(os.path.join(folder, name), ROOT)
                if not name.endswith(".rs") or is_test(path):
                    continue
                with open(os.path.join(ROOT, path), encoding="utf-8") as file:
                    self.text[path] = production(file.read())
                self.code[path] = code(self.text[path])
                self.module[self.module_of(path)] = path
        self.exports = {path: self.exports_of(path) for path in self.text}

    @staticmethod
    def module_of(path):
        parts = path[:-3].split(os.sep)
        if parts[-1] in ("mod", "lib", "main"):
            parts.pop()
        return tuple(parts)

    def absolute(self, module, words):
        """The path of words that a file of this module names, from the crate's root."""
        words = list(words)
        if words and words[0] == "crate":
            return tuple(words[1:])
        if words and words[0] in ("self", "super"):
            while words and words[0] in ("self", "super"):
                if words.pop(0) == "super":
                    module = module[:-1]
            return module + tuple(words)
        return module + tuple(words) if words and module + (words[0],) in self.module else None

    def exports_of(self, path):
        """Names that a file re-exports, with where they come from."""
        found = {}
        for use in re.findall(r"\bpub(?:\([^)]*\))? use ([^;]+);", self.code[path]):
            for words in expand(use):
                alias = words[-1]
                if " as " in alias:
                    whole, alias = alias.split(" as ")
                    words = words[:-1] + [whole]
                found[alias.strip()] = words
        return found

    def file_of(self, words, seen=()):
        """The file that defines what a path from the crate's root names."""
        for length in range(len(words), -1, -1):
            path = self.module.get(tuple(words[:length]))
            if path is None:
                continue
            rest = words[length:]
            exported = self.exports[path].get(rest[0]) if rest else None
            if exported and (path, rest[0]) not in seen:
                module = self.module_of(path)
                target = self.absolute(module, exported)
                if target is not None:
                    return self.file_of(target + tuple(rest[1:]), (*seen, (path, rest[0])))
            return path
        return None

    def edges(self):
        graph = {}
        for path, text in self.code.items():
            module = self.module_of(path)
            named = set()
            for use in re.findall(r"(?<!pub )(?<!\) )\buse ([^;]+);", text):
                named.update(tuple(words) for words in expand(use))
            body = re.sub(r"\buse [^;]+;", "", text)
            for found in re.findall(r"\b((?:crate|super|self)(?:::\w+)+)", body):
                named.add(tuple(found.split("::")))
            targets = set()
            for words in named:
                words = [word.split(" as ")[0] for word in words]
                target = self.absolute(module, words)
                found = self.file_of(target) if target is not None else None
                if found and found != path and found not in ("lib.rs", "main.rs"):
                    targets.add(found)
            graph[path] = targets
        return graph


def expand(use):
    """The paths of a `use` tree, each as a list of words."""
    use = " ".join(use.split())
    paths, prefix, stack, word = [], [], [], ""

    def end():
        nonlocal word
        if word.strip():
            words = [part.strip() for part in word.strip().split("::") if part.strip()]
            if words and words[-1] == "self":
                words.pop()
            paths.append(prefix + words)
        word = ""

    for char in use:
        if char == "{":
            stack.append(prefix)
            prefix = prefix + [part.strip() for part in word.split("::") if part.strip()]
            word = ""
        elif char == "}":
            end()
            prefix = stack.pop()
        elif char == ",":
            end()
        else:
            word += char
    end()
    return [path for path in paths if path]


def circles(graph):
    """The strongly connected sets of two and more files (Tarjan)."""
    index, low, stack, on, found, counter = {}, {}, [], set(), [], [0]

    def visit(node):
        index[node] = low[node] = counter[0]
        counter[0] += 1
        stack.append(node)
        on.add(node)
        for other in sorted(graph[node]):
            if other not in index:
                visit(other)
                low[node] = min(low[node], low[other])
            elif other in on:
                low[node] = min(low[node], index[other])
        if low[node] == index[node]:
            members = []
            while True:
                other = stack.pop()
                on.discard(other)
                members.append(other)
                if other == node:
                    break
            if len(members) > 1:
                found.append(sorted(members))

    sys.setrecursionlimit(10_000)
    for node in sorted(graph):
        if node not in index:
            visit(node)
    return sorted(found, key=len, reverse=True)


def room(path):
    return path.split(os.sep)[0].removesuffix(".rs")


def imports_up(graph):
    """Imports of a room on the same floor or above, each as a line."""
    floors = {name: number for number, floor in enumerate(FLOORS) for name in floor}
    for path, targets in sorted(graph.items()):
        for target in sorted(targets):
            if room(path) != room(target) and floors[room(path)] >= floors[room(target)]:
                yield f"{path} uses {target}"


def place(path):
    """The room with a file for each type is one place."""
    return "kinds" if room(path) == "kinds" else path


TYPE = re.compile(
    r'"(?:kubernetes\.io/(?:tls|dockerconfigjson|dockercfg|basic-auth|ssh-auth'
    r'|service-account-token)|bootstrap\.kubernetes\.io/token|helm\.sh/release\.v1|Opaque)"'
)
LOOK_UP = re.compile(
    r'\b(?:is_on|is_given|value|values|given|times|occurs|try_get_one|try_get_many)'
    r'(?:::<[^>]*>)?\(\s*(?:[\w.&()]+,\s*)?"[a-z][a-z0-9-]*"'
)
SHADOW = re.compile(r"^(\s*)let (?:mut )?(?!_\b)(\w+)(?:: [^=\n]+)? = [^\n]*;\n\1let (?:mut )?\2\b", re.M)
DOC = re.compile(r"^(\s*)///(?!/) ?(.*)$")


def short_docs(text):
    """Doc comments of one line and four words or fewer."""
    lines = text.split("\n")
    for at, line in enumerate(lines):
        found = DOC.match(line)
        if not found:
            continue
        beside = [lines[at - 1] if at else "", lines[at + 1] if at + 1 < len(lines) else ""]
        if not any(DOC.match(other) for other in beside) and len(found.group(2).split()) <= 4:
            yield at + 1, line.strip()


def measures(house):
    lines = sum(len(text.splitlines()) for text in house.text.values())
    graph = house.edges()
    every = {
        "up": list(imports_up(graph)),
        "circles": [", ".join(files) for files in circles(graph)],
        "types": sorted(
            {place(p) for p, t in house.text.items() if TYPE.search(strip_docs(t))}
        ),
        "strings": [
            f"{p}: {m.group(0)}" for p, t in house.text.items() for m in LOOK_UP.finditer(t)
        ],
        "cfg": [
            f"{p}: {m.group(0)}"
            for p, t in house.text.items()
            for m in re.finditer(r'feature = "cluster"', t)
        ],
        "shadows": [
            f"{p}: {m.group(2)}" for p, t in house.text.items() for m in SHADOW.finditer(t)
        ],
        "docs": [f"{p}:{n}: {l}" for p, t in house.text.items() for n, l in short_docs(t)],
    }
    error = sum(len(t.splitlines()) for p, t in house.text.items() if p.startswith("error"))
    return lines, error, every


def strip_docs(text):
    return re.sub(r"^\s*//.*$", "", text, flags=re.M)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--list", metavar="MEASURE", help="list what a measure counts")
    args = parser.parse_args()
    lines, error, every = measures(House())
    if args.list:
        print("\n".join(every[args.list]))
        return
    rows = [
        ("up", "imports that run up", len(every["up"])),
        ("circles", "circles of imports", len(every["circles"])),
        ("types", "places with Kubernetes' type strings, kinds/ being one", len(every["types"])),
        ("strings", "flags looked up by string", len(every["strings"])),
        ("error", "lines of error/", error),
        ("cfg", 'cfg(feature = "cluster")', len(every["cfg"])),
        (
            "shadows",
            "let shadowing the line above, per 1,000 lines",
            round(1000 * len(every["shadows"]) / lines, 2),
        ),
        ("docs", "doc comments of one line and four words or fewer", len(every["docs"])),
    ]
    over = 0
    for name, what, count in rows:
        is_over = count > LIMITS[name]
        over += is_over
        print(f"{count:>7}  {what} (at most {LIMITS[name]}){' OVER' if is_over else ''}")
    print(f"{lines:>7}  production lines of src/")
    sys.exit(over > 0)


if __name__ == "__main__":
    main()
