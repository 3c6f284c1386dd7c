"""Runs the whole product on one machine, for `make demo` and for the tests.

PostgreSQL and Valkey come from wheels and are started as child processes: no root, no container
and no installed server is needed. Standard library only; the product is run, never imported.
"""
