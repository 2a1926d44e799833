-- What holding back kept from draining: an estimate (docs/drain.md), made once the records of the time are in.
ALTER TABLE alarm
    -- At stake when the alarm was first told; later tellings change at_stake_bytes.
    ADD COLUMN opened_stake_bytes bigint CHECK (opened_stake_bytes >= 0),
    ADD COLUMN saved_bytes        bigint NOT NULL DEFAULT 0 CHECK (saved_bytes >= 0),
    -- When to estimate, or to look again; null: nothing is to come.
    ADD COLUMN estimate_after     timestamptz;
CREATE INDEX alarm_estimate ON alarm (estimate_after) WHERE estimate_after IS NOT NULL;
