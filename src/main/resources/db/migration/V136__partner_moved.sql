-- Tenants that a partner was of (0: all of them) and whose policies in force have still to be told to whom they go now, before those of the
-- tenant that it is of.
ALTER TABLE partner ADD COLUMN retell_tenants int[] NOT NULL DEFAULT '{}';
