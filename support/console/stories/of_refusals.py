"""What the desk is told of each refusal that is written down."""

from __future__ import annotations

from portal.words.refusals import Reason
from support.console.stories import blocked, now
from support.console.stories.advice import Advice

OF_REFUSAL: dict[str, Advice] = {
    Reason.POOL_EXHAUSTED: Advice(
        told="{licence} had {in_use} of {seats} in use.",
        now=now.seats_now,
        then="Once a seat is free they start the program again. Release one whose machine is away, "
        "or have seats added.",
        ways=now.ways_to_a_seat,
    ),
    Reason.DEVICE_LIMIT: Advice(
        told="{licence} was bound to another device.",
        now=now.devices_now,
        then="Have it moved from the old device, or free that one here if it is lost or broken.",
        ways=lambda denial: ((device, "free") for device in now.bound_to(denial)[: now.MOST_NAMED]),
    ),
    Reason.ACCESS_BLOCKED: Advice(
        told="an access rule kept {person} on {machine} from {licence}.",
        now=blocked.now,
        then="The customer wanted it so: ask an owner or manager which rule is to be changed.",
    ),
    Reason.KEY_INVALID: Advice(
        told="the serial number and the product key did not belong together.",
        now=now.key_now,
        then="Compare the last four characters of what they typed. Never ask for the whole key.",
        ways=now.ways_to_a_key,
    ),
    Reason.KEY_SUPERSEDED: Advice(
        told="the product key had been replaced.",
        now=now.key_now,
        then="They need the key that replaced it: its page tells how far its hand-over is.",
        ways=now.ways_to_a_key,
    ),
    Reason.KEY_REVOKED: Advice(
        told="the product key had been revoked.",
        now=now.key_now,
        then="They need another key of the licence, or a new one.",
        ways=lambda denial: [*now.ways_to_a_key(denial), *now.of_licence("add-key")(denial)],
    ),
    Reason.LICENCE_SUSPENDED: Advice(
        told="{licence} was suspended.",
        now=now.state_now,
        then="Its page tells why it was suspended. It is reinstated once that is settled.",
        ways=now.of_licence("reinstate"),
    ),
    Reason.LICENCE_CLOSED: Advice(
        told="{licence} was closed.",
        now=now.state_now,
        then="A closed licence is not opened again. They need the key of another.",
        ways=now.of_licence(""),
    ),
    Reason.LICENCE_NOT_STARTED: Advice(
        told="{licence} had not started yet.",
        now=now.term_now,
        then="They wait for its first day, or sales let it begin sooner.",
        ways=now.of_licence("term"),
    ),
    Reason.LICENCE_EXPIRED: Advice(
        told="{licence} had ended.",
        now=now.term_now,
        then="It has to be renewed: sales change its term.",
        ways=now.of_licence("term"),
    ),
    Reason.VERSION_NOT_SUPPORTED: Advice(
        told="version {version} is too old for {licence}.",
        now=now.version_now,
        then="They install a later version. Nothing is wrong with the licence.",
        ways=now.of_licence(""),
    ),
    Reason.PRODUCT_MISMATCH: Advice(
        told="{licence} is for another product than the program that asked.",
        now=now.others_now,
        then="They enter the key of a licence for that program.",
        ways=now.of_licence(""),
    ),
    Reason.FEATURE_NOT_LICENSED: Advice(
        told="{licence} does not include all the features that the program asked for.",
        now=now.features_now,
        then="They start the program without that feature, or sales add it.",
        ways=now.of_licence("feature"),
    ),
}
"""By the code of a refusal that is written down."""
