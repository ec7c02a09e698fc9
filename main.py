"""连心台账: the window with no words, a command with some."""

import os
import sys

from app.commands import main

if __name__ == "__main__":
    try:
        code = main(sys.argv[1:])
        if sys.stdout is not None:  # a windowed program has none
            sys.stdout.flush()
    except BrokenPipeError:  # whoever read what is told has read enough, as `head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 1
    sys.exit(code)
