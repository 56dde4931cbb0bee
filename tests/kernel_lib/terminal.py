"""Runs a command in a terminal of its own: what comes on standard input is typed, what the terminal shows goes to standard output."""
import os, pty, select, sys

child, terminal = pty.fork()
if child == 0:
    os.execvp(sys.argv[1], sys.argv[1:])
while True:
    readable = select.select([0, terminal], [], [])[0]
    if 0 in readable:
        typed = os.read(0, 65536)
        if not typed:
            break
        os.write(terminal, typed)
    if terminal in readable:
        try:
            shown = os.read(terminal, 65536)
        except OSError:  # nobody has it open any more
            break
        if not shown:
            break
        os.write(1, shown)
