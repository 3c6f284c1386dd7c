"""``manage.py usage``: how a licence was used, hour by hour."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.management.base import CommandError, CommandParser

from licensing.management import arguments
from licensing.management.operator import OperatorCommand, find_key
from licensing.usage import reading
from licensing.usage.sweep import Hour
from licensing.usage.words import in_words

LONGEST = dt.timedelta(days=5 * 366)


class Command(OperatorCommand):
    """Tell the figures of each hour, and whom another number of seats would have refused."""

    help = (
        "Tell how the licence of a serial number was used in each hour of UTC that a range "
        "touches. With --seats, whom so many seats would have refused in it, and those of today."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        add = parser.add_argument
        add("serial_number", metavar="SERIAL")
        add("--since", type=arguments.moment, metavar="TIME", required=True, help=arguments.MOMENT)
        add("--until", type=arguments.moment, metavar="TIME", required=True)
        add("--seats", type=arguments.number, metavar="N", help="what if there had been so many?")

    def operate(self, **options: Any) -> tuple[dict[str, Any], str]:
        since, until, seats = options["since"], options["until"], options["seats"]
        arguments.require_range(since, until, longest=LONGEST)
        if seats is not None and seats < 1:
            raise CommandError(f"There cannot be {seats} seats; give 1 or more.")
        licence = find_key(options["serial_number"]).licence

        told = list(reading.hours_of(licence, since, until))
        document: dict[str, Any] = {"hours": [document_of(hour) for hour in told]}
        lines = [heading(licence.name), *(line_of(hour) for hour in told if not hour.is_idle)]
        if seats is not None:
            asked, today = reading.with_seats(licence, (seats, licence.seats), since, until)
            document |= {"what_if": asked._asdict(), "with_seats_of_today": today._asdict()}
            lines.append(in_words(asked))
            if seats != licence.seats:
                lines.append(f"As it is today: {in_words(today)}")
        return document, "\n".join(lines)


def document_of(hour: Hour) -> dict[str, Any]:
    """What is told about an hour."""
    return {
        "start": hour.start,
        "peak": hour.peak,
        "mean": round(hour.mean, 6),
        "limit": hour.limit,
        "seconds_at_limit": hour.seconds_at_limit,
        "people": hour.people,
        "machines": hour.machines,
        "true_denials": hour.true_denials,
    }


def heading(name: str) -> str:
    """What the lines are about, and their columns."""
    return (
        f"{name}; hours without use are left out.\n"
        "hour (UTC)         peak  limit    mean  minutes full  people  machines  true denials"
    )


def line_of(hour: Hour) -> str:
    """An hour to read."""
    limit = "-" if hour.limit is None else hour.limit
    return (
        f"{hour.start:%Y-%m-%d %H:%M}  {hour.peak:>5}  {limit:>5}  {hour.mean:>6.2f}"
        f"  {hour.seconds_at_limit / 60:>12.1f}  {hour.people:>6}  {hour.machines:>8}"
        f"  {hour.true_denials:>12}"
    )
