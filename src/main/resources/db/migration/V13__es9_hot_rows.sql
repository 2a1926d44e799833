-- Rows that every download changes keep room on their page, so that a change which touches no index stays on it (HOT):
-- the first and the last step of a profile, and the one step of a session.
ALTER TABLE profile SET (fillfactor = 60);
ALTER TABLE rsp_session SET (fillfactor = 50);

-- Sessions and packages are short-lived: their dead rows are taken away before the tables grow.
ALTER TABLE rsp_session SET (autovacuum_vacuum_scale_factor = 0.02);
ALTER TABLE rsp_package SET (autovacuum_vacuum_scale_factor = 0.02, toast.autovacuum_vacuum_scale_factor = 0.02);
