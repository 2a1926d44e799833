-- V101 once more: an owner of the tables that is no superuser saw no row of them, because row-level security is forced on it too.
ALTER TABLE profile NO FORCE ROW LEVEL SECURITY;
ALTER TABLE subscription NO FORCE ROW LEVEL SECURITY;
UPDATE profile p SET operator_id = 0 FROM subscription s
WHERE s.tenant_id = p.tenant_id AND s.profile_id = p.id AND p.operator_id > 0;
ALTER TABLE subscription FORCE ROW LEVEL SECURITY;
ALTER TABLE profile FORCE ROW LEVEL SECURITY;
