"""Just enough of pflag to know what a generated command line asks for, and the ways to write a flag down.

The reading is only used to leave out what must not be run and to insert a flag; the verdict is kubectl's alone.
"""
import words

SHORT = {"n": "namespace", "o": "output", "s": "server", "v": "v", "h": "help"}
BOOLEANS = {
    "allow-missing-template-keys", "append-hash", "disable-compression", "help", "insecure-skip-tls-verify", "match-server-version", "save-config",
    "show-managed-fields", "warnings-as-errors",
}  # fmt: skip
# Flags that may stand without a value and never take the next word.
OPTIONAL = {"dry-run": "unchanged", "validate": "strict"}
VALUED = {
    "as", "as-group", "as-uid", "as-user-extra", "cache-dir", "certificate-authority", "cert", "client-certificate", "client-key", "cluster", "context",
    "docker-email", "docker-password", "docker-server", "docker-username", "field-manager", "from-env-file", "from-file", "from-literal", "key",
    "kubeconfig", "kuberc", "log-flush-frequency", "namespace", "output", "password", "profile", "profile-output", "proxy-url", "request-timeout",
    "server", "template", "tls-server-name", "token", "type", "user", "username", "v", "vmodule",
}  # fmt: skip
# Flags that only one subcommand has.
OWN = {
    "docker-registry": {"docker-email", "docker-password", "docker-server", "docker-username", "from-file"},
    "generic": {"from-env-file", "from-file", "from-literal", "type"},
    "tls": {"cert", "key"},
}  # fmt: skip
# Letters of mksecret's own flags.
OTHER_LETTERS = {"l"}
LETTER = {long: short for short, long in SHORT.items() if short != "h"}
TRUE = ["1", "t", "T", "true", "TRUE", "True"]
FALSE = ["0", "f", "F", "false", "FALSE", "False"]
# Flags with which kubectl opens a file or a server, writes a profile, or that mksecret knows more about.
KEPT_AWAY = {
    "certificate-authority", "client-certificate", "client-key", "cluster", "context", "help", "kubeconfig", "kuberc", "match-server-version", "user",
    "warnings-as-errors",
}  # fmt: skip


class Reading:
    """The flags of a command line (last value of each), its plain words, and where a further flag can be put."""

    def __init__(self, line, subcommand=None):
        self.subcommand = subcommand
        self.flags = {}
        # Whether a flag took a flag for its value: mksecret refuses that unless told to ignore it.
        self.flag_as_value = False
        self.plain = []
        self.failed = False
        self.insert_at = len(line)
        at = 0
        while at < len(line) and not self.failed:
            at = self._word(line, at)

    def _word(self, line, at):
        word = line[at]
        if word == "--":
            self.insert_at = at
            self.plain += line[at + 1 :]
            return len(line)
        if word.startswith("--"):
            name, equals, value = word[2:].partition("=")
            return self._flag(line, at, name.replace("_", "-"), value if equals else None)
        if word.startswith("-") and len(word) > 1:
            rest = word[2:]
            if word[1] not in SHORT:
                self.failed = True
                return at
            # pflag reads a lone `-o=` as the value `=`.
            value = rest[1:] if rest.startswith("=") and len(rest) > 1 else rest or None
            return self._flag(line, at, SHORT[word[1]], value)
        self.plain.append(word)
        return at + 1

    def _flag(self, line, at, name, value):
        if name in BOOLEANS or name in OPTIONAL:
            self.flags[name] = OPTIONAL.get(name, "true") if value is None else value
            return at + 1
        if name not in VALUED:
            self.failed = True
            return at
        if value is None:
            at += 1
            if at == len(line):
                self.failed = True
                return at
            value = line[at]
            self.flag_as_value = self.flag_as_value or self._is_flag(value)
        self.flags[name] = value
        return at + 1

    def _is_flag(self, word):
        if word.startswith("--"):
            name = word[2:].partition("=")[0].replace("_", "-")
            others = {flag for subcommand, own in OWN.items() if subcommand != self.subcommand for flag in own}
            others -= OWN.get(self.subcommand, set())
            return name in (BOOLEANS | OPTIONAL.keys() | VALUED) - others
        return len(word) == 2 and word[0] == "-" and (word[1] in SHORT or word[1] in OTHER_LETTERS)

    def runnable(self):
        """Whether kubectl may be asked: it stays on this machine, opens no file of a client's configuration, prints no help."""
        if self.flags.keys() & KEPT_AWAY:
            return False
        if self.flags.get("profile", "none") in ("cpu", "heap", "goroutine", "threadcreate", "block", "mutex", "trace"):
            return False
        if self.flags.get("server", "").lower().startswith("https:") and not (self.flags.get("token") or self.flags.get("username")):
            # kubectl asks for a name and a password on standard input.
            return False
        return self.failed or self.flags.get("dry-run", "none") not in ("none", "server", *FALSE)

    def ignores(self):
        return self.flags.get("validate", "strict") in ("ignore", *FALSE)

    def strict(self):
        value = self.flags.get("validate", "strict")
        return value not in ("warn", "ignore", *FALSE)


def spelled(rng, name, value, joined=False):
    """A flag with its value, in one of the ways to write that; `joined` allows only those of one word."""
    written = name.replace("-", "_") if words.chance(rng, 0.05) else name
    if name in OPTIONAL:
        return [f"--{written}={value}"]
    letter = LETTER.get(name)
    if letter and words.chance(rng, 0.6):
        if value and not value.startswith("=") and words.chance(rng, 0.35):
            return [f"-{letter}{value}"]
        if (joined or words.chance(rng, 0.4)) and (value or words.chance(rng, 0.1)):
            return [f"-{letter}={value}"]
        if joined:
            return [f"--{written}={value}"]
        return [f"-{letter}", value]
    if joined or words.chance(rng, 0.6):
        return [f"--{written}={value}"]
    return [f"--{written}", value]


def boolean(rng, name, bad=0.03, joined=False):
    written = name.replace("-", "_") if words.chance(rng, 0.05) else name
    if words.chance(rng, bad):
        return [f"--{written}={rng.choice(['', 'yes', 'on', 'tRUE', '2', ' true', 'y'])}"]
    if not joined and words.chance(rng, 0.5):
        return [f"--{written}"]
    return [f"--{written}={rng.choice(TRUE + TRUE + FALSE)}"]
