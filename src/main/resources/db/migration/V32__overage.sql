-- Use beyond the volume at a price: what the traveller agreed to, what was charged, and the ledger rows behind it. Amounts
-- are whole minor units of the currency that the plan names.
ALTER TABLE account
    ADD COLUMN overage_since       timestamptz,
    ADD COLUMN overage_limit_minor bigint NOT NULL DEFAULT 0 CHECK (overage_limit_minor >= 0),
    ADD COLUMN charged_bytes       bigint NOT NULL DEFAULT 0 CHECK (charged_bytes >= 0),
    ADD COLUMN charged_minor       bigint NOT NULL DEFAULT 0 CHECK (charged_minor >= 0),
    ADD COLUMN charge_month        timestamptz,
    ADD COLUMN charge_month_minor  bigint NOT NULL DEFAULT 0 CHECK (charge_month_minor >= 0),
    ADD COLUMN charge_warned_minor bigint NOT NULL DEFAULT 0 CHECK (charge_warned_minor >= 0),
    ADD COLUMN charge_full_minor   bigint NOT NULL DEFAULT 0 CHECK (charge_full_minor >= 0);

ALTER TABLE ledger
    ADD COLUMN charged_bytes bigint NOT NULL DEFAULT 0 CHECK (charged_bytes BETWEEN 0 AND delta_bytes),
    ADD COLUMN charged_minor bigint NOT NULL DEFAULT 0 CHECK (charged_minor >= 0);
