-- Accounts, what they may use, what was counted, and what follows from it. See docs/adr/0013-counting-store.md.

-- The hot row: one update for each batch that touches the account. No index on a changing column, and room on the page,
-- so that updates stay heap-only. What changes rarely stands last.
CREATE TABLE account (
    vshard             smallint    NOT NULL,
    tenant_id          int         NOT NULL,
    id                 bigint      NOT NULL,
    version            bigint      NOT NULL DEFAULT 0,
    used_bytes         bigint      NOT NULL DEFAULT 0 CHECK (used_bytes >= 0),
    beyond_bytes       bigint      NOT NULL DEFAULT 0 CHECK (beyond_bytes >= 0),
    warned_total_bytes bigint      NOT NULL DEFAULT 0,
    hour_bytes         bigint      NOT NULL DEFAULT 0,
    day_bytes          bigint      NOT NULL DEFAULT 0,
    week_bytes         bigint      NOT NULL DEFAULT 0,
    hour_start         timestamptz,
    day_start          timestamptz,
    week_start         timestamptz,
    last_event_at      timestamptz,
    last_received_at   timestamptz,
    subscription_id    bigint      NOT NULL,
    opened_at          timestamptz NOT NULL,
    starts_at          timestamptz,
    ends_at            timestamptz,
    ended              boolean     NOT NULL DEFAULT false,
    policy_version     bigint      NOT NULL DEFAULT 0,
    level              text        NOT NULL DEFAULT 'NORMAL',
    down_kbps          int,
    up_kbps            int,
    reason             text        NOT NULL DEFAULT 'none',
    restriction_id     text,
    until_kind         text        NOT NULL DEFAULT 'none',
    until_at           timestamptz,
    plmn               text,
    country            text,
    zone_id            text,
    place_since        timestamptz,
    place_reported_at  timestamptz,
    time_zone          text        NOT NULL,
    rule_counts        jsonb       NOT NULL DEFAULT '{}',
    terms              jsonb       NOT NULL,
    PRIMARY KEY (vshard, tenant_id, id)
) WITH (fillfactor = 65, autovacuum_vacuum_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.05);
CREATE UNIQUE INDEX account_subscription ON account (vshard, tenant_id, subscription_id);

-- Volumes in spending order.
CREATE TABLE bucket (
    vshard      smallint NOT NULL,
    tenant_id   int      NOT NULL,
    account_id  bigint   NOT NULL,
    id          int      NOT NULL,
    kind        text     NOT NULL,
    reference   text     NOT NULL,
    reason      text     NOT NULL,
    quota_bytes bigint   NOT NULL CHECK (quota_bytes >= 0),
    used_bytes  bigint   NOT NULL CHECK (used_bytes BETWEEN 0 AND quota_bytes),
    PRIMARY KEY (vshard, tenant_id, account_id, id),
    FOREIGN KEY (vshard, tenant_id, account_id) REFERENCES account
) WITH (fillfactor = 65, autovacuum_vacuum_scale_factor = 0.02);

-- What the drain detector remembers, at most 1 KB; apart, so that the hot row stays small.
CREATE TABLE account_drain (
    vshard     smallint NOT NULL,
    tenant_id  int      NOT NULL,
    account_id bigint   NOT NULL,
    state      bytea    NOT NULL CHECK (length(state) <= 1024),
    PRIMARY KEY (vshard, tenant_id, account_id)
) WITH (fillfactor = 65, autovacuum_vacuum_scale_factor = 0.02);

-- The next moment at which something changes although nothing is reported. Written only when that moment changes.
CREATE TABLE account_timer (
    vshard     smallint    NOT NULL,
    tenant_id  int         NOT NULL,
    account_id bigint      NOT NULL,
    due_at     timestamptz NOT NULL,
    PRIMARY KEY (vshard, tenant_id, account_id)
);
CREATE INDEX account_timer_due ON account_timer (due_at);

