-- Alarms of the drain detector and the cases that people settle.

CREATE TABLE alarm (
    tenant_id           int         NOT NULL,
    vshard              smallint    NOT NULL,
    id                  bigint      NOT NULL,
    subscription_id     bigint      NOT NULL,
    -- Counts the incidents of a subscription: the detector tells a growing incident again under the same number.
    incident            int         NOT NULL,
    kind                text        NOT NULL CHECK (kind ~ '^[a-z]{1,16}$'),
    category            text        NOT NULL CHECK (length(category) <= 16),
    zone                text        NOT NULL CHECK (length(zone) <= 64),
    since               timestamptz NOT NULL,
    expected_low_bytes  bigint      NOT NULL CHECK (expected_low_bytes >= 0),
    expected_high_bytes bigint      NOT NULL CHECK (expected_high_bytes >= expected_low_bytes),
    observed_bytes      bigint      NOT NULL CHECK (observed_bytes >= 0),
    at_stake_bytes      bigint      NOT NULL CHECK (at_stake_bytes >= 0),
    -- [{"feature":…,"weight":…,"key":…}], largest first.
    reasons             jsonb       NOT NULL,
    -- What the plan made of it (notify, throttle, suspend), and the account's use when it was raised.
    action              text        NOT NULL DEFAULT 'notify' CHECK (action ~ '^[a-z_]{1,20}$'),
    recent              jsonb       NOT NULL DEFAULT '{}' CHECK (pg_column_size(recent) <= 20000),
    score               float8      NOT NULL,
    confidence          float8      NOT NULL CHECK (confidence BETWEEN 0 AND 1),
    state               text        NOT NULL DEFAULT 'open'
                        CHECK (state IN ('open', 'confirmed', 'dismissed', 'closed')),
    opened_at           timestamptz NOT NULL,
    updated_at          timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, vshard, id),
    UNIQUE (tenant_id, vshard, subscription_id, incident)
);
CREATE INDEX alarm_id ON alarm (id DESC);
CREATE INDEX alarm_queue ON alarm (tenant_id, opened_at DESC, id DESC) WHERE state = 'open';
SELECT octroi_tenant_table('alarm', 'SELECT, INSERT, UPDATE');

CREATE TABLE support_case (
    tenant_id       int         NOT NULL,
    vshard          smallint    NOT NULL,
    id              bigint      NOT NULL,
    subscription_id bigint      NOT NULL,
    -- The alarm that opened it; null when a person did.
    alarm_id        bigint,
    -- 'resolving' says that what was decided is being carried out; carrying it out twice does no harm.
    state           text        NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'resolving', 'resolved')),
    summary         text        NOT NULL DEFAULT '' CHECK (length(summary) <= 2000),
    opened_by       text        NOT NULL CHECK (length(opened_by) <= 120),
    opened_at       timestamptz NOT NULL,
    resolution      text        CHECK (resolution IN ('credited', 'lifted', 'credited_and_lifted', 'explained')),
    credit_bytes    bigint      NOT NULL DEFAULT 0 CHECK (credit_bytes >= 0),
    lift            boolean     NOT NULL DEFAULT false,
    reason          text        CHECK (length(reason) <= 500),
    resolved_by     text        CHECK (length(resolved_by) <= 120),
    resolved_at     timestamptz,
    PRIMARY KEY (tenant_id, vshard, id),
    UNIQUE (tenant_id, vshard, alarm_id)
);
CREATE INDEX support_case_id ON support_case (id DESC);
CREATE INDEX support_case_queue ON support_case (tenant_id, opened_at DESC, id DESC);
CREATE INDEX support_case_subscription ON support_case (tenant_id, vshard, subscription_id, opened_at DESC);
CREATE INDEX support_case_unfinished ON support_case (tenant_id, vshard, id) WHERE state = 'resolving';
SELECT octroi_tenant_table('support_case', 'SELECT, INSERT, UPDATE');
