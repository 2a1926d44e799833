-- Whether the operator proposed a change: a tenant does not undo it. Not known of those of before.
ALTER TABLE policy_change ADD COLUMN of_operator boolean NOT NULL DEFAULT false;
