"""`python -m sourcing` is the command line."""

from sourcing.cli import main

main(prog_name="sourcing")
