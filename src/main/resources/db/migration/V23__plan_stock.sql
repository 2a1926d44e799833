-- Plans may sell profiles from stock. Such a profile was made before its subscription and lives on a virtual shard of its
-- own, so the subscription of a profile is found by the profile alone; and nobody gets a profile that is somebody's.
CREATE UNIQUE INDEX subscription_of_profile ON subscription (tenant_id, profile_id);
