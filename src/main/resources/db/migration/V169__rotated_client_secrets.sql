-- The secret that a client had before, good beside the new one until the overlap ends; gateways of before know the new one only. And
-- since when it has the new one, null since it was made: whoever rotated it may be who uses it now.
ALTER TABLE api_client
    ADD COLUMN secret_since timestamptz,
    ADD COLUMN previous_salt bytea CHECK (length(previous_salt) = 16),
    ADD COLUMN previous_hash bytea CHECK (length(previous_hash) = 32),
    ADD COLUMN previous_iterations int CHECK (previous_iterations >= 1),
    ADD COLUMN previous_until timestamptz,
    ADD CONSTRAINT api_client_previous_whole
        CHECK (num_nulls(previous_salt, previous_hash, previous_iterations, previous_until) IN (0, 4));
