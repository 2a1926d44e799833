-- Several subscriptions that spend one volume. Each keeps its account, on the owner's virtual shard; a member's says whose
-- volume it spends, the owner's who does. See docs/adr/0038-shared-accounts.md.
ALTER TABLE account
    ADD COLUMN members             bigint[],
    ADD COLUMN shared_account_id   bigint,
    ADD COLUMN joined_at           timestamptz,
    ADD COLUMN left_at             timestamptz,
    ADD COLUMN member_cap_bytes    bigint,
    ADD COLUMN member_cap_window   text,
    ADD COLUMN member_window_start timestamptz,
    ADD COLUMN member_window_base  bigint NOT NULL DEFAULT 0;
