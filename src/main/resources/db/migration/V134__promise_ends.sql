-- When the promises of a charging session end that end before its last one. They stand beside what is kept of it and not within,
-- where a gateway of before would not be able to read them.
ALTER TABLE charging_session ADD COLUMN promise_ends text;

-- Its bound stands with the others of this table, and not in a CHECK, for the reason of V64.
CREATE OR REPLACE FUNCTION charging_session_is_sound() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.promised_bytes >= 0
        AND NEW.notices >= 0
        AND (NEW.notify_to IS NULL OR length(NEW.notify_to) <= 4000)
        -- Five times eight answers with the sixteen rating groups that a message may name.
        AND octet_length(NEW.memory) <= 65536
        AND (NEW.promise_ends IS NULL OR octet_length(NEW.promise_ends) <= 65536)
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a charging session that breaks its rules'
        USING ERRCODE = 'check_violation', TABLE = TG_TABLE_NAME;
END $$;

-- Where they stood within for a while: as a gateway of before that reads them.
ALTER TABLE charging_session NO FORCE ROW LEVEL SECURITY;
UPDATE charging_session
SET memory = regexp_replace(split_part(memory, E'\n', 1), E'(\x1f[0-9]+)/[0-9]+', '\1', 'g')
             || substr(memory, strpos(memory, E'\n'))
WHERE split_part(memory, E'\n', 1) LIKE '%/%';
ALTER TABLE charging_session FORCE ROW LEVEL SECURITY;
