-- What is older than 400 days is forgotten by a job and no longer with each row that is written. The rows lie in the order in
-- which they came, so an index of ranges finds the old ones and costs a write next to nothing.
CREATE INDEX restriction_log_at ON restriction_log USING brin (at);
