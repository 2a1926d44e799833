-- A shop looks its top-ups through, newest first, and finds one by the number that it gave.
CREATE INDEX top_up_newest ON top_up (tenant_id, id DESC);
CREATE INDEX top_up_reference ON top_up (tenant_id, external_reference, id DESC) WHERE external_reference IS NOT NULL;
