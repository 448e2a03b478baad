"""`python -m hogar` is `hogar`."""

from hogar.cli import main

main()
