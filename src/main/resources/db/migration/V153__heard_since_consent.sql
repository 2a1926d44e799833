-- Who reported or asked in a charging session since the traveller agreed to be charged: what they report next is charged. Beside what
-- is kept of it and not within, where a gateway of before would not be able to read it.
ALTER TABLE charging_session ADD COLUMN heard text;

-- Its bound stands with the others of this table, and not in a CHECK, for the reason of V64.
CREATE OR REPLACE FUNCTION charging_session_is_sound() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.promised_bytes >= 0
        AND NEW.notices >= 0
        AND (NEW.notify_to IS NULL OR length(NEW.notify_to) <= 4000)
        -- Five times eight answers with the sixteen rating groups that a message may name.
        AND octet_length(NEW.memory) <= 65536
        AND (NEW.promise_ends IS NULL OR octet_length(NEW.promise_ends) <= 65536)
        AND (NEW.heard IS NULL OR octet_length(NEW.heard) <= 65536)
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a charging session that breaks its rules'
        USING ERRCODE = 'check_violation', TABLE = TG_TABLE_NAME;
END $$;
