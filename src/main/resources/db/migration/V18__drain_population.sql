-- What an installation's own subscriptions have taught the drain detector, by version. A version holds from a moment that
-- lies ahead when it is published, so that every gateway judges a record by the same one.
CREATE TABLE drain_population (
    version      int         PRIMARY KEY CHECK (version > 1000),
    body         text        NOT NULL CHECK (length(body) <= 100000),
    subscriptions int        NOT NULL CHECK (subscriptions >= 0),
    learned_at   timestamptz NOT NULL,
    effective_at timestamptz NOT NULL CHECK (effective_at > learned_at)
);
GRANT SELECT, INSERT ON drain_population TO octroi_worker;
