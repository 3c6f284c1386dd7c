"""Whether viewers see people and machines as aliases."""

from __future__ import annotations

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.acts import ReasonForm
from portal.models import Role
from portal.people import privacy
from portal.views.access import AccountRequest, require_safe_or_post, role_required
from portal.views.acts import Act, carry_out
from portal.views.confirmations import confirmation_required
from portal.words.aliases import shows_aliases


@require_safe_or_post
@role_required(Role.OWNER)
@confirmation_required
def change_aliases(request: AccountRequest) -> HttpResponse:
    """Turn aliases on, or off if they are on, after saying who will see what."""
    shown = shows_aliases(request.account)
    act = Act(
        title=_("Show real names to viewers again?") if shown else _("Show aliases to viewers?"),
        effects=effects_of_real_names() if shown else effects_of_aliases(),
        button=_("Show real names") if shown else _("Show aliases"),
        back=reverse("portal:security"),
    )

    def do(form: ReasonForm) -> str:
        by, reason = request.user.as_actor, form.cleaned_data["reason"]
        privacy.show_aliases(request.account, not shown, by=by, reason=reason)
        if shown:
            return _("Viewers see real names from now on.")
        return _("Viewers see aliases from now on.")

    return carry_out(request, act, ReasonForm(request.POST or None), do)


def effects_of_aliases() -> list[str]:
    """What viewers no longer see."""
    return [
        _(
            "Viewers see “Person Heron-7K2M-9XQD” and “Machine Alder-4WPX-83TN” instead of names: "
            "on pages, in exports, and through API tokens that may not see real names."
        ),
        _("An alias stays the same, so that repeats can be followed; it leads back to nobody."),
        _("Reasons that people wrote are hidden from viewers too, for they may name somebody."),
        _("Owners and managers go on seeing real names."),
    ]


def effects_of_real_names() -> list[str]:
    """What viewers see again."""
    return [_("Viewers see the names of people and machines again, earlier ones included.")]
