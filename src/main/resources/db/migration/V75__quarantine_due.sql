-- What waits only for its time, or for its SIM to be sold, is looked at again by a job and released by itself. 'due_at' is when next; NULL:
-- at once. What is 400 days old is deleted: whose SIM it was then is forgotten by then, too.
ALTER TABLE quarantine
    ADD COLUMN due_at    timestamptz,
    ADD COLUMN by_itself boolean NOT NULL DEFAULT false;
CREATE INDEX quarantine_due ON quarantine ((coalesce(due_at, received_at)))
    WHERE resolved_at IS NULL AND reason IN ('in_future', 'unknown_subscriber');
CREATE INDEX quarantine_received ON quarantine (received_at);
GRANT DELETE ON quarantine TO octroi_worker;
