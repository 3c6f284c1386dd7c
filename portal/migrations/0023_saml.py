"""An account's provider may speak SAML."""

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("portal", "0022_provider_links")]

    operations = [
        migrations.AddField(
            model_name="singlesignon",
            name="certificates",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.TextField(),
                blank=True,
                default=list,
                help_text="What SAML answers are signed with.",
            ),
        ),
        migrations.AddField(
            model_name="singlesignon",
            name="metadata_failed_at",
            field=models.DateTimeField(
                blank=True, help_text="Since then the SAML metadata could not be read.", null=True
            ),
        ),
        migrations.AddField(
            model_name="singlesignon",
            name="metadata_read_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="singlesignon",
            name="metadata_url",
            field=models.URLField(
                blank=True,
                help_text="Where SAML certificates are fetched anew; or empty.",
                max_length=1024,
            ),
        ),
        migrations.AddField(
            model_name="singlesignon",
            name="protocol",
            field=models.CharField(
                choices=[("openid", "OpenID Connect"), ("saml", "SAML 2.0")],
                db_default="openid",
                default="openid",
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="singlesignon",
            name="sign_in_url",
            field=models.CharField(blank=True, help_text="SAML only.", max_length=1024),
        ),
        migrations.AlterField(
            model_name="singlesignon",
            name="client_id",
            field=models.CharField(blank=True, help_text="OpenID Connect only.", max_length=200),
        ),
        migrations.AlterField(
            model_name="singlesignon",
            name="encrypted_secret",
            field=models.BinaryField(default=bytes, help_text="OpenID Connect only."),
        ),
        migrations.AlterField(
            model_name="singlesignon",
            name="issuer",
            field=models.CharField(
                help_text="The provider's name: its OpenID issuer, or SAML entity ID.",
                max_length=1024,
            ),
        ),
        migrations.AlterField(
            model_name="providerlink",
            name="subject",
            field=models.CharField(max_length=256),
        ),
        migrations.AddConstraint(
            model_name="singlesignon",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("protocol", "openid"), models.Q(("client_id", ""), _negated=True)),
                    models.Q(
                        ("certificates__len__gt", 0),
                        ("protocol", "saml"),
                        models.Q(("sign_in_url", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="provider_is_complete_in_its_protocol",
            ),
        ),
    ]
