-- Requests whose effect is made in another transaction than their answer is kept in: that they were begun. One that is found
-- here without an answer broke off, and may have had its effect.
CREATE TABLE idempotency_begun (
    tenant_id   int         NOT NULL,
    scope_hash  bytea       NOT NULL CHECK (octet_length(scope_hash) = 32),
    expires_at  timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, scope_hash)
);
CREATE INDEX idempotency_begun_expiry ON idempotency_begun (expires_at);
SELECT octroi_tenant_table('idempotency_begun', 'SELECT, INSERT, UPDATE, DELETE');
