-- Answers to keep for requests that are sent again with the same Idempotency-Key.

CREATE TABLE idempotency_key (
    tenant_id   int         NOT NULL,
    -- SHA-256 over client, method, path template and key: the key's text itself is nobody's business.
    scope_hash  bytea       NOT NULL CHECK (octet_length(scope_hash) = 32),
    -- SHA-256 over path, query and canonical body: the same key with another request is refused.
    fingerprint bytea       NOT NULL CHECK (octet_length(fingerprint) = 32),
    status      smallint    NOT NULL CHECK (status BETWEEN 200 AND 499),
    -- Header fields, media type and body, sealed: an answer may hold an activation code or a secret.
    response    bytea       NOT NULL CHECK (octet_length(response) <= 300000),
    created_at  timestamptz NOT NULL,
    expires_at  timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, scope_hash)
);
CREATE INDEX idempotency_key_expiry ON idempotency_key (expires_at);
SELECT octroi_tenant_table('idempotency_key', 'SELECT, INSERT, UPDATE, DELETE');
