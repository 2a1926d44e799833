-- A subscription that had a volume of its own may join a shared one when that is over: all it had counted until then. Null for
-- members that began as such. See docs/adr/0041-what-is-told-of-a-shared-volume.md.
ALTER TABLE account ADD COLUMN member_before_bytes bigint;
