from django.db import migrations

CATALOGUE = {
    ("asta-powerproject", "Asta Powerproject"): {
        "bim": "BIM",
        "4d": "4D",
        "risk": "Risk",
        "business-intelligence": "Business Intelligence",
    },
    ("asta-powerproject-4d", "Asta Powerproject 4D"): {"bim": "BIM"},
}


def add_catalogue(apps, schema_editor):
    """The products that the FAQ names; more are added in the admin."""
    product_model = apps.get_model("licensing", "Product")
    feature_model = apps.get_model("licensing", "Feature")
    for (code, name), features in CATALOGUE.items():
        product = product_model.objects.create(code=code, name=name)
        feature_model.objects.bulk_create(
            feature_model(product=product, code=feature_code, name=feature_name)
            for feature_code, feature_name in features.items()
        )


class Migration(migrations.Migration):
    dependencies = [("licensing", "0002_room_for_hot_updates")]

    operations = [migrations.RunPython(add_catalogue, migrations.RunPython.noop)]
