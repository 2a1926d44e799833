-- Which keys gateways that run have read, by the highest number among those that seal. None is destroyed that a gateway without the
-- next one still seals under. A gateway's number is random and new with each start.
CREATE TABLE gateway_keys (
    gateway uuid        PRIMARY KEY,
    highest int         NOT NULL,
    seen_at timestamptz NOT NULL DEFAULT now()
);
GRANT SELECT, INSERT, UPDATE, DELETE ON gateway_keys TO octroi_worker;
