"""The desktop's side of cloud connected licensing.

Pure: ``states`` (what follows from what), ``answers``, ``leases``, ``policy``, ``messages``; they
speak in ``values``.
At the edge: ``store``, ``transport`` with its ``addresses``, ``machine``. ``program`` puts them
together, and
``command`` is the command line. Nothing is imported here, for a program's start waits for it.
"""

__version__ = "0.1.0"
