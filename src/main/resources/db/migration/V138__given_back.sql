-- An order that failed is failed, also while its number is still to be given back: gateways of before count it so, and would leave
-- out what has a state that they do not know (V100).
ALTER TABLE profile_order ADD COLUMN give_back boolean NOT NULL DEFAULT false;
ALTER TABLE profile_order NO FORCE ROW LEVEL SECURITY;
UPDATE profile_order SET state = 'failed', give_back = true WHERE state = 'returning';
ALTER TABLE profile_order FORCE ROW LEVEL SECURITY;
ALTER TABLE profile_order DROP CONSTRAINT profile_order_state_check;
ALTER TABLE profile_order ADD CONSTRAINT profile_order_state_check CHECK (state IN ('wanted', 'reserved', 'ready', 'failed'));
DROP INDEX profile_order_due;
CREATE INDEX profile_order_due ON profile_order (next_at) WHERE state IN ('wanted', 'reserved') OR give_back;
