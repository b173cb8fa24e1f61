"""Random sources of values: literals, files and folders, env files, Docker configurations."""
import json

import words

# Names of the environment that a bare line of an env file may copy; never one that differs between two runs.
VARIABLES = ["FOO", "BAR_BAZ", "a.b", "X-Y", "_u", "EMPTY", "UNSET_1", "UNSET_2"]
BLANKS = [" ", "\t", "\x0b", "\x0c", "\x85", "\xa0", "\u1680", "\u2003", "\u2028", "\u2029", "\u202f", "\u205f", "\u3000", "\r"]
NO_BLANKS = ["\u200b", "\ufeff", "\u180e", "\x1c", "\x1f", "\0"]
LONGEST_LINE = 65_000
MIB = 1 << 20


class Files:
    """The files of a case, and what stands on standard input (opened by one source at most, unless it is a regular file)."""

    def __init__(self, rng):
        self.rng = rng
        self.entries = []
        self.stdin = {}

    def has(self, path):
        return any(entry["path"] == path for entry in self.entries)

    def add(self, path, raw):
        if not self.has(path):
            self.entries.append({"path": path, "raw": raw})
        return path

    def standard_input(self, raw):
        """A path of standard input, which holds the bytes. To be called once in a case."""
        if words.chance(self.rng, 0.3):
            self.add("stdin.file", raw)
            self.stdin = {"stdin_file": "stdin.file"}
        else:
            self.stdin = {"stdin": raw}
        return self.rng.choice(["/dev/stdin", "/dev/fd/0", "/proc/self/fd/0"])


def contents(rng):
    kind = rng.random()
    if kind < 0.4:
        return words.text(rng).encode("utf-8", "surrogateescape") + rng.choice([b"", b"\n"])
    if kind < 0.9:
        return rng.randbytes(rng.choice([0, 1, 2, 3, 20, 57, 58, 300]))
    if kind < 0.985:
        return rng.randbytes(rng.randint(1000, 20_000))
    return bytes([rng.randrange(256)]) * (MIB + rng.choice([-300_000, -1, 0, 1]))


def add_literals(draft, count):
    rng = draft.rng
    for number in range(count):
        kind = rng.random()
        if kind < 0.015:
            draft.flag("from-literal", rng.choice(["", "=", "=v", "novalue", words.text(rng)]))
            continue
        value = words.text(rng, longest=400)
        if kind < 0.03:
            value = words.some(rng, words.LETTERS + "\n \xe9", 5, 9) * rng.randint(1, 9000)
        elif kind < 0.2:
            value = rng.choice(["", "=", "==", "a=b", "a,b=c", ",", '"q"', "x\n", " lead", "trail ", "k=v,k2=v2"])
        key = words.key(rng, bad=0.015)
        if number and kind > 0.98:
            key = "twice"
            draft.flag("from-literal", f"{key}=1")
        draft.flag("from-literal", f"{key}={value}")


def add_from_files(draft, count):
    for _ in range(count):
        rng = draft.rng
        kind = rng.random()
        if kind < 0.35:
            spec = plain_file(draft)
        elif kind < 0.6:
            spec = f"{words.key(rng, bad=0.04).replace(',', '')}={plain_file(draft)}"
        elif kind < 0.75:
            spec = folder(draft)
        elif kind < 0.88:
            spec = csv_line(draft)
        elif kind < 0.93 and not draft.files.stdin:
            spec = f"{words.key(rng)}={draft.files.standard_input(contents(rng))}"
        else:
            spec = odd_spec(draft)
        draft.flag("from-file", spec)


def plain_file(draft):
    rng = draft.rng
    path = rng.choice(["", "", "", "./", "sub/", "@WORK@/"]) + words.key(rng)
    if path.startswith("-"):
        path = "./" + path
    draft.files.add(real(path), contents(rng))
    return path


def real(path):
    return path.replace("@WORK@/", "").removeprefix("./")


