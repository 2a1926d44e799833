-- Profiles, download sessions and what cards reported. Identifiers are sealed; *_idx columns are keyed hashes.

-- Numbers of the built-in SM-DP+: ICCID and IMSI are made of them. Gaps do no harm, so no lock is needed.
CREATE SEQUENCE profile_number AS bigint MINVALUE 1 MAXVALUE 9999999999 NO CYCLE;
GRANT USAGE ON SEQUENCE profile_number TO octroi_app, octroi_worker;

CREATE TABLE profile (
    tenant_id           int         NOT NULL REFERENCES tenant,
    vshard              smallint    NOT NULL,
    id                  bigint      NOT NULL,
    driver              text        NOT NULL DEFAULT 'built-in' CHECK (driver ~ '^[a-z0-9-]{1,40}$'),
    profile_type        text        NOT NULL CHECK (length(profile_type) BETWEEN 1 AND 100),
    provider_name       text        NOT NULL CHECK (octet_length(provider_name) <= 32),
    profile_name        text        NOT NULL CHECK (octet_length(profile_name) <= 64),
    iccid_sealed        bytea       NOT NULL,
    iccid_idx           bytea       NOT NULL CHECK (length(iccid_idx) = 16),
    imsi_sealed         bytea,
    imsi_idx            bytea       CHECK (length(imsi_idx) = 16),
    matching_sealed     bytea,
    matching_idx        bytea       CHECK (length(matching_idx) = 16),
    confirmation_sealed bytea,
    operator_id         bigint      NOT NULL DEFAULT 0,
    state               text        NOT NULL CHECK (state IN ('available', 'allocated', 'linked', 'confirmed',
                            'released', 'downloaded', 'installed', 'error', 'unavailable')),
    card_state          text        NOT NULL DEFAULT 'none'
                            CHECK (card_state IN ('none', 'disabled', 'enabled', 'deleted')),
    error_cause         text        CHECK ((state = 'error') = (error_cause IS NOT NULL)),
    error_detail        text        CHECK (length(error_detail) <= 200),
    eid_sealed          bytea,
    eid_idx             bytea       CHECK (length(eid_idx) = 16),
    eid_reserved        boolean     NOT NULL DEFAULT false,
    downloads           int         NOT NULL DEFAULT 0,
    download_limit      int         NOT NULL CHECK (download_limit BETWEEN 1 AND 1000),
    confirmations       int         NOT NULL DEFAULT 0,
    confirmation_limit  int         NOT NULL CHECK (confirmation_limit BETWEEN 1 AND 1000),
    expires_at          timestamptz,
    bound_key           bytea,
    bound_transaction   bytea,
    card_curve          text,
    card_key            bytea,
    last_sequence       bigint      NOT NULL DEFAULT -1,
    progress_no         int         NOT NULL DEFAULT 0,
    version             int         NOT NULL DEFAULT 0,
    created_at          timestamptz NOT NULL,
    updated_at          timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, vshard, id)
);
CREATE UNIQUE INDEX profile_iccid ON profile (iccid_idx);
CREATE UNIQUE INDEX profile_imsi ON profile (imsi_idx) WHERE imsi_idx IS NOT NULL;
CREATE UNIQUE INDEX profile_matching ON profile (matching_idx) WHERE matching_idx IS NOT NULL;
CREATE INDEX profile_eid ON profile (eid_idx) WHERE eid_idx IS NOT NULL;
CREATE INDEX profile_transaction ON profile (bound_transaction) WHERE bound_transaction IS NOT NULL;
SELECT octroi_tenant_table('profile');

-- K and OPc apart from everything that a request of a reseller may read: the tenant's role can write and never read.
CREATE TABLE profile_key (
    tenant_id   int      NOT NULL,
    vshard      smallint NOT NULL,
    profile_id  bigint   NOT NULL,
    keys_sealed bytea    NOT NULL,
    PRIMARY KEY (tenant_id, vshard, profile_id),
    FOREIGN KEY (tenant_id, vshard, profile_id) REFERENCES profile ON DELETE CASCADE
);
SELECT octroi_tenant_table('profile_key', 'INSERT, DELETE');
GRANT SELECT, UPDATE ON profile_key TO octroi_worker;

-- The package made for a card's one-time key: the same key gets the very same package again.
CREATE TABLE rsp_package (
    tenant_id  int         NOT NULL,
    vshard     smallint    NOT NULL,
    profile_id bigint      NOT NULL,
    package    bytea       NOT NULL,
    bound_at   timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, vshard, profile_id),
    FOREIGN KEY (tenant_id, vshard, profile_id) REFERENCES profile ON DELETE CASCADE
);
ALTER TABLE rsp_package ALTER COLUMN package SET STORAGE EXTERNAL;
SELECT octroi_tenant_table('rsp_package');
REVOKE ALL ON rsp_package FROM octroi_app;

-- Sessions begin before a tenant is known; a device names a transaction only.
CREATE TABLE rsp_session (
    transaction_id bytea       PRIMARY KEY CHECK (length(transaction_id) BETWEEN 1 AND 16),
    tenant_id      int,
    profile_id     bigint,
    state_sealed   bytea       NOT NULL,
    created_at     timestamptz NOT NULL,
    expires_at     timestamptz NOT NULL
);
CREATE INDEX rsp_session_expiry ON rsp_session (expires_at);
SELECT octroi_tenant_table('rsp_session');
REVOKE ALL ON rsp_session FROM octroi_app;

-- What cards reported, as received; (card, number) makes a second delivery harmless.
CREATE TABLE rsp_notification (
    tenant_id   int         NOT NULL,
    vshard      smallint    NOT NULL,
    eid_idx     bytea       NOT NULL CHECK (length(eid_idx) = 16),
    sequence    bigint      NOT NULL,
    profile_id  bigint      NOT NULL,
    kind        text        NOT NULL CHECK (kind IN ('install', 'enable', 'disable', 'delete')),
    raw_sealed  bytea       NOT NULL,
    received_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, vshard, eid_idx, sequence),
    FOREIGN KEY (tenant_id, vshard, profile_id) REFERENCES profile ON DELETE CASCADE
);
SELECT octroi_tenant_table('rsp_notification');

-- The timeline of a profile, one row for each step.
CREATE TABLE rsp_progress (
    tenant_id    int         NOT NULL,
    vshard       smallint    NOT NULL,
    profile_id   bigint      NOT NULL,
    no           int         NOT NULL,
    at           timestamptz NOT NULL,
    step         text        NOT NULL,
    ok           boolean     NOT NULL,
    subject_code text,
    reason_code  text,
    message      text        CHECK (length(message) <= 400),
    device       jsonb,
    PRIMARY KEY (tenant_id, vshard, profile_id, no),
    FOREIGN KEY (tenant_id, vshard, profile_id) REFERENCES profile ON DELETE CASCADE
);
SELECT octroi_tenant_table('rsp_progress');
