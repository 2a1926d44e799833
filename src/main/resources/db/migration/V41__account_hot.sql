-- What changes with each record stands in a row of its own, so that a record costs one small heap-only update. See
-- docs/adr/0033-what-a-record-writes.md. First what a batch leaves alone, then what it changes: PostgreSQL logs an update
-- from the first byte that differs to the last.
CREATE TABLE account_hot (
    vshard             smallint    NOT NULL,
    tenant_id          int         NOT NULL,
    account_id         bigint      NOT NULL,
    warned_total_bytes bigint      NOT NULL DEFAULT 0,
    hour_start         timestamptz,
    day_start          timestamptz,
    week_start         timestamptz,
    beyond_bytes       bigint      NOT NULL DEFAULT 0 CHECK (beyond_bytes >= 0),
    version            bigint      NOT NULL DEFAULT 0,
    used_bytes         bigint      NOT NULL DEFAULT 0 CHECK (used_bytes >= 0),
    hour_bytes         bigint      NOT NULL DEFAULT 0,
    day_bytes          bigint      NOT NULL DEFAULT 0,
    week_bytes         bigint      NOT NULL DEFAULT 0,
    last_event_at      timestamptz,
    last_received_at   timestamptz,
    -- Taken from each bucket of the account, by the bucket's number from 1 on.
    taken              bigint[]    NOT NULL DEFAULT '{}',
    -- Use of the newest hour that is not in usage_hour yet, see usage_by_hour; at most 8 places.
    hours              text        NOT NULL DEFAULT '' CHECK (length(hours) <= 2000),
    -- How the drain detector's memory differs from the state in account_drain.
    drain_patch        bytea       NOT NULL DEFAULT '' CHECK (length(drain_patch) <= 1024),
    PRIMARY KEY (vshard, tenant_id, account_id)
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.05);

-- The owner does not pass row-level security where it is forced, and would see no account.
ALTER TABLE account NO FORCE ROW LEVEL SECURITY;
ALTER TABLE bucket NO FORCE ROW LEVEL SECURITY;
INSERT INTO account_hot (vshard, tenant_id, account_id, warned_total_bytes, hour_start, day_start, week_start, beyond_bytes,
                         version, used_bytes, hour_bytes, day_bytes, week_bytes, last_event_at, last_received_at, taken)
SELECT a.vshard, a.tenant_id, a.id, a.warned_total_bytes, a.hour_start, a.day_start, a.week_start, a.beyond_bytes,
       a.version, a.used_bytes, a.hour_bytes, a.day_bytes, a.week_bytes, a.last_event_at, a.last_received_at,
       coalesce((SELECT array_agg(b.used_bytes ORDER BY b.id) FROM bucket b
                 WHERE b.vshard = a.vshard AND b.tenant_id = a.tenant_id AND b.account_id = a.id), '{}')
FROM account a;
ALTER TABLE account FORCE ROW LEVEL SECURITY;
ALTER TABLE bucket FORCE ROW LEVEL SECURITY;
SELECT octroi_tenant_table('account_hot', 'SELECT, INSERT, UPDATE');

ALTER TABLE account
    DROP COLUMN version, DROP COLUMN used_bytes, DROP COLUMN beyond_bytes, DROP COLUMN warned_total_bytes,
    DROP COLUMN hour_bytes, DROP COLUMN day_bytes, DROP COLUMN week_bytes, DROP COLUMN hour_start, DROP COLUMN day_start,
    DROP COLUMN week_start, DROP COLUMN last_event_at, DROP COLUMN last_received_at;
ALTER TABLE bucket DROP COLUMN used_bytes;

-- The hours as readers want them: what is in usage_hour, and what still stands with the accounts. A place of the latter is
-- a line of hour since 1970, zone, category, network, bytes up and bytes down, parted by unit separators.
CREATE VIEW usage_by_hour WITH (security_invoker = true) AS
SELECT vshard, tenant_id, account_id, hour, zone, category, plmn,
       sum(up_bytes)::bigint AS up_bytes, sum(down_bytes)::bigint AS down_bytes
FROM (
    SELECT vshard, tenant_id, account_id, hour, zone, category, plmn, up_bytes, down_bytes FROM usage_hour
    UNION ALL
    SELECT h.vshard, h.tenant_id, h.account_id, to_timestamp(split_part(line, E'\x1f', 1)::bigint * 3600),
           split_part(line, E'\x1f', 2), split_part(line, E'\x1f', 3), split_part(line, E'\x1f', 4),
           split_part(line, E'\x1f', 5)::bigint, split_part(line, E'\x1f', 6)::bigint
    FROM account_hot h CROSS JOIN LATERAL string_to_table(h.hours, E'\n') AS line
    WHERE h.hours <> '') AS hours
GROUP BY vshard, tenant_id, account_id, hour, zone, category, plmn;
GRANT SELECT ON usage_by_hour TO octroi_app, octroi_worker;
