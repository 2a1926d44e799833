-- When a session was last said to begin: what is read of its counters afterwards may be of another session of the same number.
ALTER TABLE account_session ADD COLUMN begun_at timestamptz;
