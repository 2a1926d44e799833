-- Which restrictions held at any moment, from which rule and version, with which inputs: "why was it slow?". A row for each
-- beginning, change and end; those of 400 days ago go when the account's next one comes, unless they hold still.
CREATE TABLE restriction_log (
    vshard       smallint    NOT NULL,
    tenant_id    int         NOT NULL,
    account_id   bigint      NOT NULL,
    at           timestamptz NOT NULL,
    seq          bigint      GENERATED ALWAYS AS IDENTITY,
    id           text        NOT NULL,
    held         boolean     NOT NULL,
    class        text,
    reason       text,
    level        text,
    down_kbps    int,
    up_kbps      int,
    rule_id      text,
    rule_version bigint      NOT NULL DEFAULT 0,
    zone_id      text,
    category     text,
    from_at      timestamptz,
    until_kind   text,
    until_at     timestamptz,
    inputs       jsonb       NOT NULL DEFAULT '{}',
    PRIMARY KEY (vshard, tenant_id, account_id, at, seq)
);
SELECT octroi_tenant_table('restriction_log', 'SELECT, INSERT, DELETE');
