"""Flags that only the command line's grammar is about: dry run, validation, the global ones, and where words may stand."""
import pflag
import words

# Positive ones: kubectl crashes when it has to flush its log every 0 seconds.
DURATIONS = ["5s", "1m", "1h30m", "1.5h", "100ms", "+2s", ".5s", "1us", "1\u00b5s", "1\u03bcs", "2562047h", "1h0s"]
BAD_DURATIONS = ["", "x", "1", "5", "1d", "s", "1h 30m", " 1s", "1s ", "--", "9999999999h", "1e3s", "1.s.", "-"]
RIGHT = {
    "as": ["me", "system:serviceaccount:a:b", "", "a b"],
    "cache-dir": ["cache", "", "/nowhere/at/all"],
    "log-flush-frequency": DURATIONS,
    "password": ["p", ""],
    "profile": ["none"],
    "profile-output": ["out.pprof", ""],
    "proxy-url": ["", "http://127.0.0.1:1", "https://proxy.example", "socks5://[::1]:9"],
    "request-timeout": ["0", "1", "10", "5s", "2m", "1h", "1h30m", "500ms"],
    "server": ["", "https://127.0.0.1:1", "http://[::1]:1", "api.example", "api.example:6443", "https://api.example/path"],
    "tls-server-name": ["name", "", "*"],
    "token": ["t", "", "a.b.c"],
    "username": ["u", ""],
    "v": ["0", "1", "4", "9", "10", "-1", "2147483647"],
    "vmodule": ["a=1", "a=1,b=2", "", "a*=3", "x/y=0"],
}
WRONG = {
    "as-group": ["g", ""],
    "as-uid": ["1", "u"],
    "as-user-extra": ["a=b", "a=b,c", "a", "=b", ""],
    "log-flush-frequency": BAD_DURATIONS,
    "profile": ["", "bogus", "CPU", "None"],
    "proxy-url": [":bad", "http://[::1", "ftp://x", "x", "%zz", "http://a b"],
    "request-timeout": BAD_DURATIONS + ["1.5", "-1", "-1s", "+1", "0s"],
    "server": [":bad", "http://[::1", "%zz", "http://a b", "ftp://x", "https://x:port", "://"],
    "v": ["", "x", "1.5", "0x3", "1_0", "2147483648", "99999999999999999999", " 1", "+1"],
    "vmodule": ["a", "a=", "=1", "a=b", "a=1,", ",", "a=1,b", "a=-1", "[=1", "a=1=2"],
}
DRY_RUN = ["--dry-run=client"] * 12 + ["--dry-run", "--dry-run=unchanged", "--dry_run=client", "--dry_run"]
OTHER_DRY_RUN = ["--dry-run=none", "--dry-run=server", "--dry-run=Client", "--dry-run=", "--dry-run=true", "--dry-run=false", "--dry-run=CLIENT"]
VALIDATE = ["strict", "true", "warn", "ignore", "false", "1", "t", "T", "TRUE", "True", "0", "f", "F", "FALSE", "False"]
BAD_VALIDATE = ["", "Strict", "WARN", "Ignore", "yes", "no", "2", "tRue", " warn"]
# Never the start of a flag that the tool has beyond kubectl's.
UNKNOWN = [
    "--nope", "--nope=1", "--from-lit=a=b", "--nam=x", "--Output=yaml", "--dry-run-client", "--dryrun=client", "-Z",
    "-9", "-\xe9", "-Zn", "--appendhash", "---x", "--=x", "--=", "-=", "-v1nfoo", "-onamenfoo", "--\udcff", "-\udcff", "--typ\xe9=x",
]  # fmt: skip
SPACED_BOOLEANS = ["append-hash", "save-config", "show-managed-fields", "insecure-skip-tls-verify", "disable-compression"]


def add_dry_run(draft):
    draft.units.append([draft.rng.choice(DRY_RUN)])
    if draft.maybe(0.03):
        draft.units.append([draft.rng.choice(OTHER_DRY_RUN)])


def add_validate(draft):
    for _ in range(draft.rng.choice([1, 1, 1, 2])):
        value = draft.rng.choice(BAD_VALIDATE if draft.maybe(0.06) else VALIDATE)
        draft.units.append(["--validate"] if draft.maybe(0.15) else [f"--validate={value}"])


