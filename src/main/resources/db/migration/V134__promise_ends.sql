-- When the promises of a charging session end that end before its last one. They stand beside what is kept of it and not within,
-- where a gateway of before would not be able to read them.
ALTER TABLE charging_session ADD COLUMN promise_ends text CHECK (octet_length(promise_ends) <= 65536);

-- Where they stood within for a while: as a gateway of before that reads them.
ALTER TABLE charging_session NO FORCE ROW LEVEL SECURITY;
UPDATE charging_session
SET memory = regexp_replace(split_part(memory, E'\n', 1), E'(\x1f[0-9]+)/[0-9]+', '\1', 'g')
             || substr(memory, strpos(memory, E'\n'))
WHERE split_part(memory, E'\n', 1) LIKE '%/%';
ALTER TABLE charging_session FORCE ROW LEVEL SECURITY;