def folder(draft):
    rng = draft.rng
    path = rng.choice(["dir", "deep/er/dir", "d.i.r"])
    if draft.files.has(path):
        return path
    draft.files.entries.append({"path": path, "dir": True})
    for _ in range(rng.choice([0, 1, 2, 5])):
        draft.files.add(f"{path}/{words.key(rng, bad=0.0)}", contents(rng))
    if draft.maybe(0.3):
        draft.files.add(f"{path}/deeper/file", b"not read")
    if draft.maybe(0.3):
        draft.files.entries.append({"path": f"{path}/link", "symlink": rng.choice(["deeper", "nowhere", "../elsewhere", "."])})
    if draft.maybe(0.1):
        draft.files.entries.append({"path": f"{path}/pipe", "fifo": True})
    if draft.maybe(0.06):
        draft.files.add(f"{path}/{rng.choice(['bad name', 'k' + chr(233), '..data', 'a=b', 'x,y', 'n' + chr(10)])}", b"bad")
    return rng.choice(["", "./", "@WORK@/"]) + path + rng.choice(["", "/", "//", "/."])


def csv_line(draft):
    rng = draft.rng
    kind = rng.random()
    if kind < 0.45:
        return ",".join(plain_file(draft) for _ in range(rng.choice([2, 2, 3])))
    if kind < 0.6:
        return f'"{words.key(rng)}={plain_file(draft)}"'
    if kind < 0.75:
        path = rng.choice(["com,ma", 'quo"te', "sp ace", "n\xe9"])
        draft.files.add(path, contents(rng))
        return '"' + f"{words.key(rng)}={path}".replace('"', '""') + '"' + rng.choice(["", "", ",k2=" + plain_file(draft)])
    if kind < 0.8:
        return f"{plain_file(draft)}{rng.choice([chr(10), chr(13) + chr(10)])}{rng.choice(['', 'nowhere', 'x=y'])}"
    return rng.choice(['"', 'a"b', '"a', '"a"b', ",", "a,", ",,", '""', '"",""', '"a\nb"', ' "a"']) if kind < 0.9 else f"\n{plain_file(draft)}"


def odd_spec(draft):
    rng = draft.rng
    if draft.maybe(0.5):
        path = rng.choice(["link", "up/link"])
        if not draft.files.has(path):
            target = plain_file(draft)
            if "@" in target:
                return target
            draft.files.entries.append({"path": path, "symlink": ("../" if "/" in path else "") + target})
        return f"{words.key(rng)}={path}"
    if draft.maybe(0.4):
        draft.files.add("-", contents(rng))
        return "k=-"
    return rng.choice(["", "nowhere", "k=nowhere", "k=", "=", "=f", "a=b=c", "k=.", "k=/", "-", "k=dir/", "nowhere/", "/dev/null", "k=/dev/null", "\xe9", "..", "\udcff"])


def add_env_file(draft):
    rng = draft.rng
    for name in VARIABLES[:6]:
        if draft.maybe(0.6):
            draft.env[name] = "" if name == "EMPTY" else words.text(rng)
    prefix = words.some(rng, words.LETTERS[:52], 3, 3)
    lines = [env_line(rng, prefix, number) for number in range(rng.choice([0, 1, 2, 4, 10, 30]))]
    ending = rng.choice(["\n", "\n", "\n", "\r\n", "\r\r\n"])
    made = ending.join(lines) + rng.choice(["", ending])
    if draft.maybe(0.12):
        made = rng.choice(["\ufeff", "\ufeff", "\ufeff\ufeff", " \ufeff"]) + made
    raw = made.encode("utf-8", "surrogateescape")
    path = rng.choice([f"{prefix}.env", "e n v", "sub/e", "./e", ".env"])
    spec = path
    draft.files.add(real(path), raw)
    kind = rng.random()
    if kind < 0.05 and not draft.files.stdin:
        spec = draft.files.standard_input(raw)
    elif kind < 0.1:
        draft.files.add("second.env", b"SECOND=2\n")
        spec = f"{path},second.env"
    elif kind < 0.13:
        spec = f'"{path}"'
    elif kind < 0.16:
        spec = rng.choice(["", "nowhere.env", ".", "k=" + path, '"', path + ",", "-"])
    draft.flag("from-env-file", spec)


