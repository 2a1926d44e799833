-- Data was held back where a purchase left little volume, although it was paid for: such accounts are looked at once, which lets it go.
INSERT INTO account_timer (vshard, tenant_id, account_id, due_at)
SELECT DISTINCT r.vshard, r.tenant_id, r.account_id, now()
FROM restriction r
WHERE r.id = 'plan.quota_used'
  AND EXISTS (SELECT 1 FROM bucket b
              WHERE b.vshard = r.vshard AND b.tenant_id = r.tenant_id AND b.account_id = r.account_id
                AND b.kind IN ('TOP_UP', 'CREDIT'))
ON CONFLICT (vshard, tenant_id, account_id) DO UPDATE SET due_at = least(account_timer.due_at, excluded.due_at);
