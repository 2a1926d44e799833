-- Orders of profiles at another SM-DP+. The row is written in the transaction that takes the reseller's order; the calls
-- follow after its commit, and a job goes on with what a crash left.
CREATE TABLE profile_order (
    tenant_id       int         NOT NULL REFERENCES tenant,
    vshard          smallint    NOT NULL,
    profile_id      bigint      NOT NULL,
    profile_type    text        NOT NULL CHECK (length(profile_type) BETWEEN 1 AND 100),
    profile_name    text        NOT NULL CHECK (octet_length(profile_name) <= 64),
    -- wanted: no profile is known to be reserved; reserved: its number is known; ready: may be downloaded.
    state           text        NOT NULL DEFAULT 'wanted' CHECK (state IN ('wanted', 'reserved', 'ready', 'failed')),
    -- Chosen here before it is sent, so that it is known also when the answer is lost.
    matching_sealed bytea       NOT NULL,
    smdp_address    text        CHECK (length(smdp_address) <= 255),
    -- Goes into the call's identifier: a call that was refused is made anew under another one.
    round           int         NOT NULL DEFAULT 0,
    -- How often the present call was sent without an answer.
    unanswered      int         NOT NULL DEFAULT 0,
    attempts        int         NOT NULL DEFAULT 0,
    -- When the order is due. While it is in hand: when another gateway may take it.
    next_at         timestamptz NOT NULL,
    subject_code    text        CHECK (length(subject_code) <= 20),
    reason_code     text        CHECK (length(reason_code) <= 20),
    message         text        CHECK (length(message) <= 200),
    created_at      timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, vshard, profile_id)
);
CREATE INDEX profile_order_due ON profile_order (next_at) WHERE state IN ('wanted', 'reserved');
SELECT octroi_tenant_table('profile_order', 'SELECT, INSERT, UPDATE');

ALTER TABLE purchase DROP CONSTRAINT purchase_status_check;
ALTER TABLE purchase ADD CONSTRAINT purchase_status_check
    CHECK (status IN ('pending', 'completed', 'partial', 'failed'));
GRANT UPDATE ON purchase TO octroi_worker;

-- What another SM-DP+ has told of its profiles, so that a second telling is recognised.
CREATE TABLE es2_progress (
    tenant_id   int         NOT NULL,
    vshard      smallint    NOT NULL,
    profile_id  bigint      NOT NULL,
    digest      bytea       NOT NULL CHECK (length(digest) = 16),
    received_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, vshard, profile_id, digest),
    FOREIGN KEY (tenant_id, vshard, profile_id) REFERENCES profile ON DELETE CASCADE
);
SELECT octroi_tenant_table('es2_progress', 'SELECT, INSERT');
REVOKE ALL ON es2_progress FROM octroi_app;
