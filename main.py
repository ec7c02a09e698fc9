"""连心台账: the window with no words, a command with some."""

import sys

from app.commands import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
