from django.db import migrations

NAME = r"btrim(regexp_replace(lower(normalize(name, NFKC)), '\s+', ' ', 'g'))"
APART = """
    UPDATE {table} item SET name = left(item.name, 47) || ' (' || item.code || ')'
    FROM (
        SELECT id, row_number() OVER (PARTITION BY {among} ORDER BY id) AS place FROM {table}
    ) placed
    WHERE placed.id = item.id AND placed.place > 1
"""


class Migration(migrations.Migration):
    """Of products, and of features of a product, that are called alike, the later ones are told
    apart by their codes."""

    dependencies = [("licensing", "0052_withdrawn_from_sale")]

    operations = [
        migrations.RunSQL(APART.format(table=table, among=among), migrations.RunSQL.noop)
        for table, among in (
            ("licensing_product", NAME),
            ("licensing_feature", f"product_id, {NAME}"),
        )
    ]
