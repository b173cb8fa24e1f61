#!/usr/bin/env python3
"""Compares mksecret with a real kubectl under random kuberc files: defaults, aliases, plugin policies, documents of all versions,
as YAML and JSON, with what a strict reader complains of; named by flag, variable or home folder; beside random command lines.

    tests/conformance/preferences.py --kubectl target/kubectl/bin/kubectl --count 300

The exit status must agree on zero or not. Where kubectl succeeds, stdout and the warnings about the file are wanted to the
byte; where it fails, nothing on stdout, something on stderr, and no default that could be a password. A refusal of what
kubectl prints is asked again with --validate=ignore. The same --seed and position give the same file and command line.

Left out: names that kubectl looks up in a kubeconfig, and servers, for which it asks for a login. What kubectl shows of a line that separates documents is not wanted.
"""
import argparse
import concurrent.futures
import json
import os
import pathlib
import random
import re
import shlex
import sys

import layout

FIXTURES = pathlib.Path(__file__).resolve().parent.parent / "fixtures" / "tls"
# A default that no message may hold.
SECRET = "hunter2hunter2"
GROUP = "kubectl.config.k8s.io"
SWITCHES = ["append-hash", "save-config", "show-managed-fields", "allow-missing-template-keys", "disable-compression"]
BOOLEANS = ["true", "false", "1", "0", "t", "F", "TRUE", "yes", "", SECRET]
# Values that YAML reads as something else than text, unless they are quoted.
ODD = ["true", "no", "y", "~", "1", "0x1f", "1_0", "1.5", "1e3", ".5", "2001-01-01", "1:30", "null", "on", ".inf", "-"]
VALUES = {
    "output": ["yaml", "json", "name", "kyaml", "jsonpath={.metadata.name}", "bogus", "YAML", ""],
    "dry-run": ["client"] * 8 + ["true", "bogus", "", SECRET],
    "namespace": ["shop", "web", ""],
    "validate": ["ignore", "strict", "true", "false", "warn", SECRET],
    "field-manager": ["me", ""],
    "from-literal": ["k=v", "l=w", "k=" + SECRET, SECRET, "", "a=1,b=2"],
    "from-file": ["f", "k=f", "k=f,l=g", "none", '"k=f"', 'k="f"', ""],
    "from-env-file": ["env", "none", ""],
    "type": ["a/b", "Opaque", ""],
    "cert": ["p256.crt", "none"],
    "key": ["p256.key", "none", "p384.key"],
    "docker-username": ["u", ""],
    "docker-password": ["p", SECRET],
    "docker-email": ["u@example.com", ""],
    "docker-server": ["registry.example.com", ""],
    "as": ["me"],
    "as-group": ["g", "g,h", ""],
    "as-user-extra": ["a=b"],
    "request-timeout": ["1s", "0", "x"],
    "token": ["t", SECRET],
    "username": ["n"],
    "server": ["http://a b", ""],
    "proxy-url": ["http://127.0.0.1:1", "x", ""],
    "profile": ["none", "bogus"],
    "cache-dir": ["cache"],
    "template": ["{{.kind}}"],
    "kuberc": ["none"],
    "kubeconfig": ["none"],
    "tls-server-name": ["name"],
    "certificate-authority": ["none"],
}
COMMON = [
    "output", "dry-run", "namespace", "validate", "field-manager", "as", "as-group", "as-user-extra", "request-timeout",
    "token", "username", "server", "proxy-url", "profile", "cache-dir", "template", "kuberc",
    "tls-server-name", *SWITCHES,
]  # fmt: skip
OWN = {
    "generic": ["from-literal", "from-file", "from-env-file", "type"],
    "docker-registry": ["docker-username", "docker-password", "docker-email", "docker-server", "from-file"],
    "tls": ["cert", "key"],
}
LISTS = ["from-literal", "from-file", "from-env-file", "as-group", "as-user-extra"]
# What is no flag of kubectl's there, or not by that name.
WRONG_NAMES = ["o", "n", "--output", "-o", "out_put", "v", "vmodule", "help", "nope", "", "immutable", "from-stdin", "Output"]
COMMANDS = ["create secret", "create", "", "get pods", "create configmap", "create generic", "create secret bogus", "generic", "foo bar", "help"]
POLICIES = [
    {"credentialPluginPolicy": "AllowAll"},
    {"credentialPluginPolicy": "DenyAll"},
    {"credentialPluginPolicy": ""},
    {"credentialPluginPolicy": "Allowlist", "credentialPluginAllowlist": [{"name": "p"}, {"command": "/q/r"}]},
    {"credentialPluginPolicy": "Allowlist", "credentialPluginAllowlist": [{"name": "p", "command": "p"}]},
    {"credentialPluginPolicy": "Allowlist", "credentialPluginAllowlist": [{"name": "p", "command": "q"}]},
    {"credentialPluginPolicy": "Allowlist", "credentialPluginAllowlist": [{"name": "./p"}]},
    {"credentialPluginPolicy": "Allowlist", "credentialPluginAllowlist": [{"command": "/a/../p"}]},
    {"credentialPluginPolicy": "Allowlist", "credentialPluginAllowlist": [{"command": "a//p"}]},
    {"credentialPluginPolicy": "Allowlist", "credentialPluginAllowlist": [{"x": "p"}]},
    {"credentialPluginPolicy": "Allowlist", "credentialPluginAllowlist": [None]},
    {"credentialPluginPolicy": "Allowlist", "credentialPluginAllowlist": []},
    {"credentialPluginPolicy": "Allowlist", "credentialPluginAllowlist": None},
    {"credentialPluginPolicy": "Allowlist"},
    {"credentialPluginPolicy": "DenyAll", "credentialPluginAllowlist": []},
    {"credentialPluginAllowlist": [{"name": "p"}]},
    {"credentialPluginPolicy": SECRET},
    {"credentialPluginPolicy": 1},
    {"credPluginAllowlist": [{"name": "p"}]},
]
UNKNOWN = ["x", "Defaults", "flags", "zz top", "é", "1", "options", "overrides", "a\"b", "true"]


