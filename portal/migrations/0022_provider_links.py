"""People are known by the id that their provider gives them."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("portal", "0021_single_sign_on_required")]

    operations = [
        migrations.CreateModel(
            name="ProviderLink",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("subject", models.CharField(max_length=255)),
                (
                    "linked_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
                (
                    "membership",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="provider_link",
                        to="portal.membership",
                    ),
                ),
                (
                    "single",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="links",
                        to="portal.singlesignon",
                    ),
                ),
            ],
            options={
                "ordering": ["-linked_at"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("single", "subject"), name="subject_is_one_person_per_account"
                    )
                ],
            },
        ),
    ]
