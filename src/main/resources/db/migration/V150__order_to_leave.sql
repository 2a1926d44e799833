-- An order that failed whose subscription is still to leave the volume that it shares: done after the commit that fails the order, and
-- again until the account takes it. What gateways of before ask for (V138) this index serves as well.
ALTER TABLE profile_order ADD COLUMN to_leave boolean NOT NULL DEFAULT false;
DROP INDEX profile_order_due;
CREATE INDEX profile_order_due ON profile_order (next_at) WHERE state IN ('wanted', 'reserved') OR give_back OR to_leave;
