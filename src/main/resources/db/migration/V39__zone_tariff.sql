-- Zones with prices and volumes of their own: where the traveller is as far as that matters, and what of a minor unit is owed
-- beside the whole ones, in billionths. Null for accounts that were charged at one price so far: it follows from their bytes.
ALTER TABLE account
    ADD COLUMN tariff_zone text CHECK (length(tariff_zone) <= 64),
    ADD COLUMN charge_rest bigint CHECK (charge_rest BETWEEN 0 AND 999999999);
