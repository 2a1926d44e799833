-- Tenants, and the one function through which every later table gets its row-level security.

CREATE TABLE tenant (
    tenant_id  int         GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    slug       text        NOT NULL UNIQUE CHECK (slug ~ '^[a-z0-9][a-z0-9-]{1,40}$'),
    name       text        NOT NULL CHECK (length(name) BETWEEN 1 AND 120),
    created_at timestamptz NOT NULL DEFAULT now(),
    disabled_at timestamptz
);

GRANT USAGE ON SCHEMA public TO octroi_app, octroi_worker;
GRANT SELECT ON tenant TO octroi_app;
GRANT SELECT, INSERT, UPDATE ON tenant TO octroi_worker;
ALTER TABLE tenant ENABLE ROW LEVEL SECURITY;
ALTER TABLE tenant FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant_own ON tenant FOR SELECT TO octroi_app
    USING (tenant_id = nullif(current_setting('app.tenant', true), '')::int);
CREATE POLICY tenant_worker ON tenant TO octroi_worker USING (true) WITH CHECK (true);

-- Call once for each table that has a tenant_id. After a transaction that set app.tenant locally, the setting reads
-- '' and not NULL: hence nullif. Privileges: what the table's owner passes, the same for both roles.
CREATE FUNCTION octroi_tenant_table(target regclass, privileges text DEFAULT 'SELECT, INSERT, UPDATE, DELETE')
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', target);
    EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', target);
    EXECUTE format('CREATE POLICY tenant_own ON %s TO octroi_app
        USING (tenant_id = nullif(current_setting(''app.tenant'', true), '''')::int)
        WITH CHECK (tenant_id = nullif(current_setting(''app.tenant'', true), '''')::int)', target);
    EXECUTE format('CREATE POLICY tenant_worker ON %s TO octroi_worker USING (true) WITH CHECK (true)', target);
    EXECUTE format('GRANT %s ON %s TO octroi_app, octroi_worker', privileges, target);
END $$;
