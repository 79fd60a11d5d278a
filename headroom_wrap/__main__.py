"""`python -m headroom_wrap`."""

from headroom_wrap.cli import main

main()
