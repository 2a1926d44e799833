-- By these an account's SIMs, and what was set aside for them, are found without reading all of everybody.
CREATE INDEX account_link_account ON account_link (account_id);
CREATE INDEX account_link_past_account ON account_link_past (account_id);
CREATE INDEX quarantine_subscriber ON quarantine (id_hash);
CREATE INDEX policy_change_item_account ON policy_change_item (tenant_id, account_id);
