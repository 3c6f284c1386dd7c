"""What the desk and the customer are told of each refusal that is written down."""

from __future__ import annotations

from portal.words.refusals import Reason
from support.console.stories import now
from support.console.stories.advice import Advice

OF_REFUSAL: dict[str, Advice] = {
    Reason.POOL_EXHAUSTED: Advice(
        told="{licence} had {in_use} of {seats} in use.",
        now=now.seats_now,
        then="Once a seat is free they start the program again. Release one whose machine is away, "
        "or have seats added.",
        ways=now.ways_to_a_seat,
        reply="all {seats} seats of {licence} were in use. The program can be started again as "
        "soon as somebody has closed it. Under Sessions in the portal you see who holds a seat, "
        "and a manager can release one that nobody is using.",
    ),
    Reason.DEVICE_LIMIT: Advice(
        told="{licence} was bound to another device.",
        now=now.devices_now,
        then="Have it moved from the old device, or free that one here if it is lost or broken.",
        ways=lambda denial: ((device, "free") for device in now.bound_to(denial)[: now.MOST_NAMED]),
        reply="{licence} is in use on another device. Please move it away from there first, in the "
        "program or on the licence's page in the portal. If that device is lost or broken, tell "
        "us, and we free it.",
    ),
    Reason.ACCESS_BLOCKED: Advice(
        told="an access rule kept {person} on {machine} from {licence}.",
        now=now.rule_now,
        then="The customer wanted it so: ask an owner or manager before it is lifted.",
        ways=lambda denial: ((rule, "lift") for rule in [now.rule_of(denial)] if rule),
        reply="an access rule of your organisation keeps this user or machine from {licence}. An "
        "owner or manager of your account can lift it in the portal.",
    ),
    Reason.KEY_INVALID: Advice(
        told="the serial number and the product key did not belong together.",
        now=now.key_now,
        then="Compare the last four characters of what they typed. Never ask for the whole key.",
        ways=now.ways_to_a_key,
        reply="the serial number and the product key did not belong together. Please copy both "
        "from the portal, or ask your IT department for them. Do not send us the product key: its "
        "last four characters are enough.",
    ),
    Reason.KEY_SUPERSEDED: Advice(
        told="the product key had been replaced.",
        now=now.key_now,
        then="They need the key that replaced it: its page tells how far its hand-over is.",
        ways=now.ways_to_a_key,
        reply="its product key has been replaced. Please ask your IT department for the new one; "
        "an owner or manager of your account finds it in the portal.",
    ),
    Reason.KEY_REVOKED: Advice(
        told="the product key had been revoked.",
        now=now.key_now,
        then="They need another key of the licence, or a new one.",
        ways=lambda denial: [*now.ways_to_a_key(denial), *now.of_licence("add-key")(denial)],
        reply="its product key has been revoked. Please ask your IT department for another; an "
        "owner or manager of your account finds it in the portal.",
    ),
    Reason.LICENCE_SUSPENDED: Advice(
        told="{licence} was suspended.",
        now=now.state_now,
        then="Its page tells why it was suspended. It is reinstated once that is settled.",
        ways=now.of_licence("reinstate"),
        reply="{licence} was suspended. Whoever manages your licences knows why, or asks us.",
    ),
    Reason.LICENCE_CLOSED: Advice(
        told="{licence} was closed.",
        now=now.state_now,
        then="A closed licence is not opened again. They need the key of another.",
        ways=now.of_licence(""),
        reply="{licence} has been closed. Please ask whoever manages your licences for the key of "
        "another.",
    ),
    Reason.LICENCE_NOT_STARTED: Advice(
        told="{licence} had not started yet.",
        now=now.term_now,
        then="They wait for its first day, or sales let it begin sooner.",
        ways=now.of_licence("term"),
        reply="{licence} had not started yet. It can be used from its first day on.",
    ),
    Reason.LICENCE_EXPIRED: Advice(
        told="{licence} had ended.",
        now=now.term_now,
        then="It has to be renewed: sales change its term.",
        ways=now.of_licence("term"),
        reply="{licence} had ended. As soon as it is renewed the program can be started again, "
        "with the same key.",
    ),
    Reason.VERSION_NOT_SUPPORTED: Advice(
        told="version {version} is too old for {licence}.",
        now=now.version_now,
        then="They install a later version. Nothing is wrong with the licence.",
        ways=now.of_licence(""),
        reply="version {version} of the program is too old for this licence. Please install a "
        "later one; the licence and its key stay as they are.",
    ),
    Reason.PRODUCT_MISMATCH: Advice(
        told="{licence} is for another product than the program that asked.",
        now=now.others_now,
        then="They enter the key of a licence for that program.",
        ways=now.of_licence(""),
        reply="the key that was entered is for another of our products. Please enter the key of a "
        "licence for this program.",
    ),
    Reason.FEATURE_NOT_LICENSED: Advice(
        told="{licence} does not include all the features that the program asked for.",
        now=now.features_now,
        then="They start the program without that feature, or sales add it.",
        ways=now.of_licence("feature"),
        reply="{licence} does not include every feature that the program asked for. It can be "
        "started without, or the feature can be added to the licence.",
    ),
}
"""By the code of a refusal that is written down. A reply begins with who was refused and when."""
