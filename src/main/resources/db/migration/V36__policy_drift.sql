-- What the reconciler did about policies that the network has not confirmed, and what it must not look at before.
ALTER TABLE policy_state
    ADD COLUMN check_after       timestamptz NOT NULL DEFAULT '-infinity',
    ADD COLUMN repairs           int         NOT NULL DEFAULT 0,
    -- The version that the repairs are counted for.
    ADD COLUMN repaired_version  bigint      NOT NULL DEFAULT 0,
    ADD COLUMN escalated_version bigint      NOT NULL DEFAULT 0,
    ADD COLUMN escalated_at      timestamptz;
CREATE INDEX policy_state_drift ON policy_state (greatest(desired_at, check_after))
    WHERE confirmed_version < desired_version;
-- What was given up towards the network and operators, for whoever replays it.
CREATE INDEX outbox_dead ON outbox (tenant_id, id DESC) WHERE state = 'dead' AND stream <> 'webhook';
