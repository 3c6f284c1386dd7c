"""PowerShell as tree-sitter's grammar reads it."""

from __future__ import annotations

import tree_sitter_powershell
from tree_sitter import Language, Parser

POWERSHELL = Parser(Language(tree_sitter_powershell.language()))


def shape(script: bytes) -> list[str]:
    """The kinds of the nodes of a script's tree, whatever its texts say."""
    found, waiting = [], [POWERSHELL.parse(script.decode("utf-8-sig").encode()).root_node]
    while waiting:
        node = waiting.pop()
        found.append(f"missing {node.type}" if node.is_missing else node.type)
        waiting += node.children
    return found
