-- ES2+ of a partner: the identifier that it calls under, the profile types that it may order (none: all), and the
-- notification points that it hears of (null: the standard ones).
ALTER TABLE partner
    ADD COLUMN requester_id        text   CHECK (length(requester_id) BETWEEN 1 AND 255),
    ADD COLUMN profile_types       text[] NOT NULL DEFAULT '{}' CHECK (cardinality(profile_types) <= 100),
    ADD COLUMN notification_points jsonb  CHECK (pg_column_size(notification_points) <= 2000);
CREATE INDEX partner_requester ON partner (requester_id) WHERE requester_id IS NOT NULL;

-- Functions of ES2+ that were carried out, so that a call that is sent again does nothing twice. The hashes are keyed;
-- the answer is read from the profile. A call is forgotten when the order that it belongs to is over.
CREATE TABLE es2_call (
    tenant_id  int         NOT NULL,
    call_idx   bytea       NOT NULL CHECK (length(call_idx) = 16),
    content    bytea       NOT NULL CHECK (length(content) = 16),
    profile_id bigint      NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, call_idx)
);
CREATE INDEX es2_call_profile ON es2_call (tenant_id, profile_id);
CREATE INDEX es2_call_age ON es2_call (created_at);
SELECT octroi_tenant_table('es2_call', 'SELECT, INSERT, UPDATE, DELETE');
