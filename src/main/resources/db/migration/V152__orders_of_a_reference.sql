-- A shop looks its orders through, newest first, and finds one by the number that it gave.
CREATE INDEX purchase_newest ON purchase (tenant_id, id DESC);
CREATE INDEX purchase_reference ON purchase (tenant_id, external_reference, id DESC) WHERE external_reference IS NOT NULL;
