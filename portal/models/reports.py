"""Reports: what people of an account get by mail, week by week or month by month."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from licensing.models import Account
from portal.models.people import User
from portal.models.views import SavedView


class ReportKind(models.TextChoices):
    """What is told."""

    SUMMARY = "summary", gettext_lazy("Summary of use")
    USAGE = "usage", gettext_lazy("Use, day by day")
    POSITION = "position", gettext_lazy("Licence position")
    VIEW = "view", gettext_lazy("Saved view")


class Every(models.TextChoices):
    """How often, on the account's clocks."""

    WEEK = "week", gettext_lazy("Weekly, Mondays at 08:00")
    MONTH = "month", gettext_lazy("Monthly, on the 1st at 08:00")


class FileFormat(models.TextChoices):
    """As what the rows come; a summary has none."""

    XLSX = "xlsx", gettext_lazy("Excel workbook (XLSX)")
    CSV = "csv", gettext_lazy("CSV")


class Report(models.Model):
    """One report of an account. On the day of ``next_on`` it is mailed to its readers, once."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="reports")
    person = models.ForeignKey(
        User, on_delete=models.CASCADE, related_name="+", help_text="Who ordered it."
    )
    kind = models.CharField(max_length=10, choices=ReportKind)
    view = models.ForeignKey(
        SavedView, null=True, blank=True, on_delete=models.CASCADE, related_name="reports"
    )
    format = models.CharField(max_length=5, choices=FileFormat, default=FileFormat.XLSX)
    every = models.CharField(max_length=5, choices=Every, default=Every.WEEK)
    readers = models.ManyToManyField(User, through="ReportReader", related_name="+")
    next_on = models.DateField(help_text="The day, on the account's clocks, of the next mails.")
    paused_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True, help_text="When it was last mailed.")
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["next_on"], name="running_reports", condition=Q(paused_at=None)),
        ]
        constraints = [
            models.CheckConstraint(
                name="report_of_a_view_has_one",
                condition=Q(kind=ReportKind.VIEW, view__isnull=False)
                | ~Q(kind=ReportKind.VIEW) & Q(view=None),
            ),
        ]

    def __str__(self) -> str:
        if self.view:
            return _("View “%(name)s”") % {"name": self.view.name}
        return str(self.get_kind_display())

    @property
    def bare_name(self) -> str:
        """What stands between quotation marks: of a view, its name alone."""
        return self.view.name if self.view else str(self)


class ReportReader(models.Model):
    """Somebody who gets a report."""

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="places")
    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="report_places")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["report", "person"], name="report_is_read_once"),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.report}"
