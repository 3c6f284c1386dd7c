"""For how long nobody was answered, fault by fault."""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise

from prove.history import History


def longest(history: History) -> dict[str, list[float]]:
    """For each kind of fault, the longest time without any answer after each such fault.

    An answer is one that says what became of a request, not that it has to come again. A fault
    reaches to the next one, the last one to the last request.
    """
    over = max((request.received or request.sent for request in history.requests), default=0.0)
    answered = sorted(
        request.received for request in history.requests if request.is_settled and request.received
    )
    found: dict[str, list[float]] = defaultdict(list)
    ends = [fault.at for fault in history.faults[1:]] + [over]
    for fault, end in zip(history.faults, ends, strict=False):
        times = [at for at in answered if fault.at <= at <= end]
        gaps = [after - before for before, after in pairwise([fault.at, *times, end])]
        found[fault.what].append(round(max(gaps, default=0.0), 1))
    return dict(sorted(found.items()))
