-- Plans that are off sale. What was sold of them goes on; a new version puts a plan on sale again.
CREATE TABLE plan_withdrawal (
    tenant_id    int         NOT NULL,
    plan_id      bigint      NOT NULL,
    withdrawn_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, plan_id)
);
SELECT octroi_tenant_table('plan_withdrawal', 'SELECT, INSERT, DELETE');
