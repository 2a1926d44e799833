-- A profile that an operator had taken back and a plan then sold was still that operator's, which heard of the customer.
UPDATE profile p SET operator_id = 0 FROM subscription s
WHERE s.tenant_id = p.tenant_id AND s.profile_id = p.id AND p.operator_id > 0;
