import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("licensing", "0016_ended_sessions"),
    ]

    operations = [
        pgtrigger.migrations.AddTrigger(
            model_name="clientsession",
            trigger=pgtrigger.compiler.Trigger(
                name="ended_session_gives_features_back",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.ended_at IS NULL AND NEW.ended_at IS NOT NULL AND NEW.features <> '{}')",
                    func="UPDATE licensing_featureseat SET session_id = NULL WHERE session_id = NEW.id; RETURN NULL;",
                    hash="bda2e5f6ab20784b9044e10539498a4752e7c3e4",
                    operation='UPDATE OF "ended_at"',
                    pgid="pgtrigger_ended_session_gives_features_back_5c224",
                    table="licensing_clientsession",
                    when="AFTER",
                ),
            ),
        ),
    ]
