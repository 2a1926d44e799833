-- What is added to the version of a policy where it is told to a network: raised after a restore, so that what is decided from then on
-- is above all that networks were told before, and that the restored database knows nothing of.
ALTER TABLE installation ADD COLUMN told_version_base bigint NOT NULL DEFAULT 0 CHECK (told_version_base >= 0);
GRANT UPDATE (told_version_base) ON installation TO octroi_worker;
