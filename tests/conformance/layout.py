"""A case on disk: lays its files out in a fresh folder and runs a tool there. Used by recorded.py and live.py.

Arguments, paths and environment are text in which bytes that are no UTF-8 stand as surrogate escapes. `@WORK@` in an
argument, and in what the tool answers, stands for the case's folder.
"""
import base64
import os
import shutil
import subprocess
import tempfile

TIMEOUT = 60


def to_bytes(text):
    return text.encode("utf-8", "surrogateescape")


def content(entry):
    """The bytes of a file entry, which holds one of raw, text, base64, or a byte to repeat."""
    if "raw" in entry:
        return entry["raw"]
    if "repeat" in entry:
        return bytes([entry["repeat"]]) * entry["count"]
    if "base64" in entry:
        return base64.b64decode(entry["base64"])
    return to_bytes(entry["text"])


def write_files(entries, folder):
    for entry in entries:
        path = os.path.join(to_bytes(folder), to_bytes(entry["path"]))
        os.makedirs(os.path.dirname(path), exist_ok=True)
        if entry.get("dir"):
            os.makedirs(path, exist_ok=True)
        elif entry.get("fifo"):
            os.mkfifo(path)
        elif "symlink" in entry:
            os.symlink(to_bytes(entry["symlink"]), path)
        else:
            with open(path, "wb") as out:
                out.write(content(entry))
        if "mode" in entry:
            os.chmod(path, int(entry["mode"], 8))


class Answer:
    """What a tool did: exit status (None when it did not end in time), stdout, stderr."""

    def __init__(self, status, stdout, stderr):
        self.status = status
        self.stdout = stdout
        self.stderr = stderr

    @property
    def succeeded(self):
        return self.status == 0

    @property
    def crashed(self):
        """Whether the program ended by a signal or a panic, a Go or a Rust one."""
        return self.status is not None and (self.status < 0 or self.status == 101 or b"\ngoroutine 1 [" in self.stderr)

    def broken_refusal(self):
        """Why this is no proper refusal, or None: a refusal exits by itself, silent on stdout, with a word on stderr."""
        if self.status is None:
            return "did not end in time"
        if self.crashed:
            return f"crashed with status {self.status}: {self.stderr[:300]!r}"
        if self.stdout:
            return f"fails, but prints {self.stdout[:200]!r}"
        if not self.stderr.strip():
            return "fails without a word on stderr"
        return None


def run(command, case):
    """Runs the words of `command` on the case's files, environment and standard input, nothing else around it."""
    root = tempfile.mkdtemp(prefix="conformance-")
    try:
        work = os.path.join(root, "work")
        home = os.path.join(root, "home")
        os.mkdir(work)
        os.mkdir(home)
        write_files(case.get("files", []), work)
        environment = {
            b"HOME": to_bytes(home),
            b"KUBECONFIG": to_bytes(os.path.join(root, "none")),
            b"LANG": b"C.UTF-8",
            b"PATH": to_bytes(os.environ.get("PATH", "")),
            b"TZ": b"UTC",
        }
        for name, value in case.get("env", {}).items():
            environment[to_bytes(name)] = to_bytes(value)
        words = [to_bytes(word.replace("@WORK@", work)) for word in command]
        stdin = case.get("stdin", b"")
        stdin = stdin if isinstance(stdin, bytes) else to_bytes(stdin)
        return _start(words, work, environment, stdin, case.get("stdin_file"), root)
    finally:
        shutil.rmtree(root, ignore_errors=True)


def _start(words, work, environment, stdin, stdin_file, root):
    source = {"input": stdin}
    opened = None
    if stdin_file is not None:
        opened = open(os.path.join(work, stdin_file), "rb")
        source = {"stdin": opened}
    try:
        done = subprocess.run(words, cwd=work, env=environment, capture_output=True, timeout=TIMEOUT, **source)
    except subprocess.TimeoutExpired:
        return Answer(None, b"", b"")
    finally:
        if opened:
            opened.close()
    stdout, stderr = (
        text.replace(to_bytes(work), b"@WORK@").replace(to_bytes(root), b"@ROOT@") for text in (done.stdout, done.stderr)
    )
    return Answer(done.returncode, stdout, stderr)
