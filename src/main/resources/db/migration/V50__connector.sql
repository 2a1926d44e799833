-- How a partner of the network is told policies, where that takes more than an address (callback_url is the short form), and
-- the sealed secret that goes with it.
ALTER TABLE partner
    ADD COLUMN connector        jsonb CHECK (pg_column_size(connector) <= 8000),
    ADD COLUMN connector_secret bytea CHECK (length(connector_secret) <= 1000);

-- When it was found that the network has lost a policy that it had confirmed.
ALTER TABLE policy_state ADD COLUMN drifted_at timestamptz;

-- What a network that can be read was last known to have, for whoever reads it again. For CAMARA it is the assignment of a
-- QoS profile: the number says which request it was, the sink's token carries it.
CREATE TABLE network_copy (
    tenant_id       int         NOT NULL,
    vshard          smallint    NOT NULL,
    subscription_id bigint      NOT NULL,
    partner_id      bigint      NOT NULL,
    -- The version of the policy that the copy stands for, and the policy.
    version         bigint      NOT NULL,
    policy          jsonb       NOT NULL CHECK (pg_column_size(policy) <= 20000),
    state           text        NOT NULL CHECK (state IN ('none', 'requested', 'available', 'unavailable', 'deleting')),
    number          bigint      NOT NULL DEFAULT 0,
    assignment_id   text        CHECK (length(assignment_id) <= 64),
    qos_profile     text        CHECK (length(qos_profile) <= 256),
    -- Whether another connector was told what no QoS profile stands for, and has to be told when that is over.
    elsewhere       boolean     NOT NULL DEFAULT false,
    -- When to read again, and how often in a row all was as it should be.
    read_after      timestamptz NOT NULL DEFAULT 'infinity',
    reads           int         NOT NULL DEFAULT 0,
    PRIMARY KEY (tenant_id, vshard, subscription_id)
) WITH (fillfactor = 80);
CREATE INDEX network_copy_read ON network_copy (read_after) WHERE read_after < 'infinity';
SELECT octroi_tenant_table('network_copy');
