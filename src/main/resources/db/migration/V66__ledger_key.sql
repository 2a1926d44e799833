-- The ledger's key begins with what tells two records apart soonest: before, each step of a search compared the day, the shard
-- and the tenant first, which are the same nearly always. The shard is part of the account's number and leaves the key, and
-- texts are compared by their bytes.
ALTER TABLE ledger DROP CONSTRAINT ledger_pkey;
ALTER TABLE ledger
    ALTER COLUMN source TYPE text COLLATE "C",
    ALTER COLUMN key TYPE text COLLATE "C";
ALTER TABLE ledger ADD PRIMARY KEY (account_id, tenant_id, day, source, key);
