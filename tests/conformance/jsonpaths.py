"""Random JSONPath templates, and the Secrets to run them on, for comparing with kubectl.

    for secret in SECRETS:
        path = random_path(rng)
        kubectl create secret generic x *secret --dry-run=client -o jsonpath=PATH

The same paths serve `jsonpath-as-json=` and `--allow-missing-template-keys=false`. Where kubectl
fails, only the failure counts. Go walks maps in random order: where `order_matters(path)` is true
the outputs are to hold the same bytes in some order, otherwise in the same order.
"""

SECRETS = [
    ["--from-literal=a=1", "--from-literal=b=two", "--from-literal=c.d=3"],
    ["-n", "ns", "--type=my/type", "--from-literal=a=<&>", "--from-literal=name=n"],
    ["--from-literal=a="],
    ["-n", "ns", "--from-literal=tls.crt=cert", "--from-literal=tls.key=key"],
    [],
]

# Fields of a Secret, as a template names them: some of them missing, some in need of a backslash.
FIELDS = [
    *["metadata", "data", "kind", "type", "apiVersion", "name", "namespace", "a", "b"] * 2,
    *["c\\.d", "tls\\.crt", "tls\\.key", "tls.key", "c.d", "nope", "é", "a-b", "0", ""],
]
# Paths that lead to something, so that more is printed than nothing.
STARTS = [
    *[".metadata", ".data", ".metadata.name", ".data.a", ".data['a','b']", ".kind", "..name", "['data']"],
    *["", ".data.c\\.d", ".data['tls\\.crt']", ".data.*", ".data..", ".metadata['name','namespace']"],
]
NUMBERS = ["0", "1", "2", "-1", "-2", "3", "7", "-0", "-9", "9223372036854775807", "99999999999999999999"]
LITERALS = [
    '"x"', "'x'", '"MQ=="', "'MQ=='", '"Secret"', "'a b'", '"a)b"', "'it\\'s'", '"\\n"', "'\\t'", '"\\""', "'\"'",
    '"\\xff"', "'\\u00e9'", '"\\101"', "''", '"{"', "'}'", "'a,b'", "'<&>'", "'Dr=='", "'\\\\'", "'\\q'", '"\\ud800"',
    "1", "0", "-1", "+5", "1.5", "2.50", "1e5", "1000000", "1000000.0", "0.00001", "1.2.3", "12345678901234567890",
    "true", "false", "true", "nope", "-", "+.5", "5.",
]
TEXTS = ["", " ", "x", "\n", "-", "}", "]", "é", "a.b", "'", '"', "\\n", "range", ", "]
OPERATORS = ["==", "==", "==", "!=", "<", "<=", ">", ">=", "=", "===", "=~", "!"]
NOISE = list("{}[]().,:?@$*'\"\\=<>!~+-_ \t\nab01é²٣") + ["..", "[?(", ")]", "range ", "end", "[*]"]


def random_path(rng, fields=FIELDS, starts=STARTS):
    """A template that is not empty; about one in five has been damaged."""
    path = "".join(_piece(rng, (fields, starts), 2) for _ in range(rng.choice([1, 1, 1, 2, 3]))) or "{}"
    for _ in range(rng.choice([0] * 8 + [1, 2])):
        at = rng.randrange(len(path) + 1)
        path = path[:at] + rng.choice(["", rng.choice(NOISE)]) + path[at + rng.randrange(2) :]
    return path or "{}"


def order_matters(path):
    """Whether a map may be walked: a sign too many is harmless."""
    return "*" in path or ".." in path


def _piece(rng, names, depth):
    kind = rng.randrange(10)
    if kind < 2:
        return rng.choice(TEXTS)
    if kind < 4 and depth:
        body = "".join(_piece(rng, names, depth - 1) for _ in range(rng.choice([1, 1, 2, 3])))
        start = rng.choice(["range ", "range ", "range", " range "])
        return "{%s%s}%s%s" % (start, _expression(rng, *names), body, rng.choice(["{end}"] * 6 + ["{ end }", ""]))
    if kind == 4:
        return "{%s}" % rng.choice(LITERALS)
    return "{%s}" % _expression(rng, *names)


def _expression(rng, fields, starts):
    parts = [rng.choice(["", "", "", "@", "$", " ", "$ "])]
    if rng.randrange(3):
        parts.append(rng.choice(starts))
        parts += [_step(rng, fields) for _ in range(rng.choice([0, 0, 0, 1, 1, 2]))]
    else:
        parts += [_step(rng, fields) for _ in range(rng.choice([0, 1, 1, 2, 2, 3, 4]))]
    if not rng.randrange(12):
        parts.append(rng.choice([" ", ""]) + rng.choice(LITERALS))
    return "".join(parts)


def _step(rng, fields):
    kind = rng.randrange(20)
    if kind < 9:
        return "." + rng.choice(fields)
    if kind == 9:
        return ".." + rng.choice(fields + ["*"])
    if kind == 10:
        return rng.choice([".*", ".*", "..", "..*"])
    if kind == 11:
        return "[*]"
    if kind < 14:
        return "[%s]" % _subscript(rng, fields)
    if kind < 16:
        parts = [_subscript(rng, fields) for _ in range(rng.choice([2, 2, 3]))]
        return "[%s]" % rng.choice([",", ", ", " ,"]).join(parts)
    if kind < 19:
        return "[?(%s)]" % _condition(rng, fields)
    return rng.choice([" ", "@", "$"])


def _subscript(rng, fields):
    kind = rng.randrange(10)
    if kind < 4:
        return "'%s'" % rng.choice(fields + ["*"])
    if kind == 4:
        return rng.choice(['"a"', "", "*", "a", "?(@.a)", "-", "1:2:3:4", " 1", "''"])
    if kind < 8:
        return rng.choice(NUMBERS)
    parts = [rng.choice(NUMBERS + [""] * 6) for _ in range(rng.choice([2, 2, 2, 3]))]
    return ":".join(parts)


def _condition(rng, fields):
    left = rng.choice(["@", "@", "", "$"]) + "".join(
        _step(rng, fields) if not rng.randrange(6) else "." + rng.choice(fields) for _ in range(rng.choice([0, 1, 1, 2]))
    )
    if not rng.randrange(4):
        return left
    blank = rng.choice(["", " "])
    right = rng.choice(LITERALS) if rng.randrange(5) else "@." + rng.choice(fields)
    return left + blank + rng.choice(OPERATORS) + blank + right
