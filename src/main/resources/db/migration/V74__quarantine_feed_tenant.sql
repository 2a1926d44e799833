-- The tenant that a feed was bound to when it reported; 0: to none. A SIM that nobody knows yet may be sold by another tenant later, and
-- the record is not that tenant's then. NULL: kept before this was noted.
ALTER TABLE quarantine ADD COLUMN feed_tenant int;
