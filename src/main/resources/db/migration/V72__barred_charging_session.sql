-- Charging sessions of a SIM that was lost and replaced: what they used is counted, and they are granted nothing more.
-- 'ordered': the account has not taken note of it yet; 'told': their consumer was told to end them.
ALTER TABLE charging_session ADD COLUMN bar text NOT NULL DEFAULT 'none';
