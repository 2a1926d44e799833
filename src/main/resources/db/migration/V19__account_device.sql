-- The device an account was last seen in, as keyed hash; rows from before know none.
ALTER TABLE account
    ADD COLUMN device bytea CHECK (length(device) = 16),
    ADD COLUMN device_since timestamptz,
    ADD COLUMN device_is_first boolean;
