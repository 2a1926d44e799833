-- Charging sessions of 3GPP consumers (TS 32.290): what an account has promised to whom, and what was answered last, so
-- that a message that comes again gets the same answer.
CREATE TABLE charging_session (
    vshard         smallint    NOT NULL,
    tenant_id      int         NOT NULL,
    account_id     bigint      NOT NULL,
    number         bigint      NOT NULL,
    partner_id     bigint      NOT NULL,
    open           boolean     NOT NULL,
    promised_bytes bigint      NOT NULL CHECK (promised_bytes >= 0),
    grants_until   timestamptz NOT NULL,
    touched_at     timestamptz NOT NULL,
    waiting        boolean     NOT NULL,
    notices        bigint      NOT NULL,
    -- Sealed: an address may carry the subscriber's number.
    notify_to      text        CHECK (length(notify_to) <= 4000),
    details        jsonb       NOT NULL,
    PRIMARY KEY (vshard, tenant_id, account_id, number)
) WITH (fillfactor = 60, autovacuum_vacuum_scale_factor = 0.02);
SELECT octroi_tenant_table('charging_session');

-- Notifications of the charging function are a stream of their own; the endpoint is the partner, the key the session.
ALTER TABLE outbox DROP CONSTRAINT outbox_stream_check;
ALTER TABLE outbox ADD CONSTRAINT outbox_stream_check CHECK (stream IN ('network', 'webhook', 'es2', 'charging'));
