-- What happened (event), what must be told to whom (outbox), who asked to be told (webhook_endpoint), and how each
-- attempt went (delivery). No identifier is stored here in clear: rows refer, and the sender resolves at sending time.

CREATE TABLE webhook_endpoint (
    tenant_id        int         NOT NULL,
    id               bigint      NOT NULL,
    vshard           smallint    NOT NULL,
    url              text        NOT NULL CHECK (length(url) BETWEEN 8 AND 2048),
    description      text        NOT NULL DEFAULT '' CHECK (length(description) <= 200),
    -- Event types such as policy.decided, families such as policy; an empty array asks for all.
    event_types      text[]      NOT NULL DEFAULT '{}' CHECK (cardinality(event_types) <= 64),
    -- v1: signed with the shared secret and with the installation's key; v1a: with the latter only.
    signature        text        NOT NULL DEFAULT 'v1' CHECK (signature IN ('v1', 'v1a')),
    secret_sealed    bytea       NOT NULL,
    -- After a rotation both secrets sign until previous_until.
    previous_sealed  bytea,
    previous_until   timestamptz,
    state            text        NOT NULL DEFAULT 'active' CHECK (state IN ('active', 'disabled')),
    disabled_reason  text        CHECK (length(disabled_reason) <= 200),
    failing_since    timestamptz,
    created_at       timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, vshard, id)
);
CREATE INDEX webhook_endpoint_active ON webhook_endpoint (tenant_id) WHERE state = 'active';
SELECT octroi_tenant_table('webhook_endpoint');

CREATE TABLE event (
    tenant_id   int         NOT NULL,
    vshard      smallint    NOT NULL,
    id          bigint      NOT NULL,
    -- The transaction that wrote the row. A reader that stops before the oldest running transaction never misses one:
    -- identifiers alone would not do, because a smaller one may commit later.
    txid        bigint      NOT NULL DEFAULT (pg_current_xact_id()::text::bigint),
    type        text        NOT NULL CHECK (type ~ '^[a-z][a-z_]{0,40}(\.[a-z][a-z_]{0,40}){1,3}$'),
    subject_id  bigint      NOT NULL,
    data        jsonb       NOT NULL CHECK (pg_column_size(data) <= 20000),
    at          timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, vshard, id)
);
CREATE INDEX event_feed ON event (tenant_id, txid, id);
CREATE INDEX event_at ON event (at);
CREATE INDEX event_subject ON event (tenant_id, vshard, subject_id, at DESC);
SELECT octroi_tenant_table('event');

CREATE TABLE outbox (
    tenant_id        int         NOT NULL,
    vshard           smallint    NOT NULL,
    -- Goes out as webhook-id. For stream webhook it is the event's id, so one event has one row for each endpoint.
    id               bigint      NOT NULL,
    stream           text        NOT NULL CHECK (stream IN ('network', 'webhook', 'es2')),
    -- A webhook endpoint, or the operator partner of the streams network and es2 (0: the only one configured).
    endpoint_id      bigint      NOT NULL DEFAULT 0,
    -- Rows of one key are sent one after the other, by version. The subscription.
    key              bigint      NOT NULL,
    version          bigint      NOT NULL,
    payload          jsonb       NOT NULL DEFAULT '{}' CHECK (pg_column_size(payload) <= 20000),
    created_at       timestamptz NOT NULL,
    -- When the row is due. While it is being sent: when its lease ends and another gateway may take it.
    next_at          timestamptz NOT NULL,
    lease_owner      bigint,
    attempts         int         NOT NULL DEFAULT 0,
    state            text        NOT NULL DEFAULT 'pending'
                     CHECK (state IN ('pending', 'delivered', 'superseded', 'dead')),
    first_attempt_at timestamptz,
    done_at          timestamptz,
    last_status      int,
    last_error       text        CHECK (length(last_error) <= 200),
    PRIMARY KEY (tenant_id, vshard, id, endpoint_id),
    UNIQUE (tenant_id, vshard, stream, endpoint_id, key, version)
) WITH (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.02);
-- One endpoint's due rows, without touching those of any other.
CREATE INDEX outbox_due ON outbox (stream, endpoint_id, next_at) WHERE state = 'pending';
-- The oldest pending row of a key.
CREATE INDEX outbox_head ON outbox (tenant_id, vshard, stream, endpoint_id, key, version) WHERE state = 'pending';
CREATE INDEX outbox_endpoint ON outbox (tenant_id, endpoint_id, id DESC);
CREATE INDEX outbox_done ON outbox (done_at) WHERE done_at IS NOT NULL;
SELECT octroi_tenant_table('outbox');

CREATE TABLE delivery (
    tenant_id    int         NOT NULL,
    vshard       smallint    NOT NULL,
    outbox_id    bigint      NOT NULL,
    endpoint_id  bigint      NOT NULL,
    attempt      int         NOT NULL,
    at           timestamptz NOT NULL,
    duration_ms  int         NOT NULL,
    -- The HTTP status; null when no answer came.
    status       int,
    error        text        CHECK (length(error) <= 200),
    PRIMARY KEY (tenant_id, vshard, outbox_id, endpoint_id, attempt)
);
CREATE INDEX delivery_at ON delivery (at);
SELECT octroi_tenant_table('delivery');
