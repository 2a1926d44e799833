-- An order that failed although its number is reserved at the other SM-DP+: nobody waits for it here any more, and the
-- number is given back until that server answers.
ALTER TABLE profile_order DROP CONSTRAINT profile_order_state_check;
ALTER TABLE profile_order ADD CONSTRAINT profile_order_state_check
    CHECK (state IN ('wanted', 'reserved', 'ready', 'returning', 'failed'));
DROP INDEX profile_order_due;
CREATE INDEX profile_order_due ON profile_order (next_at) WHERE state IN ('wanted', 'reserved', 'returning');
