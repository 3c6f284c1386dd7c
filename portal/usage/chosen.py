"""Which licences an address chooses: those that it names, those with a tag; with both, of those
that it names the ones with the tag.
"""

from __future__ import annotations

from functools import cached_property

from django.db.models import Q
from django.http import Http404, QueryDict
from django.utils.translation import gettext as _

from licensing.identity import as_compared
from licensing.models import Account, Licence
from licensing.models.licences import UsageModel
from licensing.models.spelling import Compared
from licensing.names import alphabetical
from licensing.numbers import number_in
from portal.lists.listing import Parameter
from portal.words.names import named_in_choices


def numbers(text: str) -> str:
    """The reading of ids with commas between them."""
    return ",".join(word for word in text.split(",") if number_in(word) is not None)


OF_LICENCES = Parameter("licence", numbers, asked_as="licences", is_many=True)
WITH_TAG = Parameter("tag", str.strip)
CHOSEN = (OF_LICENCES, WITH_TAG)


class ChosenLicences:
    """The licences of an account that an address chooses.

    What is no number is no licence of anybody's.
    """

    def __init__(self, account: Account, parameters: QueryDict) -> None:
        self.account, self.tag = account, WITH_TAG.of(parameters)
        written = OF_LICENCES.written(parameters).split(",")
        self.named = {number_in(text) or 0 for text in written if text.strip()}

    @property
    def is_narrowed(self) -> bool:
        """Whether any are chosen."""
        return bool(self.named or self.tag)

    def require_known(self) -> None:
        """Raise Http404 for a licence that is not the account's."""
        if not self.named <= {licence.pk for licence in self.possible}:
            raise Http404

    @cached_property
    def possible(self) -> list[Licence]:
        """The account's licences with their tags, pools first, the largest first."""
        found = self.account.licences.select_related("account", "product").prefetch_related("tags")
        by_size = sorted(found, key=lambda licence: -licence.seats)
        return sorted(by_size, key=lambda licence: licence.usage_model != UsageModel.CONCURRENT)

    @property
    def choices(self) -> list[tuple[int, str]]:
        """Those that may be chosen, by id, with names that tell them apart."""
        return [(licence.pk, named_in_choices(licence)) for licence in self.possible]

    @property
    def pools(self) -> list[Licence]:
        """Those that are shared."""
        return [one for one in self.possible if one.usage_model == UsageModel.CONCURRENT]

    @property
    def tags(self) -> list[str]:
        """Every tag that they have, in the order of the alphabet."""
        names = {tag.name for licence in self.possible for tag in licence.tags.all()}
        return sorted(names, key=alphabetical)

    @property
    def found(self) -> list[Licence]:
        """Those that are chosen: all, while none are."""
        named = [one for one in self.possible if not self.named or one.pk in self.named]
        return [one for one in named if not self.tag or self.is_tagged(one)]

    @property
    def problem(self) -> str:
        """That none of them has the tag, in words; "" if some do."""
        if self.is_narrowed and not self.found:
            return _("None of these licences has the tag “%(tag)s”.") % {"tag": self.tag}
        return ""

    def is_tagged(self, licence: Licence) -> bool:
        """Whether a licence has the tag, whatever its case."""
        return as_compared(self.tag) in {as_compared(tag.name) for tag in licence.tags.all()}

    @property
    def condition(self) -> Q:
        """What is true of the rows of these licences."""
        tags = self.account.licence_tags.order_by().alias(compared=Compared("name"))
        tagged = tags.filter(compared=as_compared(self.tag))
        named = Q(licence__in=sorted(self.named)) if self.named else Q()
        return named & Q(licence__in=tagged.values("licence")) if self.tag else named

    @property
    def as_asked(self) -> str:
        """Their ids, as the API is asked for them; "" while none are chosen."""
        ids = sorted(licence.pk for licence in self.found) or [0]
        return ",".join(map(str, ids)) if self.is_narrowed else ""

    @property
    def as_written(self) -> dict[str, str]:
        """What the address of another page chooses the same licences by."""
        named = ",".join(map(str, sorted(self.named)))
        return {name: text for name, text in (("licence", named), ("tag", self.tag)) if text}
