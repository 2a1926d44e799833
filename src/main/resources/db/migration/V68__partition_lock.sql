-- To add a partition takes a lock for which all readers and writers of the ledger wait in line: behind a long reader, such as
-- a dump, that would stop counting for as long as the attempt lasts. So it gives up soon, and is repeated; there are days to
-- do it in. And the owner does not see the rows of the default partition where it is no superuser (row security is forced), so
-- a day whose rows lie there is found out by the attempt itself and does not keep other days from getting theirs.
CREATE OR REPLACE FUNCTION octroi_ledger_partitions(first_day date, last_day date) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    each date := first_day;
    made int := 0;
    name text;
BEGIN
    IF last_day - first_day > 60 THEN
        RAISE EXCEPTION 'at most 60 days at once';
    END IF;
    PERFORM pg_advisory_xact_lock(x'0C7204'::int);
    PERFORM set_config('lock_timeout', '100ms', true);
    WHILE each <= last_day LOOP
        name := 'ledger_' || to_char(each, 'YYYYMMDD');
        IF to_regclass(name) IS NULL THEN
            BEGIN
                EXECUTE format('CREATE TABLE %I PARTITION OF ledger FOR VALUES FROM (%L) TO (%L)', name, each, each + 1);
                PERFORM octroi_tenant_table(name::regclass, 'SELECT');
                made := made + 1;
            EXCEPTION WHEN check_violation THEN
                NULL;
            END;
        END IF;
        each := each + 1;
    END LOOP;
    RETURN made;
END $$;
