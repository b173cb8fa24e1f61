"""Writes values as YAML the way people do: with comments, in styles that are drawn.

A document with comments has no blank lines: with them, the place that the reader of sops (yaml.v3) gives a comment depends on
more than mksecret follows. Values do not depend on it.
"""
import re

COMMENTS = ["# c", "#c", "#", "# é日", "## x", "# a: b", "#\ttab", "# 'quoted", "# long " + "c " * 50, "# trailing  "]


class Raw(str):
    """A scalar that is written as it is."""


class YamlText:
    """One document; the kinds of text in it are added to `features`."""

    def __init__(self, rng, features):
        self.rng = rng
        self.features = features
        self.step = rng.choice([2, 2, 4])
        self.comments = rng.choice([0, 0, 0.1, 0.3])
        if self.comments:
            features.append("comments")

    def document(self, secret):
        rng = self.rng
        lines = [*self.comment_lines(0), *(["---"] if rng.random() < 0.2 else []), *self.mapping(secret, 0), *self.comment_lines(0)]
        text = "\n".join(lines) + "\n"
        # Of two comments in lines of Windows sops takes the first for one of the value before.
        if not self.comments and rng.random() < 0.1:
            self.features.append("lines of Windows")
            text = text.replace("\n", "\r\n")
        return text.encode()

    def comment_lines(self, indent):
        lines = []
        while self.rng.random() < self.comments:
            lines.append(" " * indent + self.rng.choice(COMMENTS))
        return lines

    def line_comment(self):
        return " " + self.rng.choice(COMMENTS) if self.rng.random() < self.comments / 2 else ""

    def mapping(self, values, indent):
        lines = []
        for key, value in values.items():
            lines += self.comment_lines(indent)
            lines += self.entry(" " * indent + self.scalar(key, True)[0] + ":", value, indent)
            if not self.comments and self.rng.random() < 0.05:
                lines.append("")
        return lines + self.comment_lines(indent)

    def entry(self, start, value, indent):
        rng = self.rng
        if isinstance(value, (dict, list)) and value and rng.random() < 0.08:
            self.features.append("flow style")
            return [f"{start} {self.flow(value)}"]
        if isinstance(value, dict):
            return [start + self.line_comment(), *self.mapping(value, indent + self.step)] if value else [start + " {}"]
        if isinstance(value, list):
            lines = [start + self.line_comment()]
            inner = indent + rng.choice([0, self.step])
            for item in value:
                lines += self.comment_lines(inner)
                if isinstance(item, dict):
                    rest = self.mapping(item, inner + 2)
                    while rest[0].lstrip().startswith("#") or not rest[0]:
                        rest.pop(0)
                    lines += [" " * inner + "- " + rest[0].lstrip(), *rest[1:]]
                else:
                    lines.append(" " * inner + "- " + self.scalar(item, True)[0] + self.line_comment())
            return lines
        first, *block = self.scalar(value, False)
        return [f"{start} {first}{self.line_comment()}".rstrip(" ") if not first else f"{start} {first}{self.line_comment()}", *(" " * (indent + self.step) + line if line else "" for line in block)]

    def flow(self, value):
        if isinstance(value, dict):
            return "{" + ", ".join(f"{self.scalar(key, True)[0]}: {self.flow(item)}" for key, item in value.items()) + "}"
        if isinstance(value, list):
            return "[" + ", ".join(self.flow(item) for item in value) + "]"
        text = self.scalar(value, True)[0]
        return text if not re.search(r"[\[\]{},]", text) or text[0] in "'\"" else double(str(value), True)

    def scalar(self, value, is_short):
        """Its lines: more than one for a block."""
        rng = self.rng
        if value is None:
            return [rng.choice(["null", "~", "Null"] if is_short else ["null", "~", ""])]
        if isinstance(value, bool):
            return [str(value).lower()]
        if isinstance(value, int) or isinstance(value, Raw):
            return [str(value)]
        styles = ["double"]
        if re.fullmatch(r"[A-Za-z/][A-Za-z0-9_./=+-]*( [A-Za-z0-9_./-]+)*", value) and not re.fullmatch(r"(?i)y|n|yes|no|on|off|true|false|null|nan", value):
            styles += ["plain"] * 6
        # Nothing but what YAML takes as it is, in one line.
        if re.fullmatch(r"[\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]*", value):
            styles += ["single"]
        if not is_short and re.fullmatch(r"\n*[\x21-\x7e\xe9][\t\n\x20-\x7e\xe9]*", value):
            styles += ["literal"] * (3 if "\n" in value else 1)
            if re.fullmatch(r"\S+( \S+)+", value):
                styles += ["folded"]
        style = rng.choice(styles)
        if style not in ("plain", "double", "single"):
            self.features.append(style)
        match style:
            case "plain":
                return [value]
            case "single":
                return ["'" + value.replace("'", "''") + "'"]
            case "double":
                return [double(value, rng.random() < 0.5)]
            case "folded":
                words, lines = value.split(" "), []
                while words:
                    count = rng.randint(1, 10)
                    lines.append(" ".join(words[:count]))
                    words = words[count:]
                return [">-", *lines]
        body = value.rstrip("\n")
        ends = len(value) - len(body)
        return ["|" + {0: "-", 1: ""}.get(ends, "+"), *body.split("\n"), *[""] * (ends - 1)]


def double(value, is_ascii):
    letters = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r", "\0": "\\0"}

    def letter(found):
        char = found[0]
        code = ord(char)
        return letters.get(char) or (f"\\x{code:02x}" if code < 256 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}")

    allowed = r"[^\x20-\x7e]" if is_ascii else r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff]"
    return '"' + re.sub(r'["\\]|' + allowed, letter, value) + '"'
