-- Whether the operator undid a change: on the accounts it is the operator's act then. Of those before, a change of the operator was.
ALTER TABLE policy_change ADD COLUMN undone_by_operator boolean NOT NULL DEFAULT false;
