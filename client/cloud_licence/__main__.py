"""``python -m cloud_licence`` is the command ``cloud-licence``."""

import gc
import sys


def main() -> int:
    """Do what the command line asks for.

    What is loaded first stays to the end, so nobody looks for garbage in it: that would take an
    eighth of the time in which a program opens.
    """
    gc.disable()
    from cloud_licence import command  # not before

    gc.freeze()
    gc.enable()
    return command.main()


if __name__ == "__main__":
    sys.exit(main())
