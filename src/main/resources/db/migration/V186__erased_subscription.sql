-- What a reseller forgets when a traveller asks for it: begun, and done. What broke off in between is found again.
ALTER TABLE subscription
    ADD COLUMN erase_begun_at timestamptz,
    ADD COLUMN erased_at      timestamptz;
CREATE INDEX subscription_to_erase ON subscription (erase_begun_at) WHERE erase_begun_at IS NOT NULL AND erased_at IS NULL;

-- Only an erasure takes anything out of these: jobs of the worker role, never a request of a tenant's role.
GRANT DELETE ON ledger, usage_hour, decision, alarm, support_case, account_drain, rule_set, policy_state, profile_order
    TO octroi_worker;
GRANT UPDATE ON top_up TO octroi_worker;
