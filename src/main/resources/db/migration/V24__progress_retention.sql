-- What another SM-DP+ has told is remembered as long as it may tell it again, and no longer.
CREATE INDEX es2_progress_age ON es2_progress (received_at);
GRANT DELETE ON es2_progress TO octroi_worker;
