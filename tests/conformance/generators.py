"""Random command lines by group. Each generator answers a Draft; `draw` tries again until kubectl may be asked it."""
import certificates
import go_templates
import grammar
import jsonpaths
import pflag
import sources
import words

DEFAULT_GROUPS = {"generic": 36, "docker": 12, "tls": 12, "grammar": 20, "output": 20}
TEMPLATE_GROUPS = ["go-templates", "jsonpaths"]
ALL_GROUPS = [*DEFAULT_GROUPS, *TEMPLATE_GROUPS]
TYPES = [
    "Opaque", "", "my/type", "kubernetes.io/basic-auth", "kubernetes.io/ssh-auth", "kubernetes.io/tls", "kubernetes.io/dockerconfigjson",
    "kubernetes.io/dockercfg", "kubernetes.io/service-account-token", "bootstrap.kubernetes.io/token", "helm.sh/release.v1", "x",
]  # fmt: skip
TOLD_KEYS = ["username", "password", "ssh-privatekey", "tls.crt", "tls.key", ".dockerconfigjson", ".dockercfg"]
SERVERS = ["https://index.docker.io/v1/", "registry.example:5000", "ghcr.io", "http://r.example/v2/?a=b&c=<d>"]


class Draft:
    """A command line under construction.

    units are groups of words that stay together; they are shuffled around the NAME. before_sub, before_secret and
    before_create are words in front of the subcommand; the latter two make the line carry its own `create secret`.
    """

    def __init__(self, rng, subcommand):
        self.rng = rng
        self.subcommand = subcommand
        self.name = [words.name(rng)]
        self.units = []
        self.before_create = []
        self.before_secret = []
        self.before_sub = []
        self.tail = []
        self.own_prefix = False
        self.files = sources.Files(rng)
        self.env = {}

    def flag(self, name, value):
        self.units.append(pflag.spelled(self.rng, name, value))

    def boolean(self, name, bad=0.03):
        self.units.append(pflag.boolean(self.rng, name, bad))

    def maybe(self, share):
        return words.chance(self.rng, share)

    def case(self):
        units = [*self.units, *([word] for word in self.name)]
        self.rng.shuffle(units)
        after = [word for unit in units for word in unit] + self.tail
        sub = [self.subcommand] if self.subcommand is not None else []
        own = self.own_prefix or bool(self.before_create or self.before_secret)
        line = [*self.before_sub, *sub, *after]
        if own:
            line = [*self.before_create, "create", *self.before_secret, "secret", *line]
        return {
            "args": [words.as_argument(word) for word in line],
            # The same without the words that choose the subcommand: what pflag gets to read.
            "read": [words.as_argument(word) for word in [*self.before_create, *self.before_secret, *self.before_sub, *after]],
            "own_prefix": own,
            "files": self.files.entries,
            "env": self.env,
            **self.files.stdin,
        }


