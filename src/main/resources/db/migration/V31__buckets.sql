-- Volumes that end, renew and carry over; days added to a plan.
ALTER TABLE bucket
    -- Taken in windows that are over; with used_bytes all that was ever taken.
    ADD COLUMN past_bytes  bigint NOT NULL DEFAULT 0 CHECK (past_bytes >= 0),
    -- Ended unspent; a record that comes late may still take it.
    ADD COLUMN late_bytes  bigint NOT NULL DEFAULT 0 CHECK (late_bytes >= 0),
    ADD COLUMN expires_at  timestamptz,
    ADD COLUMN extend_days int NOT NULL DEFAULT 0 CHECK (extend_days BETWEEN 0 AND 366);

-- When the plan's volume was last renewed.
ALTER TABLE account ADD COLUMN renewed_at timestamptz;
