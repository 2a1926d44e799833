-- A step of a download is one statement that writes what hangs on a profile from the profile's own updated row, and
-- profiles are never deleted: looking the profile up again for each row, and locking it, proves nothing more.
ALTER TABLE rsp_package DROP CONSTRAINT rsp_package_tenant_id_vshard_profile_id_fkey;
ALTER TABLE rsp_notification DROP CONSTRAINT rsp_notification_tenant_id_vshard_profile_id_fkey;
ALTER TABLE rsp_progress DROP CONSTRAINT rsp_progress_tenant_id_vshard_profile_id_fkey;
ALTER TABLE rsp_protected DROP CONSTRAINT rsp_protected_tenant_id_vshard_profile_id_fkey;

-- Sealed bytes do not compress; trying costs more than all else about them.
ALTER TABLE rsp_session ALTER COLUMN state_sealed SET STORAGE EXTERNAL;
ALTER TABLE rsp_notification ALTER COLUMN raw_sealed SET STORAGE EXTERNAL;

-- A session is kept from the moment its card has proved itself; before, all it needs is in its name. A row without a
-- profile says that the session is over.
COMMENT ON TABLE rsp_session IS 'authenticated sessions; without a profile: ended ones';
