-- Changes of policy over many subscriptions: proposed, approved by somebody else, rolled out in steps, undone.
-- See docs/adr/0031-changes-over-many-subscriptions.md.

CREATE TABLE policy_change (
    tenant_id      int         NOT NULL REFERENCES tenant,
    id             bigint      NOT NULL,
    version        bigint      NOT NULL DEFAULT 1,
    state          text        NOT NULL CHECK (state IN ('waiting', 'running', 'paused', 'stopped', 'completed',
                                                         'rejected', 'withdrawn', 'expired', 'undoing', 'undone')),
    act            jsonb       NOT NULL,
    target         jsonb       NOT NULL,
    steps          jsonb       NOT NULL,
    restricted_percent  int    NOT NULL CHECK (restricted_percent BETWEEN 0 AND 100),
    undelivered_percent int    NOT NULL CHECK (undelivered_percent BETWEEN 0 AND 100),
    reason         text        NOT NULL CHECK (length(reason) BETWEEN 1 AND 200),
    total          int         NOT NULL CHECK (total > 0),
    step           int         NOT NULL DEFAULT 0,
    step_done_at   timestamptz,
    stop_reason    text,
    proposed_by    text        NOT NULL,
    proposed_token text        NOT NULL,
    proposed_at    timestamptz NOT NULL,
    -- Until when somebody else may approve; null where nobody has to.
    expires_at     timestamptz,
    decided_by     text,
    decided_at     timestamptz,
    undone_by      text,
    undone_token   text,
    ended_at       timestamptz,
    due_at         timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX policy_change_due ON policy_change (due_at) WHERE state IN ('waiting', 'running', 'undoing');
CREATE INDEX policy_change_proposer ON policy_change (tenant_id, proposed_by, proposed_at);
SELECT octroi_tenant_table('policy_change', 'SELECT, INSERT, UPDATE');

-- What a change means for one account, and what was there before. Turned over in the account's own transaction.
CREATE TABLE policy_change_item (
    tenant_id       int      NOT NULL,
    change_id       bigint   NOT NULL,
    position        int      NOT NULL CHECK (position > 0),
    vshard          smallint NOT NULL,
    account_id      bigint   NOT NULL,
    subscription_id bigint   NOT NULL,
    state           text     NOT NULL CHECK (state IN ('pending', 'applied', 'unchanged', 'refused', 'undone', 'kept')),
    level_before    text,
    trace           jsonb,
    refusal         text,
    changed_at      timestamptz,
    PRIMARY KEY (tenant_id, change_id, position),
    UNIQUE (tenant_id, change_id, account_id),
    -- Whom a change is for says how many they are, so they come first.
    FOREIGN KEY (tenant_id, change_id) REFERENCES policy_change DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX policy_change_item_open ON policy_change_item (tenant_id, change_id, state, position);
SELECT octroi_tenant_table('policy_change_item', 'SELECT, INSERT, UPDATE');
