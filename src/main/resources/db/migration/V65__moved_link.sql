-- Gateways remember which account a subscriber's records go to. They are told when that is no longer so: a SIM was moved to
-- another account, or is lost. The payload is the keyed hash, never the number.
CREATE FUNCTION account_link_moved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('octroi_link_moved', OLD.kind || ':' || encode(OLD.hash, 'hex'));
    RETURN NULL;
END $$;

CREATE TRIGGER account_link_moved AFTER UPDATE OR DELETE ON account_link
    FOR EACH ROW EXECUTE FUNCTION account_link_moved();