-- From a network's identifier, as keyed hash, to the account. The network does not know tenants, so the hash alone is the key.
CREATE TABLE account_link (
    kind       text        NOT NULL CHECK (kind IN ('IMSI', 'ICCID')),
    hash       bytea       NOT NULL CHECK (length(hash) = 16),
    vshard     smallint    NOT NULL,
    tenant_id  int         NOT NULL,
    account_id bigint      NOT NULL,
    linked_at  timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (kind, hash)
);

-- High-water marks of sessions whose feed reports cumulative counters.
CREATE TABLE account_session (
    vshard        smallint    NOT NULL,
    tenant_id     int         NOT NULL,
    account_id    bigint      NOT NULL,
    session       text        NOT NULL,
    up_bytes      bigint      NOT NULL,
    down_bytes    bigint      NOT NULL,
    last_event_at timestamptz NOT NULL,
    PRIMARY KEY (vshard, tenant_id, account_id, session)
) WITH (fillfactor = 70);

-- What was counted. The primary key is also what finds a record that comes again, and what finds an account's rows:
-- a resend names the same event, so it meets the same partition.
CREATE TABLE ledger (
    day         date        NOT NULL,
    vshard      smallint    NOT NULL,
    tenant_id   int         NOT NULL,
    account_id  bigint      NOT NULL,
    source      text        NOT NULL,
    key         text        NOT NULL,
    delta_bytes bigint      NOT NULL CHECK (delta_bytes >= 0),
    up_bytes    bigint      NOT NULL CHECK (up_bytes >= 0),
    down_bytes  bigint      NOT NULL CHECK (down_bytes >= 0),
    event_at    timestamptz NOT NULL,
    received_at timestamptz NOT NULL,
    zone        text        NOT NULL,
    category    text        NOT NULL,
    plmn        text        NOT NULL,
    rat         text        NOT NULL,
    PRIMARY KEY (day, vshard, tenant_id, account_id, source, key)
) PARTITION BY RANGE (day);
-- Takes what no day's partition takes, so that nothing is ever refused for want of a partition.
CREATE TABLE ledger_default PARTITION OF ledger DEFAULT;

CREATE TABLE usage_hour (
    vshard     smallint    NOT NULL,
    tenant_id  int         NOT NULL,
    account_id bigint      NOT NULL,
    hour       timestamptz NOT NULL,
    zone       text        NOT NULL,
    category   text        NOT NULL,
    plmn       text        NOT NULL,
    up_bytes   bigint      NOT NULL,
    down_bytes bigint      NOT NULL,
    PRIMARY KEY (vshard, tenant_id, account_id, hour, zone, category, plmn)
) WITH (fillfactor = 80);

CREATE TABLE restriction (
    vshard      smallint    NOT NULL,
    tenant_id   int         NOT NULL,
    account_id  bigint      NOT NULL,
    id          text        NOT NULL,
    class       text        NOT NULL,
    reason      text        NOT NULL,
    level       text        NOT NULL,
    down_kbps   int,
    up_kbps     int,
    rule_id     text,
    zone_id     text,
    category    text,
    from_at     timestamptz NOT NULL,
    until_kind  text        NOT NULL,
    until_at    timestamptz,
    PRIMARY KEY (vshard, tenant_id, account_id, id)
);

CREATE TABLE rule_set (
    vshard     smallint    NOT NULL,
    tenant_id  int         NOT NULL,
    account_id bigint      NOT NULL,
    owner      text        NOT NULL CHECK (owner IN ('USER', 'RESELLER', 'OPERATOR')),
    version    bigint      NOT NULL,
    rules      jsonb       NOT NULL,
    PRIMARY KEY (vshard, tenant_id, account_id, owner)
);