class Draft:
    """One random file and command line."""

    def __init__(self, rng):
        self.rng = rng
        self.type = rng.choice(["generic"] * 5 + ["docker-registry", "tls"])

    def maybe(self, chance):
        return self.rng.random() < chance

    def case(self):
        rng = self.rng
        files = [{"path": "home", "dir": True}, {"path": "f", "text": "one"}, {"path": "g", "text": "two\n"}, {"path": "env", "text": "A=1\nB=2\n"}]
        files += [{"path": name, "raw": (FIXTURES / name).read_bytes()} for name in ("p256.crt", "p256.key", "p384.key")]
        env, flags = {"HOME": "home"}, []
        path = "home/.kube/kuberc"
        if self.maybe(0.3):
            kind = rng.randrange(9)
            if kind < 3:
                path = "own"
                flags = [rng.choice([["--kuberc=own"], ["--kuberc", "own"], ["--kuberc=own=x"]])][0]
            elif kind == 3:
                path = "own"
                env["KUBERC"] = "own"
            elif kind == 4:
                env["KUBERC"] = rng.choice(["off", "OFF", "none", "f", "home", ""])
            elif kind == 5:
                env["KUBECTL_KUBERC"] = rng.choice(["false", "FALSE", "0", "true", "", "falsee"])
                flags = rng.choice([[], ["--kuberc=f"]])
            elif kind == 6:
                env["KUBERC"] = rng.choice(["off", "f"])
                flags = rng.choice([["--kuberc=f"], ["--kuberc="], ["--kuberc", ""]])
            elif kind == 7:
                flags = rng.choice([["--kuberc=none"], ["--kuberc=home"], ["--kuberc="], ["--kuberc"]])
            else:
                env["KUBERC"] = "/dev/null"
        files.append({"path": path, "raw": self.file()})
        return {"args": self.words(flags), "files": files, "env": env}

    def words(self, flags):
        rng = self.rng
        units = [["--dry-run=client"]] if self.maybe(0.8) else []
        if self.type == "generic":
            units += [[f"--from-literal={rng.choice('abc')}=1"] for _ in range(rng.choice([0, 1, 1, 1, 2]))]
        elif self.type == "docker-registry":
            units += [["--docker-username=a"], ["--docker-password=b"]][: rng.choice([0, 1, 2, 2])]
        else:
            units += [["--cert=p256.crt"], ["--key=p256.key"]][: rng.choice([0, 1, 2, 2, 2])]
        for _ in range(rng.choice([0, 0, 1, 1, 2])):
            units.append(rng.choice([
                ["-o", "yaml"], ["-ojson"], ["-o=name"], ["--output=yaml"], ["--out_put=yaml"], ["-nfoo"], ["-n", "bar"],
                ["-n=oo"], ["--namespace=baz"], ["--append-hash"], ["--append_hash=false"], ["--save-config=true"], ["-v=0"],
                ["--validate=ignore"], ["--as=you"], ["--type=c/d"], ["--from-file=k=f"], ["--field-manager", "-o"],
                ["--from_literal=z=1"], ["--dry_run=client"], ["--as-group", "-nfoo"], ["--token=t"], ["--nope"], ["-s", ""],
            ]))  # fmt: skip
        units += [flags] if flags else []
        units += [["x"]] if not self.maybe(0.03) else []
        rng.shuffle(units)
        words = [word for unit in units for word in unit]
        return [self.type, *words, *(["--", "y", "--output=yaml"] if self.maybe(0.04) else [])]

    def file(self):
        rng = self.rng
        if self.maybe(0.03):
            return rng.choice([b"", b"\n\n", b"# nothing\n", b"---\n", b"\xff\xfe\x00", b"\x00", b"foo: [", b"{", b"null", b"[]", b"1", b"a: b: c", b"\t- x", b"%", b"@"])
        documents = [self.document() for _ in range(rng.choice([1] * 8 + [2, 2, 3]))]
        separator = rng.choice(["---\n"] * 6 + ["--- \n", "---  # more\n", "--- more\n", "---\n---\n"])
        text = separator.join(documents)
        if self.maybe(0.1):
            text = rng.choice(["---\n", "# head\n", "\n", "--- # x\n", "%YAML 1.1\n---\n"]) + text
        if self.maybe(0.05):
            text = text.replace("\n", "\r\n")
        if self.maybe(0.04):
            at = rng.randrange(len(text) + 1)
            text = text[:at] + rng.choice(["\0", "\t", ":", "}", "\x01", "\udcff", "  ", "- ", "'"]) + text[at:]
        return text.encode("utf-8", "surrogateescape")

    def document(self):
        rng = self.rng
        version = rng.choice(["v1beta1"] * 14 + ["v1alpha1"] * 4 + ["v1", "v9"])
        document = {"apiVersion": f"{GROUP}/{version}", "kind": rng.choice(["Preference"] * 30 + ["Preferences", "Config", None])}
        if self.maybe(0.02):
            document["apiVersion"] = rng.choice(["v1beta1", GROUP, f"{GROUP}/", f"x/{GROUP}/v1beta1", None, 1, f" {GROUP}/v1beta1"])
        if self.maybe(0.02):
            document["Kind"] = document.pop("kind")
        lists, flags = ("overrides", "flags") if (version == "v1alpha1") != self.maybe(0.04) else ("defaults", "options")
        if not self.maybe(0.08):
            document[lists] = [self.entry(flags) for _ in range(rng.choice([1, 1, 1, 2, 2, 3]))]
        if self.maybe(0.02):
            document[lists] = rng.choice([None, [None], {}, "x", [["x"]], 1, []])
        if self.maybe(0.08):
            document.update(rng.choice(POLICIES))
        if self.maybe(0.08):
            document["aliases"] = [self.alias(flags) for _ in range(rng.choice([1, 2]))]
        self.add_unknown(document)
        items = list(document.items())
        if self.maybe(0.3):
            rng.shuffle(items)
        return self.render(items)

    def entry(self, flags):
        rng = self.rng
        command = f"create secret {self.type}"
        if self.maybe(0.25):
            command = rng.choice([*COMMANDS, *[f"create secret {name}" for name in OWN], f" create  secret {self.type}  y", f"create -n foo secret {self.type} --z"])
        entry = {"command": command, flags: [self.option() for _ in range(rng.choice([0, 1, 1, 2, 2, 3]))]}
        if self.maybe(0.02):
            entry[rng.choice(["command", flags])] = rng.choice([None, 1, [None], "x", {"a": 1}])
        self.add_unknown(entry)
        return entry

    def option(self):
        rng = self.rng
        name = rng.choice(COMMON[:4] * 3 + COMMON + OWN[self.type] * 4)
        value = rng.choice(BOOLEANS[:4] * 4 + BOOLEANS if name in SWITCHES else VALUES[name])
        if self.maybe(0.08):
            value = rng.choice(ODD)
        if self.maybe(0.04):
            name = name.replace("-", "_")
        if self.maybe(0.03):
            name = rng.choice(WRONG_NAMES)
        option = {"name": name, "default": value}
        if self.maybe(0.03):
            option.pop(rng.choice(["name", "default"]))
        if self.maybe(0.02):
            option[rng.choice(["name", "default"])] = rng.choice([None, 1, True, 1.5, [], {}])
        self.add_unknown(option)
        return option

    def alias(self, flags):
        rng = self.rng
        alias = {"name": rng.choice(["mks", "mks", "gen", "a1", "", "generic", "create"]), "command": rng.choice([f"create secret {self.type}", "foo", ""])}
        if self.maybe(0.4):
            alias[flags] = [self.option()]
        if self.maybe(0.4):
            alias[rng.choice(["appendArgs", "prependArgs"])] = rng.choice([["x"], [], None, [1], "x"])
        self.add_unknown(alias)
        return alias

    def add_unknown(self, fields):
        if self.maybe(0.05):
            fields[self.rng.choice(UNKNOWN)] = self.rng.choice(["y", 1, None, [1, {"a": "b"}], {"c": {"d": 1}}])

    def render(self, items):
        """A document as JSON or as YAML, block or flow, with keys repeated at times."""
        if self.maybe(0.03):
            items.append(self.rng.choice(items))
        if self.maybe(0.15):
            return self.json_object(items) + "\n"
        return "".join(self.block(key, value, "") for key, value in items)

    def pairs(self, fields):
        items = list(fields.items())
        if items and self.maybe(0.01):
            items.append(self.rng.choice(items))
        return items

    def json_object(self, items):
        return "{" + ", ".join(f"{json.dumps(key)}: {self.json_value(value)}" for key, value in items) + "}"

    def json_value(self, value):
        if isinstance(value, dict):
            return self.json_object(self.pairs(value))
        if isinstance(value, list):
            return "[" + ", ".join(map(self.json_value, value)) + "]"
        return json.dumps(value, ensure_ascii=self.maybe(0.5))

    def block(self, key, value, indent):
        head = f"{indent}{self.key(key)}:"
        comment = "  # why" if self.maybe(0.03) else ""
        if isinstance(value, (dict, list)) and value and not self.maybe(0.2):
            return f"{head}{comment}\n{self.nested(value, indent)}"
        text = self.flow(value)
        return f"{head} {text}{comment}\n" if text else f"{head}{comment}\n"

    def nested(self, value, indent):
        if isinstance(value, dict):
            return "".join(self.block(key, each, indent + "  ") for key, each in self.pairs(value))
        indent += "  " if self.maybe(0.3) else ""
        out = ""
        for each in value:
            if isinstance(each, dict) and each and not self.maybe(0.2):
                lines = "".join(self.block(key, item, indent + "  ") for key, item in self.pairs(each))
                out += f"{indent}- {lines[len(indent) + 2:]}"
            else:
                out += f"{indent}- {self.flow(each) or 'null'}\n"
        return out

    def flow(self, value):
        if isinstance(value, dict):
            return "{" + ", ".join(f"{self.key(key)}: {self.flow(each) or 'null'}" for key, each in self.pairs(value)) + "}"
        if isinstance(value, list):
            return "[" + ", ".join(self.flow(each) or "null" for each in value) + "]"
        if isinstance(value, str):
            return self.scalar(value)
        if value is None:
            return self.rng.choice(["null", "~", ""])
        return json.dumps(value)

    def key(self, key):
        return key if re.fullmatch(r"[A-Za-z]\w*", key) and not self.maybe(0.05) else json.dumps(key)

    def scalar(self, text):
        rng = self.rng
        plain = re.fullmatch(r"[A-Za-z0-9./~_][\w ./~@=-]*", text) and not text.endswith(" ")
        if plain and not self.maybe(0.4):
            return text
        if self.maybe(0.5):
            return "'" + text.replace("'", "''") + "'"
        return rng.choice(["", "", "", "!!str "]) + json.dumps(text)


