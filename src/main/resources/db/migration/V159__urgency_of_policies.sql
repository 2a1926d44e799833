-- How soon a row of the stream network goes out where several wait: 0 stops data, 1 decided otherwise, 2 and 3 the same in bulk (by the
-- clock, or told again). A constant default: no row is written anew.
ALTER TABLE outbox ADD COLUMN urgency smallint NOT NULL DEFAULT 1;
ALTER TABLE outbox ADD CONSTRAINT outbox_urgency CHECK (urgency BETWEEN 0 AND 3) NOT VALID;
-- The due policies of each tenant by urgency, what was never tried apart from what was. Not by tenant first: what looks for a key of a
-- tenant shall find it by another index.
CREATE INDEX outbox_policies ON outbox (urgency, (attempts > 0), tenant_id, next_at)
    WHERE state = 'pending' AND stream = 'network';
