-- The hot rows are found by the account's number first, in the order in which they were made and lie on their pages, as are the
-- ledger's. By the shard first, which is the last byte of the number, a batch met every page as often as it has accounts on it.
-- See docs/adr/0047-a-batch-in-the-order-of-its-pages.md.
ALTER TABLE account_hot DROP CONSTRAINT account_hot_pkey;
ALTER TABLE account_hot ADD PRIMARY KEY (account_id, tenant_id, vshard);
