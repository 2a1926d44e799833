-- Charging sessions lost their rules when their table was made anew (V61). They come back as V47 keeps those of profiles: a
-- table's CHECKs are read anew for each statement that writes, a function's expressions once a connection, and this row is
-- written with every message. Sessions that are there are looked at when they are written next.
CREATE FUNCTION charging_session_is_sound() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.promised_bytes >= 0
        AND NEW.notices >= 0
        AND (NEW.notify_to IS NULL OR length(NEW.notify_to) <= 4000)
        -- Five times eight answers with the sixteen rating groups that a message may name.
        AND octet_length(NEW.memory) <= 65536
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a charging session that breaks its rules'
        USING ERRCODE = 'check_violation', TABLE = TG_TABLE_NAME;
END $$;

CREATE TRIGGER charging_session_is_sound BEFORE INSERT OR UPDATE ON charging_session
    FOR EACH ROW EXECUTE FUNCTION charging_session_is_sound();
