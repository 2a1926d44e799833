-- How often somebody was asked at an address whether it wants messages, whatever subscription or tenant named it: whoever names another's
-- address must not have it flooded. Known by a keyed hash alone.
CREATE TABLE notice_asked (
    address_index bytea       PRIMARY KEY CHECK (length(address_index) = 16),
    -- So often since; begun anew after a day.
    asked         smallint    NOT NULL,
    since         timestamptz NOT NULL,
    -- When its reader wanted to hear no more of it without having been a traveller's.
    refused_at    timestamptz
);
CREATE INDEX notice_asked_since ON notice_asked (since);
GRANT SELECT, INSERT, UPDATE ON notice_asked TO octroi_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON notice_asked TO octroi_worker;
