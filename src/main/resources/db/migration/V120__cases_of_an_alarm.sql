-- An alarm that is settled and then grows into something stricter has another case; one that is not settled has one at most.
CREATE UNIQUE INDEX support_case_unsettled ON support_case (tenant_id, vshard, alarm_id) WHERE state <> 'resolved';
CREATE INDEX support_case_alarm ON support_case (tenant_id, vshard, alarm_id, id DESC);
ALTER TABLE support_case DROP CONSTRAINT support_case_tenant_id_vshard_alarm_id_key;