class Comparison:
    def __init__(self, options):
        self.kubectl = [str(pathlib.Path(options.kubectl).resolve())]
        self.tool = [str(pathlib.Path(options.bin).resolve())]

    def verdict(self, case):
        """Whether kubectl succeeds, and what differs."""
        kubectl = layout.run([*self.kubectl, "create", "secret", *case["args"]], case)
        if kubectl.crashed or kubectl.status is None:
            return False, None
        # Without a dry run both would go to a cluster, which there is none of.
        answer = layout.run([*self.tool, *case["args"]], case)
        leak = SECRET.encode() in answer.stderr
        if leak:
            return kubectl.succeeded, f"shows a default: {answer.stderr!r}"
        if not kubectl.succeeded:
            if answer.succeeded:
                return False, f"succeeds, kubectl says {kubectl.stderr!r}; stdout {answer.stdout!r}"
            return False, answer.broken_refusal()
        if not answer.succeeded:
            broken = answer.broken_refusal()
            at = case["args"].index("--") if "--" in case["args"] else len(case["args"])
            again = layout.run([*self.tool, *case["args"][:at], "--validate=ignore", *case["args"][at:]], case)
            if broken or not again.succeeded:
                return True, broken or f"refuses: {again.stderr!r}; kubectl prints {kubectl.stdout!r}, {kubectl.stderr!r}"
            answer = again
        if answer.stdout != kubectl.stdout:
            return True, f"stdout differs\n  kubectl {kubectl.stdout!r}\n  tool    {answer.stdout!r}\n  {answer.stderr!r}"
        wanted, got = theirs(kubectl.stderr), ours(answer.stderr)
        # What looks like no name is not shown, which kubectl does.
        if wanted != got and b"bytes, not shown," not in got:
            return True, f"warnings differ\n  kubectl {wanted!r}\n  tool    {got!r}"
        return True, None

    def reproduction(self, case):
        lines = ["(W=$(mktemp -d) && mkdir -p $W/home/.kube && cd $W"]
        for entry in case["files"]:
            if not entry.get("dir"):
                lines.append(f"printf %s {shlex.quote(layout.base64.b64encode(layout.content(entry)).decode())} | base64 -d >{entry['path']}")
        environment = " ".join(shlex.quote(f"{name}={value}") for name, value in case["env"].items())
        for tool in (self.kubectl, self.tool):
            lines.append(f"env -i KUBECONFIG=$W/no PATH=\"$PATH\" {environment} {tool[0]} create secret {shlex.join(case['args'])}; echo \"status $?\"")
        return "\n".join("    " + line for line in lines) + ")"


