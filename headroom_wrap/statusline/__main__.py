"""Run as a file by the agent's shell: `python …/statusline/__main__.py STORE SESSION [COMMAND]`.

Not by `python -m`: that would import from the agent's working directory.
"""

import sys

from headroom_wrap.statusline import own

if __name__ == "__main__":
    sys.exit(own.main(sys.argv[1:]))
