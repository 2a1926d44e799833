-- What is quarantined is known as the ledger knows what is counted: by its id at its sender, whose it is and the UTC day of its end.
-- Before, the records of all subscribers that nobody knows shared their ids, on all days, and of two only the first was kept.
-- The end is written in UTC; what nobody can read has none, and is known by its place.
ALTER TABLE quarantine DROP CONSTRAINT quarantine_pkey;
ALTER TABLE quarantine ADD PRIMARY KEY (tenant_id, vshard, id);
CREATE UNIQUE INDEX quarantine_record
    ON quarantine (tenant_id, vshard, source, key, id_hash, (coalesce(left(record ->> 'end', 10), '')));
