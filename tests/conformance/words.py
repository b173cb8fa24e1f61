"""Random words: texts, keys, names, numbers; everything a command line is made of. Always the same for the same rng."""

# Words that YAML 1.1 or a JSON reader could take for something else than text.
TELLING = """yes Yes YES no on On off OFF y Y n N true True TRUE false null Null NULL ~ = << 0 00 1 -1 +1 010 08 0o10 0b11 0x1F 0x 1_000 1e3 1E3
1e 1.5 1. .5 -.5 .inf -.Inf .nan .NaN 12:30 190:20:30 1:2 2024-01-01 2024-1-1 2024-01-01T00:00:00Z 12e03 1e1000 0.1e-3 - -- --- ... ? : # ! & * | > % @ ` ' " [ ] { } ,
!!str &a *a |- >- %YAML 0xg 1__0 0x_1 +.inf 1,000 685_230.15 0b1_0 -0x1 -0b1 NaN Infinity infinity nil None""".split()
# Characters on which writers of YAML, JSON and readers of lines differ.
ODD = [
    "\x01", "\x07", "\b", "\t", "\n", "\r", "\r\n", "\x0b", "\x0c", "\x1b", "\x1f", " ", "  ", "\x7f", "\x80", "\x85", "\xa0", "\xad", "\xe9",
    "\u0301", "\u200b", "\u2028", "\u2029", "\u202e", "\u2003", "\u3000", "\ud7ff", "\ue000", "\ufdd0", "\ufeff", "\ufffd", "\ufffe", "\uffff",
    "\U0001f600", "\U0001f468\u200d\U0001f469", "\U0010ffff", "\xdf", "\u4e2d\u6587",
]  # fmt: skip
BROKEN = ["\udcff", "\udcfe", "\udcc3", "\udc80", "\udced\udca0\udc80", "\udcf4\udc90\udc80\udc80", "\udcc0\udc80", "\udce2\udc82"]
SIGNS = list("=,:;'\"\\`$%&<>!?*#@|~^()[]{}/+-_. ")
LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
LOWER = "abcdefghijklmnopqrstuvwxyz0123456789"
KEY = LETTERS + "-_."


def chance(rng, share):
    return rng.random() < share


def some(rng, alphabet, least, most):
    return "".join(rng.choice(alphabet) for _ in range(rng.randint(least, most)))


def text(rng, broken=0.06, longest=120):
    """Any text an argument may hold: no NUL, not always UTF-8."""
    kind = rng.random()
    if kind < 0.25:
        made = some(rng, LETTERS, 0, 12)
    elif kind < 0.4:
        made = rng.choice(TELLING) + rng.choice(["", "", "", " ", "x", ":", " #", "\n"])
    elif kind < 0.5:
        made = " ".join(some(rng, LETTERS + ".,:-", 1, 9) for _ in range(rng.randint(2, 30)))
    elif kind < 0.6:
        made = rng.choice(ODD + SIGNS) + some(rng, LETTERS, 0, 5) + rng.choice(ODD + SIGNS)
    elif kind < 0.62:
        made = some(rng, LETTERS + " =", 1, 3) * rng.randint(1, longest * 20)
    else:
        parts = ODD + SIGNS * 2 + list(LETTERS)
        made = "".join(rng.choice(parts) for _ in range(rng.randint(1, rng.choice([4, 12, longest]))))
    if chance(rng, broken):
        at = rng.randint(0, len(made))
        made = made[:at] + rng.choice(BROKEN) + made[at:]
    return as_argument(made)


def as_argument(made):
    """The text as argv gives it back: escapes that together spell UTF-8 become characters."""
    return made.replace("\0", "").encode("utf-8", "surrogateescape").decode("utf-8", "surrogateescape")


def key(rng, bad=0.0):
    """A key of a Secret; with the share `bad`, one that is refused."""
    if chance(rng, bad):
        return rng.choice(["", " ", "..", "..a", ".", "a b", "a/b", "k\xe9y", "a\n", "k\tq", "*", "x" * 254, "a:b", text(rng).replace("=", ":")])
    kind = rng.random()
    if kind < 0.2:
        fitting = [word for word in TELLING if all(sign in KEY for sign in word) and not word.startswith("..") and word != "."]
        return rng.choice(fitting)
    if kind < 0.23:
        return some(rng, KEY, 1, 1).replace(".", "_") * rng.choice([1, 64, 128, 252, 253])
    made = some(rng, KEY, 1, rng.choice([2, 6, 20]))
    return made.replace("..", "._") if made not in (".", "..") else "dot"


def name(rng, bad=0.08):
    """A name that the API server takes; with the share `bad`, one that it mostly does not."""
    if chance(rng, bad):
        return rng.choice(["UPPER", "under_score", "-a", "a-", ".a", "a..b", "a b", "x" * 254, "\xe9", "a/b", "yes!", text(rng) or "?"])
    kind = rng.random()
    if kind < 0.3:
        return rng.choice(["yes", "no", "on", "n", "y", "null", "true", "1", "010", "0x1f", "1e3", "1.5", "0b1", "2024-01-01", "0o7", "1.e3", "a.b.c", "12e03"])
    if kind < 0.33:
        return "n" * rng.choice([63, 64, 242, 243, 253])
    return some(rng, LOWER, 1, 1) + some(rng, LOWER + "-", 0, 12) + some(rng, LOWER, 1, 1)


def namespace(rng, bad=0.06):
    if chance(rng, bad):
        return rng.choice(["UPPER", "a.b", "a_b", "-n", "x" * 64, "a b", "\xe9", text(rng)])
    return rng.choice(["default", "kube-system", "ns", "1", "yes", "null", "0x1", "", "n" * 63, some(rng, LOWER, 1, 9)])


def odd_case(rng, word):
    """The word, now and then with some of its letters in the other case."""
    if chance(rng, 0.8):
        return word
    return "".join(letter.upper() if chance(rng, 0.5) else letter for letter in word)
