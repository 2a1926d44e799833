-- What is sold (plan, zone), what was asked for (quote, purchase) and what came of it (subscription, top_up).

-- One row for each version; rows never change, so what was sold keeps its terms and its label. The current version is
-- the highest one, and two writers of the same next version meet at the primary key.
CREATE TABLE plan (
    tenant_id  int         NOT NULL,
    id         bigint      NOT NULL,
    version    int         NOT NULL CHECK (version > 0),
    name       text        NOT NULL CHECK (length(name) BETWEEN 1 AND 120),
    amount     numeric(16, 4) NOT NULL CHECK (amount >= 0),
    currency   text        NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
    -- What counting and policy need: copied into the account when it opens.
    terms      jsonb       NOT NULL,
    -- What selling needs beside: countries, top-up price, breakout.
    sale       jsonb       NOT NULL,
    -- The facts of the tariff label and the SHA-256 of their canonical form.
    label      jsonb       NOT NULL,
    label_hash bytea       NOT NULL CHECK (octet_length(label_hash) = 32),
    created_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id, version)
);
SELECT octroi_tenant_table('plan', 'SELECT, INSERT');

CREATE TABLE zone (
    tenant_id      int         NOT NULL,
    id             bigint      NOT NULL,
    version        int         NOT NULL CHECK (version > 0),
    name           text        NOT NULL CHECK (length(name) BETWEEN 1 AND 120),
    -- MCC-MNC-TAC or MCC-MNC-TAC-CELL, in hexadecimal from the TAC on.
    tracking_areas text[]      NOT NULL CHECK (cardinality(tracking_areas) <= 2000),
    networks       text[]      NOT NULL CHECK (cardinality(networks) <= 500),
    created_at     timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id, version)
);
SELECT octroi_tenant_table('zone', 'SELECT, INSERT');

CREATE TABLE quote (
    tenant_id    int         NOT NULL,
    id           bigint      NOT NULL,
    plan_id      bigint      NOT NULL,
    plan_version int         NOT NULL,
    quantity     int         NOT NULL CHECK (quantity BETWEEN 1 AND 20),
    amount       numeric(16, 4) NOT NULL,
    currency     text        NOT NULL,
    expires_at   timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, plan_id, plan_version) REFERENCES plan (tenant_id, id, version)
);
CREATE INDEX quote_expiry ON quote (expires_at);
SELECT octroi_tenant_table('quote', 'SELECT, INSERT, UPDATE, DELETE');

-- An order; the word itself is reserved in SQL.
CREATE TABLE purchase (
    tenant_id          int         NOT NULL,
    vshard             smallint    NOT NULL,
    id                 bigint      NOT NULL,
    status             text        NOT NULL CHECK (status IN ('completed', 'failed')),
    plan_id            bigint      NOT NULL,
    plan_version       int         NOT NULL,
    quantity           int         NOT NULL CHECK (quantity BETWEEN 1 AND 20),
    amount             numeric(16, 4) NOT NULL,
    currency           text        NOT NULL,
    external_reference text        CHECK (length(external_reference) <= 80),
    created_at         timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, vshard, id),
    FOREIGN KEY (tenant_id, plan_id, plan_version) REFERENCES plan (tenant_id, id, version)
);
SELECT octroi_tenant_table('purchase', 'SELECT, INSERT');

CREATE TABLE subscription (
    tenant_id    int         NOT NULL,
    vshard       smallint    NOT NULL,
    id           bigint      NOT NULL,
    order_id     bigint      NOT NULL,
    plan_id      bigint      NOT NULL,
    plan_version int         NOT NULL,
    profile_id   bigint      NOT NULL,
    account_id   bigint      NOT NULL,
    time_zone    text        NOT NULL CHECK (length(time_zone) <= 50),
    language     text        NOT NULL CHECK (language ~ '^[a-z]{2}$'),
    created_at   timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, vshard, id),
    FOREIGN KEY (tenant_id, plan_id, plan_version) REFERENCES plan (tenant_id, id, version),
    FOREIGN KEY (tenant_id, vshard, order_id) REFERENCES purchase (tenant_id, vshard, id)
);
CREATE INDEX subscription_newest ON subscription (tenant_id, id DESC);
CREATE INDEX subscription_order ON subscription (tenant_id, vshard, order_id);
CREATE UNIQUE INDEX subscription_profile ON subscription (tenant_id, vshard, profile_id);
CREATE INDEX subscription_account ON subscription (tenant_id, vshard, account_id);
SELECT octroi_tenant_table('subscription', 'SELECT, INSERT, UPDATE');

CREATE TABLE top_up (
    tenant_id          int         NOT NULL,
    vshard             smallint    NOT NULL,
    id                 bigint      NOT NULL,
    subscription_id    bigint      NOT NULL,
    -- What the account knows the top-up by, so that a retried request counts once.
    reference          text        NOT NULL CHECK (length(reference) BETWEEN 1 AND 80),
    bytes              bigint      NOT NULL CHECK (bytes > 0),
    amount             numeric(16, 4),
    currency           text,
    external_reference text        CHECK (length(external_reference) <= 80),
    created_at         timestamptz NOT NULL,
    -- When the account took it.
    applied_at         timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, vshard, id),
    UNIQUE (tenant_id, vshard, reference),
    FOREIGN KEY (tenant_id, vshard, subscription_id) REFERENCES subscription (tenant_id, vshard, id)
);
CREATE INDEX top_up_subscription ON top_up (tenant_id, vshard, subscription_id, id DESC);
SELECT octroi_tenant_table('top_up', 'SELECT, INSERT');
