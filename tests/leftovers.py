"""What a test with real transactions leaves behind: nothing but what migrations made.

Django empties every table after such a test, those that migrations filled too, and can put
their rows back one by one from a text: some 750 statements a test. Here the database keeps
a copy of those rows, and one call empties what has been filled and puts back what differs.
Whatever else takes long to make is kept and put back in the same way, under a name of its own.
"""

from __future__ import annotations

from django.db import connection

AS_MIGRATED = "as_migrated"
KEEP = """
    DROP SCHEMA IF EXISTS as_migrated CASCADE;
    CREATE SCHEMA as_migrated;

    DO $keep$
    DECLARE
        named text;
        is_filled boolean;
    BEGIN
        FOR named IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
            EXECUTE format('SELECT EXISTS (TABLE public.%I)', named) INTO is_filled;
            IF is_filled THEN
                EXECUTE format('CREATE TABLE as_migrated.%1$I AS TABLE public.%1$I', named);
            END IF;
        END LOOP;
    END
    $keep$;

    -- As a replica it asks neither foreign keys nor the triggers that guard the audit record.
    CREATE FUNCTION as_migrated.put_back() RETURNS void LANGUAGE plpgsql
    SET session_replication_role = replica AS $put_back$
    DECLARE
        named text;
        is_kept boolean;
        differs boolean;
    BEGIN
        FOR named, is_kept IN
            SELECT tablename, to_regclass(format('as_migrated.%I', tablename)) IS NOT NULL
            FROM pg_tables WHERE schemaname = 'public'
        LOOP
            EXECUTE CASE WHEN is_kept THEN format(
                'SELECT EXISTS (TABLE public.%1$I EXCEPT ALL TABLE as_migrated.%1$I)'
                ' OR EXISTS (TABLE as_migrated.%1$I EXCEPT ALL TABLE public.%1$I)', named
            ) ELSE format('SELECT EXISTS (TABLE public.%I)', named) END INTO differs;
            CONTINUE WHEN NOT differs;
            EXECUTE format('DELETE FROM public.%I', named);
            IF is_kept THEN
                EXECUTE format('INSERT INTO public.%1$I TABLE as_migrated.%1$I', named);
            END IF;
        END LOOP;
    END
    $put_back$;
"""


def keep(name: str = AS_MIGRATED) -> None:
    """Copy all rows as they are now."""
    with connection.cursor() as cursor:
        cursor.execute(KEEP.replace(AS_MIGRATED, name))


def put_back(name: str = AS_MIGRATED) -> None:
    """Make the database hold what was kept, and nothing else."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {name}.put_back()")