-- What the network should do, was told, and said it does.
CREATE TABLE policy_state (
    vshard            smallint    NOT NULL,
    tenant_id         int         NOT NULL,
    account_id        bigint      NOT NULL,
    subscription_id   bigint      NOT NULL,
    desired_version   bigint      NOT NULL,
    desired_at        timestamptz NOT NULL,
    sent_version      bigint      NOT NULL DEFAULT 0,
    sent_at           timestamptz,
    confirmed_version bigint      NOT NULL DEFAULT 0,
    confirmed_at      timestamptz,
    last_error        text,
    PRIMARY KEY (vshard, tenant_id, account_id)
) WITH (fillfactor = 70);
CREATE UNIQUE INDEX policy_state_subscription ON policy_state (vshard, tenant_id, subscription_id);

CREATE TABLE decision (
    vshard         smallint    NOT NULL,
    tenant_id      int         NOT NULL,
    account_id     bigint      NOT NULL,
    version        bigint      NOT NULL,
    decided_at     timestamptz NOT NULL,
    level          text        NOT NULL,
    down_kbps      int,
    up_kbps        int,
    reason         text        NOT NULL,
    restriction_id text,
    until_kind     text        NOT NULL,
    until_at       timestamptz,
    inputs         jsonb       NOT NULL,
    PRIMARY KEY (vshard, tenant_id, account_id, version)
);

-- What could not be counted, with its reason. Tenant 0: the subscriber is not known.
CREATE TABLE quarantine (
    tenant_id   int         NOT NULL DEFAULT 0,
    vshard      smallint    NOT NULL DEFAULT 0,
    source      text        NOT NULL,
    key         text        NOT NULL,
    reason      text        NOT NULL,
    id_kind     text        NOT NULL,
    id_hash     bytea       NOT NULL,
    record      jsonb       NOT NULL,
    received_at timestamptz NOT NULL,
    resolved_at timestamptz,
    resolution  text        CHECK (resolution IN ('released', 'dropped')),
    PRIMARY KEY (tenant_id, vshard, source, key)
);
CREATE INDEX quarantine_open ON quarantine (received_at) WHERE resolved_at IS NULL;

SELECT octroi_tenant_table(t::regclass, p) FROM (VALUES
    ('account', 'SELECT, INSERT, UPDATE'),
    ('bucket', 'SELECT, INSERT, UPDATE'),
    ('account_drain', 'SELECT, INSERT, UPDATE'),
    ('account_timer', 'SELECT, INSERT, UPDATE, DELETE'),
    ('account_link', 'SELECT, INSERT, UPDATE'),
    ('account_session', 'SELECT, INSERT, UPDATE, DELETE'),
    ('ledger', 'SELECT, INSERT'),
    ('ledger_default', 'SELECT'),
    ('usage_hour', 'SELECT, INSERT, UPDATE'),
    ('restriction', 'SELECT, INSERT, UPDATE, DELETE'),
    ('rule_set', 'SELECT, INSERT, UPDATE'),
    ('policy_state', 'SELECT, INSERT, UPDATE'),
    ('decision', 'SELECT, INSERT'),
    ('quarantine', 'SELECT, INSERT, UPDATE')) AS hot (t, p);

-- Makes the missing partitions of the days around today. Runs as the schema's owner, because the worker may not create
-- tables; a day whose rows lie in the default partition already stays there.
CREATE FUNCTION octroi_ledger_partitions(first_day date, last_day date) RETURNS int
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
    WHILE each <= last_day LOOP
        name := 'ledger_' || to_char(each, 'YYYYMMDD');
        IF to_regclass(name) IS NULL AND NOT EXISTS (SELECT 1 FROM ledger_default WHERE day = each) THEN
            EXECUTE format('CREATE TABLE %I PARTITION OF ledger FOR VALUES FROM (%L) TO (%L)', name, each, each + 1);
            PERFORM octroi_tenant_table(name::regclass, 'SELECT');
            made := made + 1;
        END IF;
        each := each + 1;
    END LOOP;
    RETURN made;
END $$;
REVOKE ALL ON FUNCTION octroi_ledger_partitions(date, date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION octroi_ledger_partitions(date, date) TO octroi_worker;
SELECT octroi_ledger_partitions(current_date - 4, current_date + 3);
