-- How a partner speaks the charging interfaces of 3GPP, and which hosts its notifications may go to besides public ones.
ALTER TABLE partner
    ADD COLUMN charging_profile text   NOT NULL DEFAULT 'strict' CHECK (length(charging_profile) BETWEEN 1 AND 40),
    ADD COLUMN notify_hosts     text[] NOT NULL DEFAULT '{}' CHECK (cardinality(notify_hosts) <= 100);
