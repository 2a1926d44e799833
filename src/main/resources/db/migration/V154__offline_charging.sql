-- Whether what a charging partner's containers say is charged offline is left out, because another rating group has the same bytes.
ALTER TABLE partner ADD COLUMN charging_ignores_offline boolean NOT NULL DEFAULT false;
