-- How often the server fell silent over a message: it may have taken it each time, so that it is not sent without end.
ALTER TABLE notice ADD COLUMN unsure smallint NOT NULL DEFAULT 0;