def add_right(draft):
    rng = draft.rng
    kind = rng.random()
    if kind < 0.15:
        draft.boolean(rng.choice(["insecure-skip-tls-verify", "disable-compression"]), bad=0.05)
    elif kind < 0.27:
        # Impersonation: the user makes the rest of it right.
        draft.flag("as", rng.choice(["me", "a:b"]))
        for name in rng.sample(["as-group", "as-uid", "as-user-extra"], rng.randint(1, 3)):
            draft.flag(name, {"as-group": "g", "as-uid": "1", "as-user-extra": "k=v"}[name])
    else:
        name = rng.choice(list(RIGHT))
        value = rng.choice(RIGHT[name])
        draft.flag(name, value)
        if name == "server" and value.startswith("https:"):
            draft.flag("token", "t")


def add_wrong(draft):
    name = draft.rng.choice([*WRONG, "pair"])
    if name == "pair":
        draft.flag("username", draft.rng.choice(["u", ""]))
        draft.flag("token", draft.rng.choice(["t", ""]))
    else:
        draft.flag(name, draft.rng.choice(WRONG[name]))


def place_before(draft):
    """Puts some flags before the subcommand, before `secret` or before `create`.

    Only in forms in which the word after the flag cannot be taken for its value by mistake: not a boolean of the subcommand's
    own without `=` (kubectl then takes the subcommand's name for its value), nor a value apart that looks like a flag.
    """
    draft.own_prefix = draft.maybe(0.15)
    for unit in list(draft.units):
        if not draft.maybe(0.18) or not fits_before(unit):
            continue
        place = draft.rng.choice([draft.before_sub] * 3 + [draft.before_secret, draft.before_create])
        draft.units.remove(unit)
        place += unit


def fits_before(unit):
    flag = unit[0].replace("_", "-")
    if len(unit) == 2:
        return not unit[1].startswith("-") and unit[1] != ""
    if "=" in flag or (flag.startswith("-") and not flag.startswith("--") and len(flag) > 2):
        return True
    return flag in ("--insecure-skip-tls-verify", "--disable-compression")


def disturb(draft):
    """One thing wrong, or odd, about the line's grammar."""
    rng = draft.rng
    what = rng.choice(
        ["unknown", "no value", "surplus", "no name", "dashes", "odd name", "spaced", "repeat", "repeat", "subcommand", "validate word", "swallow", "name last"]
    )
    if what == "unknown":
        draft.units.append([rng.choice(UNKNOWN)])
    elif what == "no value":
        draft.tail = [rng.choice(["--type", "-n", "-o", "--namespace", "--from-literal", "--server", "-s", "-v", "--token", "--key"])]
    elif what == "surplus":
        draft.units.append([rng.choice(["extra", "-", "", "a=b", words.text(rng).lstrip("-") or "y"])])
    elif what == "no name":
        draft.name = []
    elif what == "dashes":
        # Flags first; then `--` and the name, often one that only now is no flag.
        draft.name = []
        draft.tail = ["--", rng.choice(["x", "--dry-run=client", "-n", "-", "--", *words.name(rng).split()])]
        if draft.maybe(0.2):
            draft.tail.append("more")
    elif what == "odd name":
        draft.name = [rng.choice(["-", "", " ", "a=b", ".", "x/y", "generic", "secret", "create", "help-me"])]
    elif what == "spaced":
        draft.units.append([f"--{rng.choice(SPACED_BOOLEANS)}", rng.choice(["true", "false"])])
    elif what == "repeat":
        for unit in rng.sample(draft.units, min(2, len(draft.units))):
            draft.units.append(list(unit))
    elif what == "subcommand":
        draft.subcommand = rng.choice(["Generic", "gener", "opaque", "docker", "TLS", "", "-", None])
    elif what == "validate word":
        draft.units.append([rng.choice(["--validate", "--dry-run"]), rng.choice(["ignore", "client", "strict"])])
    elif what == "swallow":
        # A flag that takes the next word for its value, which is a flag or looks like one.
        taken = ["--append-hash", "--append_hash", "--dry-run=client", "--type", "--cert=x", "-o", "-l", "--", "-", "--nope", "-nX", "-a=-b", "-Z", "-n=x"]
        draft.units.append([rng.choice(["--type", "--field-manager", "-n", "--as"]), rng.choice(taken)])
    else:
        draft.tail, draft.name = draft.name, []
