"""Random templates for `-o go-template`, to be run through kubectl and through us.

`random_template(rng)` gives one template for a Secret. Most of them execute, some fail on the
way and some do not parse: where kubectl fails only the failure is to be compared, its messages
show data. The grammar follows text/template's documentation; what prints an address (`%p` on a
map or list) is left out, because no two runs agree on it.
"""

import random

FIELDS = [
    "metadata", "metadata.name", "metadata.namespace", "metadata.labels", "metadata.nope",
    "data", "data.a", "data.b", "data.empty", "data.nope", "data.nope.x", "kind", "apiVersion",
    "type", "immutable", "nope", "nope.deep.er", "spec", "spec.l", "spec.n", "spec.i", "spec.f",
    "spec.t", "spec.u", "spec.m", "spec.em", "spec.el", "spec.m.k",
]
STRINGS = [
    "", "a", "b", "abc", "data", "kind", "Secret", "MQ==", "dHdv", "//4=", "aGVsbG8=\\n", "=",
    "x y&z=1/é", "<a href='q'>", "tab\\there", "\\u00e9\\U0001F600", "\\x00\\x7f", "\\xff\\xfe",
    "quo\\\"te", "back`tick", "%d", "%", "héllo wörld", "\\u2028\\ufeff", "0", "metadata",
]
NUMBERS = [
    "0", "1", "2", "3", "-1", "+7", "10", "255", "97", "1.5", "-2.25", "1e3", "1e21", "1e-7",
    "0x1F", "0b101", "0o17", "017", "1_000", "0x1p-2", "-0x1e", ".5", "6.", "'a'", "'\\n'", "'é'",
    "3i", "1+2i", "-1.5-2i", "100000", "1000000.0", "123456789.0", "9223372036854775807",
    "0.1", "100.0", "-0.0", "1e100",
]
BAD_NUMBERS = [
    "08", "1__0", "0b12", "9223372036854775808", "18446744073709551616", "1e999", "0x", "1+2",
    "''", "'ab'", "1a",
]
COMPARISONS = ["eq", "ne", "lt", "le", "gt", "ge"]
VARIADIC = ["print", "println", "html", "js", "urlquery", "and", "or"]
VERBS = "vvvvsdqxXTtfFeEgGbcoOUwz%!"
FLAGS = ["", "", "", "#", "+", "-", " ", "0", "+#", "-0", "# ", "0+", " 0"]
WIDTHS = ["", "", "", "1", "5", "8", "12", "*", "[1]*"]
PRECISIONS = ["", "", "", ".", ".0", ".1", ".3", ".10", ".*"]
INDEXES = ["", "", "", "", "", "", "[1]", "[2]", "[3]", "[0]", "[x]", "[9]", "["]
TEXTS = ["", " ", "x", "\n", " \n\t", "text", "é", "}", "{ {} ", "}}", "\\", "\"", "{ ", "-", "%d"]
TRASH = [
    "@", "#", "!", "=", ":", ":=", ",", "|", "..", ".x.", "$nope", "\"open", "`open", "'", "(",
    ")", "}", "{{", "/*", "end", "else", "define", "break", "nofunc", ".a-b", "1.x", "nil.x",
    "\u00a0", "\x01",
]


