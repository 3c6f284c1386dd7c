from django.db import migrations, models

from licensing.models.spelling import CustomerName


class Migration(migrations.Migration):
    """No two products are called alike, and no two features of one."""

    dependencies = [("licensing", "0053_catalogue_names_apart")]

    operations = [
        migrations.AddConstraint(
            model_name="product",
            constraint=models.UniqueConstraint(CustomerName("name"), name="product_name_is_unique"),
        ),
        migrations.AddConstraint(
            model_name="feature",
            constraint=models.UniqueConstraint(
                models.F("product"),
                CustomerName("name"),
                name="feature_name_is_unique_in_its_product",
            ),
        ),
    ]
