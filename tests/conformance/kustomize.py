#!/usr/bin/env python3
"""Compares `mksecret kustomize` with a real `kubectl kustomize` on random trees of one to four layers.

    tests/conformance/kustomize.py --kubectl target/kubectl/bin/kubectl --count 1000

The layers have generators of all kinds and behaviors, manifests, components, prefixes, namespaces, labels, annotations, all
kinds of patches, sortOptions and buildMetadata. Where kubectl prints Secrets the tool prints the same bytes
(`--validate=ignore`); where kubectl refuses the tool refuses too, and prints nothing.
"""
import argparse
import concurrent.futures
import json
import os
import pathlib
import random
import subprocess
import sys
import tempfile

NAMES = ["a", "db", "web", "tls-x", "b", "z9"]
KEYS = ["user", "password", "tls.crt", "A_B", "x", "y", "config.json", ".env", "-k", "no"]
WORDS = ["1", "two", "true", "null", "a b", "a=b", "#x", "é", "", "'q'", '"q"', "'", "x" * 55, "y" * 100, "0x1F", "~", "a: b"]
LABELS = ["app", "team", "example.com/tier", "y", "zone"]
NAMESPACES = ["prod", "dev", "default", "shop"]
TYPES = ["Opaque", "my.org/x", "kubernetes.io/tls", "yes", "kubernetes.io/basic-auth"]