def env_line(rng, prefix, number):
    kind = rng.random()
    lead = "".join(rng.choice(BLANKS) for _ in range(rng.randint(1, 3))) if words.chance(rng, 0.12) else ""
    if kind < 0.08:
        return lead
    if kind < 0.16:
        return f"{lead}#{words.text(rng).replace(chr(10), ' ')}"
    if kind < 0.22:
        return lead + f"{rng.choice(VARIABLES)}" if number == 0 or words.chance(rng, 0.5) else f"{lead}{prefix}_bare{number}"
    if kind < 0.232:
        return rng.choice(
            ["=v", "1A=b", "A B=c", "export A=1", "A =b", "K\xe9=1", "..=x", ".=x", ". =1", "A:b", "\u200bA=1", "\udcffA=1", "A=\udcff", "A\0B=1", rng.choice(NO_BLANKS) + "A=1"]
        )
    key = rng.choice(["", "_", ".", "-"]) + prefix + rng.choice(["", "-", ".", "_"]) + str(number)
    value = words.text(rng, broken=0.002).replace("\n", "n")
    if kind < 0.3:
        value = rng.choice(["", "=", "a=b", '"quoted"', "'q'", "trailing  ", " # no comment", "\t", "x\r", "\r", "\x85", "\\n", "$FOO", "a\0b", "\ufeff"])
    elif kind < 0.31:
        value = "v" * rng.randint(1, LONGEST_LINE - 1000)
    if key.startswith(".."):
        key = key[1:]
    return f"{lead}{key}={value}"


def some_json(rng):
    return rng.choice(['{"auths":{}}', "{}", "null", "[]", "x", "", '{"a":1e999}', '{"a":NaN}', " {} ", "{}{}", '{"a":"\udcff"}', '{"a":01}', '{"a":"\t"}', "\ufeff{}", "1", '"s"'])


def some_config(rng):
    """A Docker configuration, or nearly one: the server takes any object, whatever pulls make of it."""
    entries = [
        {"username": words.text(rng, 0), "auth": "dTpw"},
        {"username": words.text(rng, 0), "password": words.text(rng, 0), "email": None},
        {"auth": rng.choice(["", "dTpw!", "dXM6cA", "dXA=", "dTo=", 5])},
        {"identitytoken": words.text(rng, 0)},
        {},
        "x",
    ]
    hosts = ["ghcr.io", "https://index.docker.io/v1/", "docker.io", "HTTPS://R.example:443/", words.text(rng, 0)]
    auths = {host: rng.choice(entries[:2] + entries) for host in rng.sample(hosts, rng.randint(0, 3))}
    config = rng.choice([{"auths": auths}, {"auths": auths}, auths, {"Auths": auths}, {"auths": list(auths)}])
    if words.chance(rng, 0.3):
        config["credsStore"] = rng.choice(["desktop", "", "../x", 1])
    if words.chance(rng, 0.2):
        config["credHelpers"] = rng.choice([{"gcr.io": "gcloud"}, {}, [], "x"])
    if words.chance(rng, 0.2):
        config["HttpHeaders"] = rng.choice([{"User-Agent": "x"}, {"a": 1}, 1])
    return config


def add_docker_file(draft):
    rng = draft.rng
    good = json.dumps(some_config(rng), indent=rng.choice([None, 2]))
    raw = (good if draft.maybe(0.75) else some_json(rng)).encode("utf-8", "surrogateescape")
    path = rng.choice(["config.json", ".dockerconfigjson", ".dockercfg", "sub/config.json", "@WORK@/config.json"])
    draft.files.add(real(path), raw)
    key = rng.choice(["", "", ".dockerconfigjson=", "config.json=", ".dockercfg="])
    kind = rng.random()
    if kind < 0.08:
        draft.flag("from-file", f".dockerconfigjson={draft.files.standard_input(raw)}")
        return
    if kind < 0.14:
        draft.files.add("dir/.dockerconfigjson", raw)
        draft.flag("from-file", "dir")
    if kind < 0.17:
        draft.flag("from-file", rng.choice(["nowhere", "", "=", f"a={path},b={path}", f'"{path}"', f"{path},{path}"]))
        return
    draft.flag("from-file", key + path)
