-- A card's counter of notifications may begin anew (a card that was reset, a card emulated in software): the number
-- alone does not tell two notifications of different profiles apart.
ALTER TABLE rsp_notification DROP CONSTRAINT rsp_notification_pkey;
ALTER TABLE rsp_notification ADD PRIMARY KEY (tenant_id, vshard, eid_idx, sequence, profile_id);
