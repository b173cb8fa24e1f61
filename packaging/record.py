#!/usr/bin/env python3
"""Records GUIDE's terminal session: runs the real tool on a pseudo terminal and writes what the
screen shows between the marks in GUIDE.md, so that it cannot lie.

    packaging/record.py --bin target/release/mksecret           rewrite the recording
    packaging/record.py --bin target/release/mksecret --check   fail where GUIDE shows another
"""

import argparse
import fcntl
import os
import pty
import re
import select
import signal
import struct
import sys
import tempfile
import termios
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
BEGIN, END = "<!-- recorded by packaging/record.py -->\n", "<!-- end of the recording -->\n"
ROWS, COLUMNS = 60, 80
PATIENCE = 60
DOWN = "\x1b[B"

# What is waited for, and the keys that are then pressed.
SESSION = [
    ("> generic", DOWN),
    ("> docker-registry", "\r"),
    ("Name of the Secret: ", "Pull\r"),
    ("for example pull\r\nName of the Secret: ", "pull\r"),
    ("--docker-server HOST: ", "registry.example.com\r"),
    ("--docker-username NAME: ", "robot\r"),
    ("> Type it without echo", "\r"),
    ("Enter the password: ", "correct horse\r"),
    ("Enter the password again: ", "correct horse\r"),
    ("> Print it as YAML", "\r"),
]


class Screen:
    """As much of a terminal as the tool makes use of."""

    def __init__(self):
        self.rows, self.row, self.column = [""], 0, 0

    def put(self, text):
        for part in re.findall(r"\x1b\[\??[0-9;]*[A-Za-z]|\r|\n|[^\x1b\r\n]+", text):
            if part == "\r":
                self.column = 0
            elif part == "\n":
                self.row += 1
            elif part.startswith("\x1b["):
                self.act(part[2:-1], part[-1])
            else:
                line = self.line().ljust(self.column)
                self.rows[self.row] = line[: self.column] + part + line[self.column + len(part) :]
                self.column += len(part)
            self.line()

    def line(self):
        self.rows.extend([""] * (self.row + 1 - len(self.rows)))
        return self.rows[self.row]

    def act(self, arguments, command):
        if arguments.startswith("?25"):
            return  # the cursor
        count = int(arguments or 1)
        if command == "A":
            self.row = max(0, self.row - count)
        elif command == "B":
            self.row += count
        elif command == "C":
            self.column += count
        elif command == "D":
            self.column = max(0, self.column - count)
        elif command == "K":
            self.rows[self.row] = ""
            self.column = 0 if count == 2 else self.column
        else:
            sys.exit(f"the screen does not know the sequence {arguments}{command}")

    def text(self):
        return "\n".join(line.rstrip() for line in self.rows).rstrip("\n") + "\n"


def listens(terminal):
    """Whether the tool waits for keys. A key that comes earlier would be shown."""
    try:
        return not termios.tcgetattr(terminal)[3] & termios.ECHO
    except termios.error:
        return False


def record(binary):
    with tempfile.TemporaryDirectory() as folder:
        child, terminal = pty.fork()
        if child == 0:
            # Before the tool looks: what it draws depends on it.
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
            os.chdir(folder)
            os.execve(binary, ["mksecret", "new"], {"HOME": folder, "TERM": "xterm", "NO_COLOR": "1"})
        shown, seen = "", 0
        steps = list(SESSION)
        end = time.monotonic() + PATIENCE
        while True:
            if steps and listens(terminal) and (at := shown.find(steps[0][0], seen)) >= 0:
                text, keys = steps.pop(0)
                seen = at + len(text)
                os.write(terminal, keys.encode())
            ready, _, _ = select.select([terminal], [], [], 0.05)
            try:
                data = os.read(terminal, 65536) if ready else None
            except OSError:
                break  # the other side is closed
            if data == b"":
                break
            shown += (data or b"").decode()
            if time.monotonic() > end:
                os.kill(child, signal.SIGKILL)
                sys.exit(f"{steps[:1]} does not come; shown is\n{shown}")
        os.close(terminal)
        _, status = os.waitpid(child, 0)
        if status != 0 or steps:
            sys.exit(f"status {status}, left are {steps}; shown is\n{shown}")
    screen = Screen()
    screen.put("$ mksecret new\r\n" + shown)
    return screen.text()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bin", required=True, help="the tool")
    parser.add_argument("--check", action="store_true", help="compare, and write nothing")
    asked = parser.parse_args()
    path = os.path.join(ROOT, "GUIDE.md")
    with open(path, encoding="utf-8") as file:
        guide = file.read()
    before, rest = guide.split(BEGIN)
    old, behind = rest.split(END)
    new = f"\n```text\n{record(os.path.abspath(asked.bin))}```\n\n"
    if asked.check:
        if old != new:
            sys.exit(f"GUIDE.md shows another session: packaging/record.py --bin {asked.bin}\n{new}")
        print("GUIDE.md shows what the terminal shows")
        return
    with open(path, "w", encoding="utf-8") as file:
        file.write(before + BEGIN + new + END + behind)


if __name__ == "__main__":
    main()