class Generators:
    def __init__(self, groups):
        self.pool = certificates.Pool() if {"tls", "grammar", "output"} & set(groups) else None
        self.weights = {group: DEFAULT_GROUPS.get(group, 20) for group in groups}

    def draw(self, rng):
        """A case that may be run, with its group; the same one for the same rng and groups."""
        group = rng.choices(list(self.weights), list(self.weights.values()))[0]
        while True:
            draft = getattr(self, group.replace("-", "_"))(rng)
            case = draft.case()
            total = sum(len(words.as_argument(word).encode("utf-8", "surrogateescape")) for word in case["args"])
            longest = max((len(word.encode("utf-8", "surrogateescape")) for word in case["args"]), default=0)
            reading = pflag.Reading(case["read"], draft.subcommand)
            if reading.runnable() and total < 500_000 and longest < 120_000:
                case["group"] = group
                case["reading"] = reading
                return case

    def generic(self, rng):
        draft = Draft(rng, "generic")
        env_only = draft.maybe(0.3)
        if env_only:
            for _ in range(rng.choice([1, 1, 1, 2])):
                sources.add_env_file(draft)
        if not env_only or draft.maybe(0.03):
            sources.add_literals(draft, rng.choice([0, 1, 1, 2, 3, 6]))
            if draft.maybe(0.45):
                sources.add_from_files(draft, rng.choice([1, 1, 2, 3]))
        if draft.maybe(0.35):
            self.add_type(draft)
        self.add_common(draft, rare=True)
        return draft

    def add_type(self, draft):
        """A random type, or one with rules, then mostly with keys that satisfy them."""
        if draft.maybe(0.6):
            draft.flag("type", words.text(draft.rng))
            return
        draft.flag("type", draft.rng.choice(TYPES))
        for key in draft.rng.sample(TOLD_KEYS, draft.rng.choice([0, 1, 2, 7])):
            draft.flag("from-literal", f"{key}={sources.some_json(draft.rng) if 'docker' in key else words.text(draft.rng)}")

    def docker(self, rng):
        draft = Draft(rng, "docker-registry")
        if draft.maybe(0.3):
            sources.add_docker_file(draft)
        if not draft.files.entries or draft.maybe(0.15):
            flags = {"docker-username": 0.97, "docker-password": 0.97, "docker-email": 0.5, "docker-server": 0.5}
            for name, share in flags.items():
                if draft.maybe(share):
                    draft.flag(name, rng.choice(SERVERS) if name == "docker-server" and draft.maybe(0.4) else words.text(rng) or "u")
                    if draft.maybe(0.03):
                        draft.flag(name, words.text(rng))
        self.add_common(draft, rare=True)
        return draft

    def tls(self, rng):
        draft = Draft(rng, "tls")
        certificate, key = rng.choice(self.pool.pairs)
        wrong = rng.random()
        if wrong < 0.1:
            certificate = rng.choice(self.pool.bad_certificates)
        elif wrong < 0.2:
            key = rng.choice(self.pool.bad_keys)
        elif wrong < 0.26:
            key = rng.choice(self.pool.pairs)[1]
        names = rng.choice([("tls.crt", "tls.key"), ("c e r t", "k,e=y"), ("dir/c.pem", "dir/k.pem"), ("@WORK@/c", "@WORK@/k"), ("k", "c")])
        missing = rng.random()
        for flag, path, raw in (("cert", names[0], certificate), ("key", names[1], key)):
            draft.files.add(path.replace("@WORK@/", ""), raw)
            if missing < 0.03:
                path = rng.choice(["nowhere", "", "-", "dir", "."])
            if draft.maybe(0.98):
                draft.flag(flag, path)
        if draft.maybe(0.06):
            draft.flag(rng.choice(["cert", "key"]), rng.choice(names))
        if draft.maybe(0.05) and not any("/" in path for path in names):
            draft.units = [unit for unit in draft.units if not unit[0].startswith("--cert")]
            draft.flag("cert", draft.files.standard_input(certificate))
        self.add_common(draft, rare=True)
        return draft

    def output(self, rng):
        draft = self.small(rng)
        self.add_common(draft)
        if draft.maybe(0.5):
            draft.boolean("append-hash")
        if draft.maybe(0.5):
            draft.boolean("save-config")
        if draft.subcommand == "generic" and draft.maybe(0.5):
            self.add_type(draft)
        return draft

    def small(self, rng):
        kind = rng.random()
        if kind < 0.08:
            draft = Draft(rng, "docker-registry")
            draft.flag("docker-username", words.text(rng) or "u")
            draft.flag("docker-password", words.text(rng) or "p")
        elif kind < 0.16:
            draft = Draft(rng, "tls")
            certificate, key = rng.choice(self.pool.pairs)
            draft.files.add("c", certificate)
            draft.files.add("k", key)
            draft.flag("cert", "c")
            draft.flag("key", "k")
        else:
            draft = Draft(rng, "generic")
            sources.add_literals(draft, rng.choice([0, 1, 1, 2]))
        return draft

    def grammar(self, rng):
        draft = self.small(rng)
        draft.name = [words.name(rng, bad=0.02)]
        self.add_common(draft, rare=True)
        for _ in range(rng.choice([1, 2, 2, 3])):
            grammar.add_right(draft)
        if draft.maybe(0.25):
            grammar.add_wrong(draft)
        grammar.place_before(draft)
        if draft.maybe(0.25):
            grammar.disturb(draft)
        return draft

    def go_templates(self, rng):
        return self.template(rng, rng.choice(["go-template", "template"]), go_templates.random_template(rng))

    def jsonpaths(self, rng):
        return self.template(rng, rng.choice(["jsonpath", "jsonpath", "jsonpath-as-json"]), jsonpaths.random_path(rng))

    def template(self, rng, kind, made):
        """A command line that prints by a template, in one of the ways to hand it over."""
        draft = self.small(rng) if self.pool else self.generic(rng)
        self.add_common(draft, formats=False, rare=True)
        how = rng.random()
        if how < 0.7:
            draft.flag("output", f"{kind}={made}")
        elif how < 0.85:
            draft.files.add("shape", made.encode("utf-8", "surrogateescape"))
            file_kind = {"go-template": "go-template-file", "template": "templatefile"}.get(kind, "jsonpath-file")
            draft.flag("output", f"{file_kind}=shape")
        else:
            draft.flag("output", kind)
            draft.flag("template", made)
        if draft.maybe(0.3):
            draft.boolean("allow-missing-template-keys")
        return draft

    def add_common(self, draft, formats=True, rare=False):
        """The flags of every subcommand; `rare` leaves most of them out."""
        rng = draft.rng
        less = 0.35 if rare else 1
        if formats:
            for _ in range(rng.choice([1, 1, 1, 1, 1, 0, 2])):
                draft.flag("output", words.odd_case(rng, rng.choice(["yaml"] * 4 + ["json"] * 4 + ["kyaml"] * 3 + ["name", "name", ""])))
            if draft.maybe(0.04 * less):
                draft.flag("output", rng.choice(["none", "wide", "yml", " yaml", "yaml ", "yaml=x", "json=", "table", "\u0131", "KYAM\u0130"]))
        if draft.maybe(0.4 * less):
            draft.flag("namespace", words.namespace(rng))
        if draft.maybe(0.15):
            draft.boolean("append-hash")
        if draft.maybe(0.15):
            draft.boolean("save-config")
        if draft.maybe(0.1 * less):
            draft.boolean("show-managed-fields")
        if draft.maybe(0.05 * less):
            draft.boolean("allow-missing-template-keys")
        if draft.maybe(0.1 * less):
            draft.flag("field-manager", rng.choice(["me", "kubectl-create", "", "a b"]))
        if draft.maybe(0.35 * less):
            grammar.add_validate(draft)
        grammar.add_dry_run(draft)
