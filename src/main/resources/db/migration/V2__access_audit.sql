-- Who may do what (clients, partners, self-care links), and the chained record of what was done.

-- A machine client of a tenant (OAuth 2 client credentials). The secret is stored as a salted slow hash only.
CREATE TABLE api_client (
    tenant_id          int         NOT NULL REFERENCES tenant,
    client_id          text        NOT NULL UNIQUE CHECK (client_id ~ '^cli_[0-9a-z]{16}$'),
    name               text        NOT NULL CHECK (length(name) BETWEEN 1 AND 120),
    secret_salt        bytea       NOT NULL CHECK (length(secret_salt) = 16),
    secret_hash        bytea       NOT NULL CHECK (length(secret_hash) = 32),
    secret_iterations  int         NOT NULL CHECK (secret_iterations >= 600000),
    scopes             text[]      NOT NULL,
    targets            text[]      NOT NULL DEFAULT '{}',
    certificate_sha256 bytea       CHECK (length(certificate_sha256) = 32),
    created_at         timestamptz NOT NULL,
    disabled_at        timestamptz,
    PRIMARY KEY (tenant_id, client_id)
);
SELECT octroi_tenant_table('api_client', 'SELECT, INSERT, UPDATE');

-- A machine behind mutual TLS, known by the hash of its public key. Tenant 0: it serves every tenant.
CREATE TABLE partner (
    tenant_id     int         NOT NULL DEFAULT 0,
    id            bigint      NOT NULL,
    kind          text        NOT NULL CHECK (kind IN ('network', 'sm-dp', 'reseller')),
    name          text        NOT NULL UNIQUE CHECK (length(name) BETWEEN 1 AND 120),
    key_sha256    bytea       NOT NULL UNIQUE CHECK (length(key_sha256) = 32),
    operations    text[]      NOT NULL,
    imsi_prefixes text[]      NOT NULL DEFAULT '{}',
    callback_url  text        CHECK (length(callback_url) <= 2048),
    created_at    timestamptz NOT NULL,
    disabled_at   timestamptz,
    PRIMARY KEY (tenant_id, id)
);
SELECT octroi_tenant_table('partner', 'SELECT, INSERT, UPDATE');

-- A traveller's link to the page of one subscription, found by the keyed hash of its token.
CREATE TABLE self_care_link (
    tenant_id       int         NOT NULL,
    vshard          smallint    NOT NULL,
    id              bigint      NOT NULL,
    subscription_id bigint      NOT NULL,
    token_hash      bytea       NOT NULL UNIQUE CHECK (length(token_hash) = 16),
    created_at      timestamptz NOT NULL,
    expires_at      timestamptz NOT NULL,
    revoked_at      timestamptz,
    PRIMARY KEY (tenant_id, vshard, id)
);
CREATE INDEX self_care_link_subscription ON self_care_link (tenant_id, vshard, subscription_id);
SELECT octroi_tenant_table('self_care_link');

-- One chain for each tenant: hash = SHA-256(prev || entry), where entry is the canonical JSON (RFC 8785) of everything
-- that happened, its own number included. The other columns are computed from it and cannot be changed apart from it.
CREATE TABLE audit (
    tenant_id int    NOT NULL,
    seq       bigint NOT NULL CHECK (seq > 0),
    entry     text   NOT NULL CHECK (length(entry) <= 65536),
    prev      bytea  NOT NULL,
    hash      bytea  NOT NULL CHECK (length(hash) = 32),
    action    text   GENERATED ALWAYS AS ((entry::jsonb) ->> 'action') STORED,
    object_id text   GENERATED ALWAYS AS ((entry::jsonb) ->> 'objectId') STORED,
    PRIMARY KEY (tenant_id, seq)
);
CREATE INDEX audit_object ON audit (tenant_id, object_id, seq);
SELECT octroi_tenant_table('audit', 'SELECT, INSERT');

-- The end of each chain; its row lock puts the appending transactions of one tenant in order.
CREATE TABLE audit_head (
    tenant_id int    NOT NULL PRIMARY KEY,
    seq       bigint NOT NULL,
    hash      bytea  NOT NULL
);
SELECT octroi_tenant_table('audit_head', 'SELECT, INSERT, UPDATE');

CREATE FUNCTION audit_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit log is append-only' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_change();

-- Appends entries of one or more tenants. Each entry comes as the text before and after its sequence number. Heads are
-- locked in the order of tenants, so two batches cannot wait for each other.
CREATE FUNCTION audit_append(tenants int[], befores text[], afters text[]) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    head  audit_head;
    given record;
    line  text;
    link  bytea;
BEGIN
    INSERT INTO audit_head (tenant_id, seq, hash)
    SELECT DISTINCT t, 0, ''::bytea FROM unnest(tenants) AS t ORDER BY t
    ON CONFLICT DO NOTHING;
    FOR head IN SELECT * FROM audit_head WHERE tenant_id = ANY (tenants) ORDER BY tenant_id FOR UPDATE LOOP
        FOR given IN
            SELECT u.before, u.after
            FROM unnest(tenants, befores, afters) WITH ORDINALITY AS u (tenant_id, before, after, position)
            WHERE u.tenant_id = head.tenant_id
            ORDER BY u.position
        LOOP
            line := given.before || (head.seq + 1) || given.after;
            link := sha256(head.hash || convert_to(line, 'UTF8'));
            INSERT INTO audit (tenant_id, seq, entry, prev, hash)
            VALUES (head.tenant_id, head.seq + 1, line, head.hash, link);
            head.seq := head.seq + 1;
            head.hash := link;
        END LOOP;
        UPDATE audit_head SET seq = head.seq, hash = head.hash WHERE tenant_id = head.tenant_id;
    END LOOP;
END $$;
