from django.db import migrations, models

from licensing.models.spelling import CustomerName


class Migration(migrations.Migration):
    """One customer is one account, however its name is written."""

    dependencies = [("licensing", "0036_namesakes_so_far")]

    operations = [
        migrations.AddConstraint(
            "account",
            models.UniqueConstraint(
                CustomerName("name"),
                condition=models.Q(is_namesake=False),
                name="customer_is_one_account",
            ),
        ),
    ]
