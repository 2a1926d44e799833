-- Travellers' links that have ended, the longest ended first, for whoever removes them.
CREATE INDEX self_care_link_end ON self_care_link (least(expires_at, revoked_at));