def theirs(stderr):
    """kubectl's warnings: it does not end the lines of most of them."""
    stderr = re.sub(rb"(invalid Yaml document separator): more", rb"\1", stderr)
    return re.sub(rb"[IWE]\d{4} [^\n]*\n", b"", stderr).replace(b"\n", b"")


def ours(stderr):
    lines = [line for line in stderr.split(b"\n") if not line.startswith((b"warning: ", b"hint: "))]
    return re.sub(rb"(document separator) in line \d+: 4 bytes, not shown", rb"\1", b"".join(lines))


def main():
    parser = argparse.ArgumentParser(description="Compare mksecret with a real kubectl under random kuberc files")
    parser.add_argument("--bin", default="target/release/mksecret", help="the tool (default: %(default)s)")
    parser.add_argument("--kubectl", default="kubectl", help="a real kubectl v1.37.1 (default: %(default)s)")
    parser.add_argument("--count", type=int, default=300, help="comparisons (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 32), help="decides which")
    parser.add_argument("--show", type=int, help="show only the file and the command line of this number")
    options = parser.parse_args()
    comparison = Comparison(options)
    cases = [Draft(random.Random(f"{options.seed} {number}")).case() for number in range(options.count)]
    if options.show is not None:
        print(cases[options.show]["files"][-1]["raw"].decode(errors="replace"))
        print(comparison.reproduction(cases[options.show]))
        return 0
    print(f"seed {options.seed}, {options.count} comparisons", flush=True)
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        verdicts = list(pool.map(comparison.verdict, cases))
    differences = 0
    for number, (case, (_, complaint)) in enumerate(zip(cases, verdicts)):
        if complaint:
            differences += 1
            print(f"\nDIFFERENCE (--seed {options.seed}, number {number}): {complaint}\n{comparison.reproduction(case)}")
    printed = sum(succeeded for succeeded, _ in verdicts)
    print(f"kubectl prints {printed} of {len(cases)}")
    print(f"seed {options.seed}: {len(cases)} comparisons, {differences} differences")
    return 1 if differences else 0


if __name__ == "__main__":
    sys.exit(main())
