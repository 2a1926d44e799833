-- A number by which a quarantined record is listed, shown, released or dropped.
ALTER TABLE quarantine ADD COLUMN id bigint NOT NULL GENERATED ALWAYS AS IDENTITY;
CREATE UNIQUE INDEX quarantine_id ON quarantine (id);
CREATE INDEX quarantine_status ON quarantine ((coalesce(resolution, 'waiting')), id);
CREATE INDEX quarantine_tenant_status ON quarantine (tenant_id, (coalesce(resolution, 'waiting')), id);
