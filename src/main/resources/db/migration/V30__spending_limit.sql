-- Subscriptions of PCFs to the policy counters of an account (3GPP TS 29.594).
CREATE TABLE spending_limit (
    vshard     smallint    NOT NULL,
    tenant_id  int         NOT NULL,
    account_id bigint      NOT NULL,
    number     bigint      NOT NULL,
    partner_id bigint      NOT NULL,
    -- Sealed JSON: the subscriber as the PCF names it, its address and its own name for the subscription.
    context    bytea       NOT NULL CHECK (length(context) <= 8000),
    -- Policy counters asked for; empty: all.
    counters   text[]      NOT NULL CHECK (cardinality(counters) <= 16),
    expires_at timestamptz NOT NULL,
    -- What was told last, and how often something was told.
    told       text        NOT NULL CHECK (length(told) <= 4000),
    notices    bigint      NOT NULL DEFAULT 0,
    ended      boolean     NOT NULL DEFAULT false,
    PRIMARY KEY (vshard, tenant_id, account_id, number)
);
CREATE INDEX spending_limit_expiry ON spending_limit (expires_at);
SELECT octroi_tenant_table('spending_limit');
