-- A sale that was taken back before its profile was on a card: it is not sold again, and nothing is added to it.
ALTER TABLE subscription ADD COLUMN cancelled_at timestamptz;
