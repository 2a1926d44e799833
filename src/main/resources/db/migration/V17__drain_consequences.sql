-- What travellers, support and administrators say about drains: the background switch, answers, known-bad destinations.

ALTER TABLE account
    ADD COLUMN background_mode text NOT NULL DEFAULT 'on' CHECK (background_mode IN ('on', 'off', 'night', 'low')),
    ADD COLUMN background_below_bytes bigint NOT NULL DEFAULT 0 CHECK (background_below_bytes >= 0);

-- The newest answer to an alarm, kept for fitting; what was measured stands in the alarm's recent use.
ALTER TABLE alarm
    ADD COLUMN meant boolean,
    ADD COLUMN answered_by text CHECK (length(answered_by) <= 120),
    ADD COLUMN answered_at timestamptz;

-- Known-bad destinations: one list for the installation, a new version for each change.
CREATE TABLE drain_block_list (
    version    bigint      PRIMARY KEY CHECK (version > 0),
    entries    text[]      NOT NULL CHECK (cardinality(entries) <= 10000),
    reason     text        NOT NULL CHECK (length(reason) BETWEEN 1 AND 500),
    loaded_by  text        NOT NULL CHECK (length(loaded_by) <= 120),
    loaded_at  timestamptz NOT NULL
);
GRANT SELECT, INSERT ON drain_block_list TO octroi_worker;
