#!/usr/bin/env python3
"""Compares which credential plugins mksecret and a real kubectl start under the policy of a kuberc file.

    tests/conformance/plugins.py --kubectl target/kubectl/bin/kubectl --double target/debug/examples/api_double

Every form of a kubeconfig's command (name, path, link, folder that is a link, relative path) with every form of an allowlist's
entry, as `name`, as `command` or as both, then both with other values of PATH, of the run and of the plugin, and the policies
without a list. A plugin writes its path to a file when it starts: that and whether the run succeeds must be the same. Each run
creates a Secret on the double.
"""
import argparse
import concurrent.futures
import itertools
import json
import os
import pathlib
import subprocess
import sys
import tempfile

V1 = "client.authentication.k8s.io/v1"
HEAD = "apiVersion: kubectl.config.k8s.io/v1beta1\nkind: Preference\n"
# @ is the folder of the kubeconfig and of the run.
COMMANDS = [
    "plug", "same", "link", "noexec", "@/bin/plug", "@/bin/same", "@/links/plug", "@/links/link", "@/links/chain", "@/folder/plug",
    "@/two/plug", "@/bin/../bin/plug", "@/bin//plug", "bin/plug", "./links/plug", "../bin/plug",
]  # fmt: skip
ENTRIES = [
    "plug", "same", "link", "missing", "@/bin/plug", "@/bin/same", "@/bin/hard", "@/links/plug", "@/links/link", "@/links/chain",
    "@/folder/plug", "@/two/plug", "bin/plug", "../bin/plug",
]  # fmt: skip
# Commands that are only tried with an entry that is the same, and one that is the plugin.
MORE_COMMANDS = ["hard", "missing", "@/bin/hard", "@/links/upwards", "@/links/../bin/plug", "@/two/deep/../plug", "@/bin/missing", "@/bin/noexec", "@/bin", "./plug", "bin/../bin/plug", "plug "]
# Entries that are refused before anything starts, or that fit nothing.
ODD_ENTRIES = ["./plug", "./bin/plug", "@/bin/../bin/plug", "@/bin//plug", "@/bin/plug/", "bin/../bin/plug", "", " plug", "PLUG", "*", "@/bin/*", "plug "]
PATHS = ["@/links:@/bin", "@/folder", "bin:@/bin", "@/bin:bin", ":@/bin", "@/bin/../bin", "@//bin/", "@/two:@/bin", "", None]
PATH_COMMANDS = ["plug", "@/bin/plug", "@/links/plug"]
PATH_ENTRIES = ["plug", "@/bin/plug", "@/folder/plug"]
POLICIES = ["", "credentialPluginPolicy: AllowAll\n", "credentialPluginPolicy: DenyAll\n", 'credentialPluginPolicy: ""\n', "credentialPluginPolicy: denyall\n"]


class Row:
    """A kubeconfig's command, a policy, PATH, and the PATH that the kubeconfig gives the plugin."""

    def __init__(self, command, policy, path="@/bin", given=None):
        self.command, self.policy, self.path, self.given = command, policy, path, given

    def __str__(self):
        return f"command {self.command!r}, PATH {self.path!r}, PATH by env {self.given!r}, {self.policy!r}"


def allowlist(*entries):
    return f"credentialPluginPolicy: Allowlist\ncredentialPluginAllowlist: {json.dumps(entries)}\n"


def rows():
    """The matrix. Which key an entry has changes from one to the next; links are tried with each of them."""
    keys = [lambda text: {"name": text}, lambda text: {"command": text}, lambda text: {"name": text, "command": text}]
    for (i, command), (j, entry) in itertools.product(enumerate(COMMANDS), enumerate(ENTRIES)):
        # Links in either direction: each with both keys.
        is_link = "/bin/plug" in (command[1:], entry[1:]) and any(word in command + entry for word in ("link", "folder", "same"))
        for key in keys[:2] if is_link else [keys[(i + j) % 3]]:
            yield Row(command, allowlist(key(entry)))
    for i, command in enumerate(MORE_COMMANDS):
        for entry in {command, "plug", "@/bin/plug"}:
            yield Row(command, allowlist(keys[i % 3](entry)))
    # `..` after a link to a folder: a path that is cleaned leads elsewhere than one that is followed.
    yield Row("@/two/deep/../bin/plug", allowlist({"command": "@/two/bin/plug"}))
    for i, entry in enumerate(ODD_ENTRIES):
        yield Row("plug", allowlist(keys[i % 3](entry)))
    for command, entries in itertools.product(["plug", "@/bin/plug"], [("other", "plug"), ("plug", "other"), ("other", "@/bin/plug"), ("other", "none")]):
        yield Row(command, allowlist(*({"command": entry} for entry in entries)))
    for i, (path, command, entry) in enumerate(itertools.product(PATHS, PATH_COMMANDS, PATH_ENTRIES)):
        yield Row(command, allowlist(keys[i % 2](entry)), path)
    for policy, command in itertools.product(POLICIES[:3], COMMANDS):
        yield Row(command, policy)
    for policy in POLICIES[3:]:
        yield Row("plug", policy)
    for policy, command, path in itertools.product([POLICIES[0], allowlist({"command": "plug"}), allowlist({"command": "@/bin/plug"})], ["plug", "other", "@/bin/plug"], ["@/bin", "@/none"]):
        yield Row(command, policy, path, "@/two")
    for path, command in itertools.product(PATHS, PATH_COMMANDS):
        yield Row(command, "", path)


