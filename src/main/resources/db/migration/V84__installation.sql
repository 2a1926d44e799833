-- Whose keys this database is sealed with: a check value that is made with them, and from which none of them can be had. At most
-- one row, written by the first gateway.
CREATE TABLE installation (
    only_row  boolean     PRIMARY KEY DEFAULT true CHECK (only_row),
    key_check bytea       NOT NULL CHECK (octet_length(key_check) = 32),
    noted_at  timestamptz NOT NULL DEFAULT now()
);
GRANT SELECT, INSERT ON installation TO octroi_worker;
