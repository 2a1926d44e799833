-- A change of the traveller's time zone waits for the end of the day that is running.
ALTER TABLE account
    ADD COLUMN next_time_zone text,
    -- When it takes effect; without one that waits, when the last one did.
    ADD COLUMN time_zone_at   timestamptz;
