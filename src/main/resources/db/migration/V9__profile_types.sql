-- Operators' profiles: types with their packages, stock made from them, and contents protected ahead of the download.

CREATE TABLE profile_type (
    tenant_id  int         NOT NULL REFERENCES tenant,
    id         bigint      NOT NULL,
    name       text        NOT NULL CHECK (name ~ '^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$'),
    version    int         NOT NULL CHECK (version BETWEEN 1 AND 1000),
    retired    boolean     NOT NULL DEFAULT false,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, name)
);
SELECT octroi_tenant_table('profile_type');

-- A version never changes, so a copy of it in memory is never stale; profiles keep the version they were imported with.
CREATE TABLE profile_type_version (
    tenant_id  int         NOT NULL,
    type_id    bigint      NOT NULL,
    version    int         NOT NULL,
    terms      jsonb       NOT NULL,
    facts      jsonb       NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, type_id, version),
    FOREIGN KEY (tenant_id, type_id) REFERENCES profile_type ON DELETE CASCADE
);
SELECT octroi_tenant_table('profile_type_version');

-- The package holds the operator's secrets: sealed, and out of reach of the tenant's role.
CREATE TABLE profile_type_package (
    tenant_id       int    NOT NULL,
    type_id         bigint NOT NULL,
    version         int    NOT NULL,
    template_sealed bytea  NOT NULL,
    PRIMARY KEY (tenant_id, type_id, version),
    FOREIGN KEY (tenant_id, type_id, version) REFERENCES profile_type_version ON DELETE CASCADE
);
ALTER TABLE profile_type_package ALTER COLUMN template_sealed SET STORAGE EXTERNAL;
SELECT octroi_tenant_table('profile_type_package');
REVOKE ALL ON profile_type_package FROM octroi_app;

-- type_id 0: made here. order_no tells one order of a profile from the next; what was protected for one serves no other.
ALTER TABLE profile
    ADD COLUMN type_id      bigint  NOT NULL DEFAULT 0,
    ADD COLUMN type_version int     NOT NULL DEFAULT 0,
    ADD COLUMN order_no     int     NOT NULL DEFAULT 0,
    ADD COLUMN protect      boolean NOT NULL DEFAULT false,
    ADD COLUMN protected_no int     NOT NULL DEFAULT -1;
CREATE INDEX profile_stock ON profile (tenant_id, profile_type, state, id);
CREATE INDEX profile_list ON profile (tenant_id, id);
CREATE INDEX profile_to_protect ON profile (id)
    WHERE protect AND state = 'released' AND protected_no <> order_no;

CREATE TABLE rsp_protected (
    tenant_id    int         NOT NULL,
    vshard       smallint    NOT NULL,
    profile_id   bigint      NOT NULL,
    order_no     int         NOT NULL,
    keys_sealed  bytea       NOT NULL,
    segments     bytea       NOT NULL,
    protected_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, vshard, profile_id),
    FOREIGN KEY (tenant_id, vshard, profile_id) REFERENCES profile ON DELETE CASCADE
);
ALTER TABLE rsp_protected ALTER COLUMN segments SET STORAGE EXTERNAL;
SELECT octroi_tenant_table('rsp_protected');
REVOKE ALL ON rsp_protected FROM octroi_app;
