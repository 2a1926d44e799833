-- A change of state was in two indexes of the profile, so that each download wrote all nine of them twice. What the indexes
-- are for changes far less often than the state: whether a profile is in stock, and whether it waits to be protected. With
-- these in columns of their own a step that changes the state alone touches no index and stays on its page. The trigger
-- keeps them, because PostgreSQL reads the expression of a generated column anew for each statement.
ALTER TABLE profile
    ADD COLUMN in_stock boolean NOT NULL DEFAULT false,
    ADD COLUMN to_protect boolean NOT NULL DEFAULT false;

CREATE OR REPLACE FUNCTION profile_is_sound() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- What a gateway remembers of a profile is worth something because each change has a version; one by hand too.
    IF TG_OP = 'UPDATE' AND NEW.version = OLD.version
        AND (NEW.state, NEW.error_cause, NEW.eid_idx, NEW.matching_idx, NEW.confirmation_sealed, NEW.operator_id,
            NEW.download_limit, NEW.confirmation_limit, NEW.expires_at)
        IS DISTINCT FROM (OLD.state, OLD.error_cause, OLD.eid_idx, OLD.matching_idx, OLD.confirmation_sealed,
            OLD.operator_id, OLD.download_limit, OLD.confirmation_limit, OLD.expires_at)
    THEN
        NEW.version := OLD.version + 1;
    END IF;
    NEW.in_stock := NEW.state = 'available';
    NEW.to_protect := NEW.protect AND NEW.state = 'released' AND NEW.protected_no <> NEW.order_no;
    IF NEW.driver ~ '^[a-z0-9-]{1,40}$'
        AND length(NEW.profile_type) BETWEEN 1 AND 100
        AND octet_length(NEW.provider_name) <= 32
        AND octet_length(NEW.profile_name) <= 64
        AND length(NEW.iccid_idx) = 16
        AND (NEW.imsi_idx IS NULL OR length(NEW.imsi_idx) = 16)
        AND (NEW.matching_idx IS NULL OR length(NEW.matching_idx) = 16)
        AND (NEW.eid_idx IS NULL OR length(NEW.eid_idx) = 16)
        AND NEW.state IN ('available', 'allocated', 'linked', 'confirmed', 'released', 'downloaded', 'installed',
            'error', 'unavailable')
        AND NEW.card_state IN ('none', 'disabled', 'enabled', 'deleted')
        AND (NEW.state = 'error') = (NEW.error_cause IS NOT NULL)
        AND (NEW.error_detail IS NULL OR length(NEW.error_detail) <= 200)
        AND NEW.download_limit BETWEEN 1 AND 1000
        AND NEW.confirmation_limit BETWEEN 1 AND 1000
        AND NEW.life > 0
        AND NEW.failed_installs >= 0
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a profile that breaks its rules' USING ERRCODE = 'check_violation', TABLE = TG_TABLE_NAME;
END $$;

-- The trigger fills the columns of the rows that are there.
UPDATE profile SET version = version WHERE state = 'available' OR protect;

CREATE INDEX profile_in_stock ON profile (tenant_id, profile_type, id) WHERE in_stock;
CREATE INDEX profile_waits_for_protection ON profile (id) WHERE to_protect;
DROP INDEX profile_stock;
DROP INDEX profile_to_protect;
