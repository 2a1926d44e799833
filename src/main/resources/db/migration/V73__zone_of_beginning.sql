-- The zone in which the plan of an account began, where it moved since: its end, and how many windows were sold, are of that zone.
ALTER TABLE account ADD COLUMN begun_time_zone text;