class Folder:
    """Plugins, links to them, and the double's logins."""

    def __init__(self, path, double):
        self.path = path
        pair = {"clientCertificateData": (double / "client.pem").read_text(), "clientKeyData": (double / "client.key").read_text()}
        answer = json.dumps({"apiVersion": V1, "kind": "ExecCredential", "status": pair})
        script = f"#!/bin/sh\necho \"$0\" >\"$MARK\"\nwhile read -r line; do printf '%s\\n' \"$line\"; done <<'END'\n{answer}\nEND\n"
        for name in ("bin/plug", "bin/noexec", "two/plug", "two/other"):
            file = path / name
            file.parent.mkdir(exist_ok=True)
            file.write_text(script)
            file.chmod(0o644 if name == "bin/noexec" else 0o755)
        (path / "links").mkdir()
        os.link(path / "bin/plug", path / "bin/hard")
        for name, target in [
            ("bin/same", "plug"),
            ("bin/link", path / "links/link"),
            ("links/plug", path / "bin/plug"),
            ("links/link", path / "bin/plug"),
            ("links/chain", "link"),
            ("links/upwards", "../bin/plug"),
            ("folder", "bin"),
            ("two/deep", path / "links"),
        ]:
            (path / name).symlink_to(target)

    def placed(self, text):
        return text.replace("@", str(self.path))


class Comparison:
    def __init__(self, options, folder, url, ca):
        self.tools = {"kubectl": [os.path.abspath(options.kubectl), "create", "secret"], "mksecret": [os.path.abspath(options.bin)]}
        self.folder, self.url, self.ca = folder, url, ca

    def verdict(self, numbered):
        number, row = numbered
        verdicts = {name: self.run(name, words, number, row) for name, words in self.tools.items()}
        kubectl, mksecret = verdicts["kubectl"], verdicts["mksecret"]
        if kubectl[:2] == mksecret[:2]:
            return kubectl[0], None
        return kubectl[0], f"{row}\n  kubectl  started {kubectl[0]}, succeeds {kubectl[1]}: {kubectl[2]}\n  mksecret started {mksecret[0]}, succeeds {mksecret[1]}: {mksecret[2]}"

    def run(self, tool, words, number, row):
        root = self.folder.path
        exec_config = {"apiVersion": V1, "command": self.folder.placed(row.command), "interactiveMode": "Never"}
        if row.given is not None:
            exec_config["env"] = [{"name": "PATH", "value": self.folder.placed(row.given)}]
        config = {
            "apiVersion": "v1",
            "kind": "Config",
            "current-context": "a",
            "clusters": [{"name": "a", "cluster": {"server": self.url, "certificate-authority": self.ca}}],
            "users": [{"name": "a", "user": {"exec": exec_config}}],
            "contexts": [{"name": "a", "context": {"cluster": "a", "user": "a"}}],
        }
        mark = root / f"started-{tool}-{number}"
        kubeconfig, kuberc = root / f"kubeconfig-{tool}-{number}", root / f"kuberc-{tool}-{number}"
        kubeconfig.write_text(json.dumps(config))
        kuberc.write_text(HEAD + self.folder.placed(row.policy))
        env = {"HOME": str(root / "home"), "KUBECONFIG": str(kubeconfig), "KUBERC": str(kuberc), "MARK": str(mark)}
        if row.path is not None:
            env["PATH"] = self.folder.placed(row.path)
        done = subprocess.run(
            [*words, "generic", f"{tool}-{number}", "--from-literal=a=b"], cwd=root, env=env, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60
        )
        started = os.path.normpath(mark.read_text().strip()) if mark.exists() else None
        for file in (kubeconfig, kuberc, *([mark] if started is not None else [])):
            file.unlink()
        return started, done.returncode == 0, done.stderr.strip()[:300]


def main():
    parser = argparse.ArgumentParser(description="Compare which credential plugins mksecret and kubectl start")
    parser.add_argument("--bin", default="target/release/mksecret", help="the tool (default: %(default)s)")
    parser.add_argument("--kubectl", default="kubectl", help="a real kubectl v1.37.1 (default: %(default)s)")
    parser.add_argument("--double", default="target/debug/examples/api_double", help="the double of an API server (default: %(default)s)")
    options = parser.parse_args()
    matrix = list(rows())
    with tempfile.TemporaryDirectory() as work:
        work = pathlib.Path(work).resolve()
        (work / "double").mkdir()
        double = subprocess.Popen([os.path.abspath(options.double), work / "double"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        try:
            url = double.stdout.readline().strip()
            (work / "run").mkdir()
            comparison = Comparison(options, Folder(work / "run", work / "double"), url, str(work / "double/ca.pem"))
            with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
                verdicts = list(pool.map(comparison.verdict, enumerate(matrix)))
        finally:
            double.stdin.close()
            double.wait()
    complaints = [complaint for _, complaint in verdicts if complaint]
    for complaint in complaints:
        print(f"DIFFERENCE: {complaint}")
    print(f"kubectl starts {sum(started is not None for started, _ in verdicts)} of {len(matrix)} plugins")
    print(f"{len(matrix)} plugin policies, {len(complaints)} differences")
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
