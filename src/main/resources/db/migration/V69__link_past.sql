-- Whom a SIM was linked to before: what it used until then and is reported later is still that account's. A row is left by each
-- link that moves or goes, whoever moves it; 'until_at' is the first moment that is not the account's any more.
CREATE TABLE account_link_past (
    kind       text        NOT NULL,
    hash       bytea       NOT NULL CHECK (length(hash) = 16),
    vshard     smallint    NOT NULL,
    tenant_id  int         NOT NULL,
    account_id bigint      NOT NULL,
    until_at   timestamptz NOT NULL,
    PRIMARY KEY (kind, hash, until_at)
);
CREATE INDEX account_link_past_until ON account_link_past (until_at);
SELECT octroi_tenant_table('account_link_past', 'SELECT, INSERT');
GRANT DELETE ON account_link_past TO octroi_worker;

CREATE OR REPLACE FUNCTION account_link_moved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR NEW.tenant_id <> OLD.tenant_id OR NEW.account_id <> OLD.account_id THEN
        INSERT INTO account_link_past (kind, hash, vshard, tenant_id, account_id, until_at)
        VALUES (OLD.kind, OLD.hash, OLD.vshard, OLD.tenant_id, OLD.account_id, now())
        ON CONFLICT (kind, hash, until_at) DO NOTHING;
    END IF;
    PERFORM pg_notify('octroi_link_moved', OLD.kind || ':' || encode(OLD.hash, 'hex'));
    RETURN NULL;
END $$;
