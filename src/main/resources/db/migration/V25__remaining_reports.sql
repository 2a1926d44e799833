-- What a feed said was left of a bundle, "epochMs:bytes" pairs from the oldest to the newest; null for data sessions.
ALTER TABLE account_session ADD COLUMN remaining text CHECK (length(remaining) <= 2000);
