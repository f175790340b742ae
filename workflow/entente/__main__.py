"""Run the command `entente` as `python -m entente`."""

from entente.command import main

main()