class Generator:
    """Builds one template; knows which variables and templates there are."""

    def __init__(self, rng):
        self.rng = rng
        self.variables = ["$"]
        self.templates = []
        self.ranges = 0
        self.budget = rng.choice([1, 2, 3, 5, 8, 12, 20])

    def pick(self, items):
        return self.rng.choice(items)

    def chance(self, probability):
        return self.rng.random() < probability

    def string(self):
        text = self.pick(STRINGS)
        if self.chance(0.1) and "\\" not in text and "`" not in text:
            return "`" + text + "`"
        return '"' + text + '"'

    def field(self):
        names = self.pick(FIELDS)
        if self.chance(0.25):
            names = self.pick(["a", "b", "name", "k", "x", "nope"])
        if self.chance(0.35) and len(self.variables) > 0:
            variable = self.pick(self.variables)
            return variable if self.chance(0.3) else variable + "." + names
        return "." + names

    def format_string(self):
        parts = []
        for _ in range(self.rng.randint(0, 4)):
            if self.chance(0.3):
                parts.append(self.pick(["x", " ", "é", "=", "%%", "|"]))
                continue
            index = self.pick(INDEXES)
            width = self.pick(WIDTHS)
            if width == "[1]*":
                index = ""
            parts.append(
                "%" + self.pick(FLAGS) + (index if self.chance(0.2) else "") + width
                + self.pick(PRECISIONS) + (index if self.chance(0.3) else "") + self.pick(VERBS)
            )
        if self.chance(0.05):
            parts.append("%")
        return '"' + "".join(parts) + '"'

    def operand(self, depth, first=False):
        roll = self.rng.random()
        if roll < 0.40:
            return self.field()
        if roll < 0.55:
            return self.string()
        if roll < 0.68:
            return self.pick(NUMBERS)
        if roll < 0.73:
            return self.pick(["true", "false"])
        if roll < 0.76 and not first:
            return "nil"
        if roll < 0.82:
            return "."
        if roll < 0.823:
            return self.pick(BAD_NUMBERS)
        if depth <= 0:
            return self.field()
        inside = "(" + self.pipeline(depth - 1, declare=self.chance(0.04)) + ")"
        return inside + ("." + self.pick(["a", "name", "x", "k"]) if self.chance(0.15) else "")

    def operands(self, least, most, depth):
        return [self.operand(depth) for _ in range(self.rng.randint(least, most))]

    def call(self, depth, piped=0):
        """A function with its arguments, `piped` of which come from the pipeline."""
        roll = self.rng.random()
        if roll < 0.22:
            verbs = [self.format_string()] + self.operands(0, 4, depth)
            return " ".join(["printf"] + verbs)
        if roll < 0.42:
            return " ".join([self.pick(VARIADIC)] + self.operands(1 - piped, 3, depth))
        if roll < 0.57:
            name = self.pick(COMPARISONS)
            if self.chance(0.6):
                if self.chance(0.3):
                    name = self.pick(["eq", "ne"])
                pairs = [
                    lambda: (self.pick([".kind", ".data.a", ".type", self.string()]), self.string()),
                    lambda: (self.pick(NUMBERS[:9]), self.pick(NUMBERS[:9])),
                    lambda: ("(len " + self.pick([".data", ".kind"]) + ")", self.pick(NUMBERS[:5])),
                    lambda: (self.pick(NUMBERS[9:14]), self.pick(NUMBERS[9:14])),
                    lambda: (self.pick([".data.nope", ".nope", ".kind"]), self.pick(["nil", ".type"])),
                ]
                a, b = self.pick(pairs)()
                return " ".join([name, a] if piped else [name, a, b])
            extra = 1 if name == "eq" and self.chance(0.3) else 0
            return " ".join([name] + self.operands(2 - piped + extra, 2 - piped + extra, depth))
        if roll < 0.67:
            if self.chance(0.5) and not piped:
                sized = [".", ".data", ".kind", "$.metadata", ".spec.l", self.string()]
                return "len " + self.pick(sized)
            name = "len" if self.chance(0.1) else "not"
            return " ".join([name] + self.operands(1 - piped, 1 - piped, depth))
        if roll < 0.80:
            keys = ['"a"', '"data"', '"nope"', '"l"', "0", "1", "2", "nil", "(len .kind)"]
            whole, first = self.pick([
                (".", keys[1]), (".data", keys[0]), (".data", keys[2]), ("$", keys[1]),
                (".kind", "0"), (".kind", "2"), (self.string(), "1"), (".spec.l", "0"),
                ("$.data", keys[0]), ("." + self.pick(FIELDS[:6]), self.pick(keys)),
            ])
            indexes = [first] if self.chance(0.8) else []
            if indexes and self.chance(0.2):
                indexes.append(self.pick(keys))
            return " ".join([self.pick(["index", "exists"]), whole] + indexes)
        if roll < 0.88:
            whole = self.pick([self.string(), ".kind", ".apiVersion", ".data.a", ".spec.l"])
            count = self.pick([0, 1, 1, 2, 2, 2]) if self.chance(0.9) else self.rng.randint(0, 4)
            indexes = [self.rng.randint(0, 4) for _ in range(count)]
            if self.chance(0.8):
                indexes.sort()
            if self.chance(0.05):
                indexes.append(-1)
            return " ".join(["slice", whole] + [str(index) for index in indexes])
        if roll < 0.97:
            source = [".data.a", ".data.b", "$.data.a", '"aGVsbG8="', '"//4="', self.string()]
            if piped and self.chance(0.9):
                return "print"
            return "base64decode" + ("" if piped else " " + self.pick(source))
        if roll < 0.973:
            return " ".join(["call"] + self.operands(0, 2, depth))
        names = VARIADIC + COMPARISONS + ["len", "not", "index", "slice", "printf", "exists"]
        return " ".join([self.pick(names)] + self.operands(0, 4, depth))

    def pipeline(self, depth, declare=False):
        first = self.chance(0.99)
        commands = [self.call(depth) if self.chance(0.6) else self.operand(depth, first)]
        while self.chance(0.25):
            commands.append(self.call(depth, piped=1) if self.chance(0.99) else self.operand(depth))
        text = self.pick([" | ", " | ", "|"]).join(commands)
        if self.chance(0.004):
            text += " " + self.pick(TRASH)
        if declare:
            name = self.pick(["$x", "$y", "$é", "$i"])
            if self.chance(0.7):
                text = name + " := " + text
                self.variables.append(name)
            elif len(self.variables) > 1 or self.chance(0.2):
                text = self.pick(self.variables) + " = " + text
        return text

    def action(self, text):
        left = "{{- " if self.chance(0.12) else "{{"
        right = " -}}" if self.chance(0.12) else "}}"
        if self.chance(0.1):
            text = self.pick([" ", "\n", "\t"]) + text + self.pick(["", " ", "\n"])
        return left + text + right

    def body(self, depth):
        known = len(self.variables)
        text = self.nodes(depth)
        if self.chance(0.97):
            del self.variables[known:]
        return text

    def nodes(self, depth):
        return "".join(self.node(depth) for _ in range(self.rng.randint(0, 3)))

    def node(self, depth):
        self.budget -= 1
        if self.budget < 0 or depth < 0:
            return self.pick(TEXTS)
        roll = self.rng.random()
        if roll < 0.15:
            return self.pick(TEXTS)
        if roll < 0.50:
            return self.action(self.pipeline(2, declare=self.chance(0.15)))
        if roll < 0.62:
            return self.branch("if", depth)
        if roll < 0.70:
            return self.branch("with", depth)
        if roll < 0.86:
            return self.loop(depth)
        if roll < 0.90:
            return self.call_template()
        if roll < 0.93:
            name = self.pick(["blk", "b2", "t1"])
            head = self.action('block "%s" %s' % (name, self.pipeline(1)))
            variables, self.variables = self.variables, ["$"]
            ranges, self.ranges = self.ranges, 0
            text = head + self.body(depth - 1) + self.action("end")
            self.variables, self.ranges = variables, ranges
            return text
        if roll < 0.95 and (self.ranges or self.chance(0.1)):
            return self.action(self.pick(["break", "continue"]))
        if roll < 0.97:
            return self.pick(["{{/* note */}}", "{{- /* {{.kind}} */ -}}", "{{/*\n*/ -}}"])
        if roll < 0.99:
            return self.action(self.operand(1, first=True))
        if self.chance(0.6):
            return self.pick(TEXTS)
        return self.pick(["{{end}}", "{{else}}", "{{", "{{}}", "{{if}}", "{{" + self.pick(TRASH) + "}}"])

    def branch(self, word, depth):
        known = len(self.variables)
        text = self.action(word + " " + self.pipeline(2, declare=self.chance(0.25)))
        text += self.body(depth - 1)
        while self.chance(0.2):
            text += self.action("else " + word + " " + self.pipeline(1)) + self.body(depth - 1)
        if self.chance(0.4):
            text += self.action("else") + self.body(depth - 1)
        if self.chance(0.005):
            text += self.action(self.pick(["else", "else if 1", "else with 1"])) + "y"
        del self.variables[known:]
        return text + (self.action("end") if self.chance(0.998) else "")

    def loop(self, depth):
        known = len(self.variables)
        source = self.pick([
            ".data", ".data", ".metadata", ".", "$", ".spec.l", ".spec.m", ".nope", ".spec.el",
            "3", "0", "(len .data)", '(index "\\x02" 0)', self.pipeline(1),
        ])
        head = self.rng.random()
        if head < 0.2:
            self.variables.append("$v")
            source = "$v := " + source
        elif head < 0.5 and (source.startswith(".") or self.chance(0.1)):
            self.variables += ["$k", "$v"]
            source = "$k, $v := " + source
        elif head < 0.55 and len(self.variables) > 1:
            source = self.pick(self.variables) + " = " + source
        elif head < 0.58 and len(self.variables) > 1:
            source = self.pick(self.variables) + ", " + self.pick(self.variables) + " = " + source
        self.ranges += 1
        text = self.action("range " + source) + self.body(depth - 1)
        if self.chance(0.3):
            stop = self.action("if " + self.pipeline(1)) + self.action(self.pick(["break", "continue"]))
            text += stop + self.action("end") + self.body(depth - 1)
        self.ranges -= 1
        if self.chance(0.3):
            text += self.action("else") + self.body(depth - 1)
        del self.variables[known:]
        return text + self.action("end")

    def call_template(self):
        if not self.templates and self.chance(0.9):
            return self.action(self.pipeline(1))
        name = self.pick(self.templates or ["t1", "blk"])
        argument = "" if self.chance(0.2) else " " + self.pipeline(1, declare=self.chance(0.05))
        return self.action('template "%s"%s' % (name, argument))

    def definition(self, name):
        variables, self.variables = self.variables, ["$"]
        self.budget += 2
        text = self.action('define "%s"' % name) + self.body(1) + self.action("end")
        self.variables = variables
        return text

    def template(self):
        definitions = []
        for name in ["t1", "t2", "output"]:
            if self.chance(0.12 if name != "output" else 0.005):
                self.templates.append(name)
        main = self.nodes(3)
        if self.chance(0.3):
            main += self.nodes(2)
        # A template that calls itself would only reach the limit on depth, slowly.
        names, self.templates = self.templates, []
        for name in names:
            definitions.append(self.definition(name))
        if self.chance(0.01) and names:
            definitions.append(self.definition(names[0]))
        self.rng.shuffle(definitions)
        cut = self.rng.randint(0, len(definitions))
        text = "".join(definitions[:cut]) + main + "".join(definitions[cut:])
        if self.chance(0.02) and text:
            at = self.rng.randrange(len(text))
            text = text[:at] + self.pick(TRASH) + text[at:]
        if self.chance(0.02) and text:
            at = self.rng.randrange(len(text))
            text = text[:at] + text[at + 1:]
        return text


def random_template(rng: random.Random) -> str:
    """One template. It is never empty: kubectl takes an empty one for none."""
    while True:
        text = Generator(rng).template()
        if text:
            return text
