-- From where on the policies in force have still to be told to a partner that is new, or is told in another way: shard, tenant
-- and account of the last one looked at. NULL: all have been looked at.
ALTER TABLE partner ADD COLUMN retell_from bigint[] CHECK (array_length(retell_from, 1) = 3);
