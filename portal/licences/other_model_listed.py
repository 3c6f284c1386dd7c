"""Whom the other model would serve better, as a file: of the licences that an address chooses."""

from __future__ import annotations

from portal.licences.other_model import Advice, OtherModel
from portal.lists.asked import AskedList
from portal.lists.columns import Column
from portal.lists.listing import Listing
from portal.usage.chosen import CHOSEN
from portal.usage.use import asked_by

OTHER_MODEL = Listing(
    name="usage_other_model",
    parameters=CHOSEN,
    file=(
        Column(name="licence", header="Licence", value=lambda row, names: row.licence.name),
        Column(
            name="model", header="Usage model", value=lambda row, names: row.licence.usage_model
        ),
        Column(name="advice", header="Advice", value=lambda row, names: row.sentence),
    ),
)


class OtherModelList(AskedList):
    """All that is told of them, whatever days are asked for."""

    listing = OTHER_MODEL

    @property
    def rows(self) -> list[Advice]:
        use = asked_by(self)
        return OtherModel(use.choice.found, use.working, self.names).advice