def main():
    parser = argparse.ArgumentParser(description="Compare mksecret with a real kubectl on random kustomizations")
    parser.add_argument("--bin", default="target/release/mksecret", help="the tool (default: %(default)s)")
    parser.add_argument("--kubectl", default="kubectl", help="a real kubectl v1.37.1 (default: %(default)s)")
    parser.add_argument("--count", type=int, default=1000, help="trees (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 32), help="decides which")
    parser.add_argument("--keep", help="write trees that differ to this folder")
    options = parser.parse_args()
    options.bin = os.path.abspath(options.bin)
    print(f"seed {options.seed}, {options.count} trees", flush=True)
    draw = random.Random(options.seed)
    trees = [Tree(random.Random(draw.randrange(1 << 62))).files for _ in range(options.count)]
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        verdicts = list(pool.map(lambda numbered: compare(options, *numbered), enumerate(trees)))
    differences = [difference for _, difference in verdicts if difference]
    for difference in differences:
        print(difference)
    built = sum(built for built, _ in verdicts)
    print(f"{built} built by kubectl")
    print(f"seed {options.seed}: {len(trees)} comparisons, {len(differences)} differences")
    return 1 if differences else 0


def compare(options, number, files):
    with tempfile.TemporaryDirectory() as folder:
        write(files, pathlib.Path(folder))
        top = os.path.join(folder, "top")
        theirs = run([options.kubectl, "kustomize", top])
        ours = run([options.bin, "kustomize", top, "--validate=ignore"])
    built = theirs.returncode == 0
    wrong = None
    if built != (ours.returncode == 0):
        wrong = f"kubectl exits with {theirs.returncode}, the tool with {ours.returncode}"
    elif ours.returncode not in (0, 1):
        wrong = f"the tool exits with {ours.returncode}"
    elif not built and ours.stdout:
        wrong = "the tool prints something and fails"
    elif built and theirs.stdout != ours.stdout:
        wrong = "the bytes differ"
    if not wrong:
        return built, None
    if options.keep:
        write(files, pathlib.Path(options.keep) / str(number))
    told = f"tree {number}: {wrong}\n  kubectl: {theirs.stderr[-300:]!r}\n  tool: {ours.stderr[:300]!r}"
    return built, told


def run(command):
    return subprocess.run(command, capture_output=True, timeout=120, check=False)


def write(files, folder):
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")


class Tree:
    """Files of a random kustomization in the folder `top`."""

    def __init__(self, rng):
        self.rng = rng
        self.files = {}
        self.number = 0
        # Names of Secrets of the present layer, which a patch, a merge or a selector may be about.
        self.known = []
        self.used = []
        self.layer("top", rng.choice([1, 1, 2, 2, 3, 4]))

    def chance(self, share):
        return self.rng.random() < share

    def some(self, items, most):
        return self.rng.sample(items, min(len(items), self.rng.randrange(most + 1)))

    def layer(self, folder, depth, component=False):
        rng = self.rng
        out = {}
        if component:
            out["kind"], out["apiVersion"] = "Component", "kustomize.config.k8s.io/v1alpha1"
        elif self.chance(0.2):
            out["kind"], out["apiVersion"] = "Kustomization", "kustomize.config.k8s.io/v1beta1"
        resources = []
        outer, self.known = self.known, list(self.known) if component else []
        if depth > 1:
            for _ in range(rng.choice([1, 1, 1, 2])):
                resources.append(f"../{self.sub(depth - 1)}")
        for _ in range(rng.choice([0, 0, 0, 1, 1, 2])):
            resources.append(self.manifest(folder))
        if resources:
            out["bases" if self.chance(0.05) else "resources"] = resources
        generators = [self.generator(folder, depth > 1 or component) for _ in range(rng.choice([0, 1, 1, 2, 3]))]
        if generators:
            out["secretGenerator"] = generators
        if self.chance(0.2):
            out["generatorOptions"] = self.options()
        if self.chance(0.2 if depth > 1 or not component else 0.1):
            out["components"] = [f"../{self.sub(1, True)}" for _ in range(rng.choice([1, 1, 2]))]
        if self.chance(0.3):
            out["namePrefix"] = rng.choice(["p-", "o-", "x"])
        if self.chance(0.2):
            out["nameSuffix"] = rng.choice(["-s", "-v2"])
        if self.chance(0.25):
            out["namespace"] = rng.choice(NAMESPACES)
        if self.chance(0.2):
            out["commonLabels"] = self.pairs()
        if self.chance(0.2):
            out["commonAnnotations"] = self.pairs()
        if self.chance(0.2):
            out["labels"] = [
                {"pairs": self.pairs(), **({"includeSelectors": True} if self.chance(0.3) else {})}
                for _ in range(rng.choice([1, 1, 2]))
            ]
        if self.chance(0.4):
            out["patches"] = [self.patch(folder) for _ in range(rng.choice([1, 1, 2, 3]))]
        if self.chance(0.1):
            out["patchesStrategicMerge"] = [self.strategic(folder) for _ in range(rng.choice([1, 2]))]
        if self.chance(0.1):
            out["patchesJson6902"] = [self.json_patch(folder, True)]
        if self.chance(0.2):
            out["sortOptions"] = rng.choice(
                [{"order": "fifo"}, {"order": "legacy"}, {"order": "legacy", "legacySortOptions": {"orderFirst": ["Secret"]}}]
            )
        if self.chance(0.2):
            out["buildMetadata"] = self.some(["originAnnotations", "transformerAnnotations", "managedByLabel"], 3)
        name = rng.choice(["kustomization.yaml"] * 4 + ["kustomization.yml", "Kustomization"])
        items = list(out.items())
        rng.shuffle(items)
        self.files[f"{folder}/{name}"] = dump(dict(items))
        self.known = outer + [name for name in self.known if name not in outer]

    def sub(self, depth, component=False):
        self.number += 1
        folder = f"{'c' if component else 'l'}{self.number}"
        self.layer(folder, depth, component)
        return folder

    def file(self, folder, end, text):
        self.number += 1
        name = f"f{self.number}{end}"
        self.files[f"{folder}/{name}"] = text
        return name

    def pairs(self):
        return {key: self.rng.choice(WORDS) for key in self.some(LABELS, 3) if key != "y"}

    def options(self):
        out = {}
        if self.chance(0.3):
            out["labels"] = self.pairs()
        if self.chance(0.3):
            out["annotations"] = self.pairs()
        if self.chance(0.3):
            out["disableNameSuffixHash"] = self.chance(0.7)
        if self.chance(0.3):
            out["immutable"] = self.chance(0.7)
        return out

    def generator(self, folder, may_merge):
        rng = self.rng
        out = {"name": self.name()}
        if may_merge and self.chance(0.5):
            out["behavior"] = rng.choice(["merge", "merge", "replace"] if self.known or self.chance(0.1) else ["create"])
            if self.known:
                out["name"] = rng.choice(self.known)
        if out["name"] not in self.known:
            self.known.append(out["name"])
        if self.chance(0.1) and "behavior" not in out:
            out["namespace"] = rng.choice(NAMESPACES)
        if self.chance(0.3):
            out["type"] = rng.choice(TYPES)
        keys = self.some(KEYS, 4)
        ways = [rng.choice(["literal", "literal", "file", "env"]) for _ in keys]
        literals = [f"{key}={rng.choice(WORDS)}" for key, way in zip(keys, ways) if way == "literal"]
        if literals:
            out["literals"] = [text for text in literals if not text.endswith("='")]
        files = []
        for key, way in zip(keys, ways):
            if way == "file":
                files.append(f"{key}={self.file(folder, '.txt', rng.choice(WORDS) + rng.choice(['', chr(10)]))}")
        if files:
            out["files"] = files
        lines = [f"{key}={rng.choice(WORDS)}" for key, way in zip(keys, ways) if way == "env"]
        if lines:
            lines.insert(rng.randrange(len(lines) + 1), rng.choice(["# note", "", "  ", "\tQ"]))
            text = rng.choice(["\n", "\r\n"]).join(lines) + rng.choice(["", "\n"])
            if self.chance(0.2):
                out["env"] = self.file(folder, ".env", text)
            else:
                out["envs"] = [self.file(folder, ".env", text)]
        if self.chance(0.4):
            out["options"] = self.options()
        return out

    def name(self):
        """A name that no other Secret has, most of the time."""
        if self.used and self.chance(0.03):
            return self.rng.choice(self.used)
        free = [name for name in NAMES if name not in self.used] or [f"n{len(self.used)}"]
        self.used.append(self.rng.choice(free))
        return self.used[-1]

    def secret(self):
        rng = self.rng
        metadata = {"name": self.name()}
        if self.chance(0.1):
            metadata["namespace"] = rng.choice(NAMESPACES)
        if self.chance(0.3):
            metadata["labels"] = self.pairs()
        if self.chance(0.3):
            metadata["annotations"] = self.pairs()
        if self.chance(0.05):
            metadata["annotations"] = {"config.kubernetes.io/local-config": rng.choice(["true", "false"])}
        if self.chance(0.1):
            metadata["finalizers"] = ["example.com/f"]
        out = {"apiVersion": "v1", "kind": "Secret", "metadata": metadata}
        if self.chance(0.7):
            out["data"] = {key: rng.choice(["MQ==", "eA==", "", "dHdv"]) for key in self.some(KEYS, 3)}
        if self.chance(0.4):
            out["stringData"] = {key: rng.choice(WORDS) for key in self.some(KEYS, 3)}
        if self.chance(0.5):
            out["type"] = rng.choice(TYPES)
        if self.chance(0.2):
            out["immutable"] = self.chance(0.5)
        self.known.append(metadata["name"])
        return out

    def manifest(self, folder):
        rng = self.rng
        secrets = [self.secret() for _ in range(rng.choice([1, 1, 2, 3]))]
        if self.chance(0.2):
            body = {"apiVersion": "v1", "kind": "List", "items": secrets}
            return self.file(folder, ".yaml", dump(body) + rng.choice(["", "---\n"]))
        form = json.dumps if self.chance(0.15) and len(secrets) == 1 else dump
        return self.file(folder, ".yaml", "---\n".join(form(secret) for secret in secrets))

    def target_name(self):
        return self.rng.choice(self.known) if self.known and self.chance(0.97) else self.rng.choice(NAMES)

    def selector(self):
        rng = self.rng
        out = {}
        if self.chance(0.7):
            out["kind"] = rng.choice(["Secret", "Secret", "S.*", "ConfigMap", "Secret|ConfigMap"])
        if self.chance(0.5):
            out["name"] = rng.choice([self.target_name(), ".*", "[a-d].*", "a|db", "(p-)?.+"])
        if self.chance(0.2):
            out["namespace"] = rng.choice(NAMESPACES)
        if self.chance(0.2):
            out["version"] = "v1"
        if self.chance(0.15):
            out["labelSelector"] = rng.choice(["app", "!team", "zone=1", "app in (1,two)", "app!=1,zone"])
        if self.chance(0.1):
            out["annotationSelector"] = rng.choice(["app", "zone=two"])
        return out

    def strategic_body(self):
        rng = self.rng
        metadata = {"name": self.target_name()}
        if self.chance(0.03):
            metadata["namespace"] = rng.choice(NAMESPACES)
        for field in ("labels", "annotations"):
            if self.chance(0.25):
                metadata[field] = {key: rng.choice(WORDS + [None]) for key in self.some(LABELS[:3], 2)}
        out = {"apiVersion": "v1", "kind": "Secret", "metadata": metadata}
        for field, words in (("data", ["MQ==", "eHg="]), ("stringData", WORDS)):
            if self.chance(0.5):
                out[field] = {key: rng.choice(words + [None]) for key in self.some(KEYS, 3)}
                if self.chance(0.1):
                    out[field]["$patch"] = rng.choice(["replace", "delete", "merge"])
            elif self.chance(0.05):
                out[field] = None
        if self.chance(0.2):
            out["type"] = rng.choice(TYPES + [None])
        if self.chance(0.1):
            out["immutable"] = rng.choice([True, False, None])
        if self.chance(0.03):
            out["$patch"] = "delete"
        return out

    def strategic(self, folder):
        text = dump(self.strategic_body())
        return text if self.chance(0.5) else self.file(folder, ".yaml", text)

    def operations(self):
        rng = self.rng
        out = []
        for _ in range(rng.choice([1, 1, 2, 3])):
            op = rng.choice(["add"] * 8 + ["replace"] * 3 + ["remove", "test", "copy", "move"])
            paths = ["/data/user", "/data/new", "/type", "/metadata/annotations/x", "/metadata/labels", "/metadata/name"]
            entry = {"op": op, "path": rng.choice(paths)}
            if op == "remove" and entry["path"] == "/metadata/name":
                # kustomize goes on without a name; the tool refuses that.
                entry["path"] = "/type"
            if op in ("add", "replace", "test"):
                entry["value"] = {} if entry["path"].endswith("labels") else rng.choice(["MQ==", "eA==", "yes", "new"])
            if op in ("copy", "move"):
                entry["from"] = rng.choice(["/data/user", "/type"])
            out.append(entry)
        return out

    def json_patch(self, folder, deprecated=False):
        operations = self.operations()
        text = json.dumps(operations) if self.chance(0.4) else dump(operations)
        out = {"target": self.selector()}
        if deprecated and self.chance(0.9):
            out["target"]["name"] = self.target_name()
        if self.chance(0.7):
            out["patch"] = text
        else:
            out["path"] = self.file(folder, ".yaml", text)
        return out

    def patch(self, folder):
        if self.chance(0.4):
            return self.json_patch(folder)
        out = {}
        text = "---\n".join(dump(self.strategic_body()) for _ in range(self.rng.choice([1] * 6 + [2])))
        if self.chance(0.6):
            out["patch"] = text
        else:
            out["path"] = self.file(folder, ".yaml", text)
        if self.chance(0.4):
            out["target"] = self.selector()
        if self.chance(0.1):
            out["options"] = {"allowNameChange": self.chance(0.7)}
        return out


def dump(value):
    """YAML whose texts are all in double quotes, which JSON's are, too."""
    lines = []
    _dump(value, "", lines)
    return "\n".join(lines) + "\n"


def _dump(value, indent, lines):
    if isinstance(value, dict) and value:
        for key, item in value.items():
            head = f"{indent}{json.dumps(key, ensure_ascii=False)}:"
            if isinstance(item, (dict, list)) and item:
                lines.append(head)
                _dump(item, indent + "  ", lines)
            else:
                lines.append(f"{head} {json.dumps(item, ensure_ascii=False)}")
    elif isinstance(value, list) and value:
        for item in value:
            if isinstance(item, (dict, list)) and item:
                lines.append(f"{indent}-")
                _dump(item, indent + "  ", lines)
            else:
                lines.append(f"{indent}- {json.dumps(item, ensure_ascii=False)}")
    else:
        lines.append(indent + json.dumps(value, ensure_ascii=False))


if __name__ == "__main__":
    sys.exit(main())
