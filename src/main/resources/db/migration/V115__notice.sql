-- Where a traveller is told what happens: one address for each subscription, which whoever reads it has confirmed.
CREATE TABLE notice_channel (
    tenant_id       int         NOT NULL,
    vshard          smallint    NOT NULL,
    subscription_id bigint      NOT NULL,
    -- New with each address, so that links and messages for an earlier one come to nothing.
    number          bigint      NOT NULL,
    address_sealed  bytea       NOT NULL CHECK (length(address_sealed) <= 400),
    state           text        NOT NULL CHECK (state IN ('pending', 'confirmed', 'failed')),
    language        text        NOT NULL CHECK (length(language) = 2),
    -- Kinds of notices that the traveller does not want.
    muted           text[]      NOT NULL DEFAULT '{}' CHECK (cardinality(muted) <= 16),
    max_per_day     smallint    NOT NULL CHECK (max_per_day BETWEEN 0 AND 100),
    set_at          timestamptz NOT NULL,
    confirmed_at    timestamptz,
    PRIMARY KEY (tenant_id, vshard, subscription_id),
    UNIQUE (tenant_id, vshard, number),
    CHECK (state = 'pending' OR confirmed_at IS NOT NULL OR state = 'failed')
);
CREATE INDEX notice_channel_pending ON notice_channel (set_at) WHERE state = 'pending';
SELECT octroi_tenant_table('notice_channel');

-- What is to be sent, and what was: the row of an event stays as long as the event could be read again, so that none is told twice.
CREATE TABLE notice (
    tenant_id       int         NOT NULL,
    vshard          smallint    NOT NULL,
    -- The event's; of a test or a confirmation its own.
    id              bigint      NOT NULL,
    subscription_id bigint      NOT NULL,
    channel_number  bigint      NOT NULL,
    what            text        NOT NULL CHECK (what IN ('event', 'test', 'confirm')),
    urgent          boolean     NOT NULL,
    -- held: beyond the traveller's bound of a day. dropped: too late, or nobody wants it any more. refused: by the recipient's server.
    state           text        NOT NULL CHECK (state IN ('waiting', 'sent', 'held', 'dropped', 'refused')),
    attempts        int         NOT NULL DEFAULT 0,
    at              timestamptz NOT NULL,
    -- When it is due; while a gateway has it in hand, when others may take it.
    next_at         timestamptz NOT NULL,
    done_at         timestamptz,
    PRIMARY KEY (tenant_id, vshard, id)
);
CREATE INDEX notice_due ON notice (next_at) WHERE state = 'waiting';
CREATE INDEX notice_of_subscription ON notice (tenant_id, vshard, subscription_id, at);
CREATE INDEX notice_at ON notice (at);
SELECT octroi_tenant_table('notice');

-- How far the events of a tenant were read for notices; only of tenants with a traveller who has a channel, or had one.
CREATE TABLE notice_cursor (
    tenant_id int    PRIMARY KEY,
    event_id  bigint NOT NULL
);
SELECT octroi_tenant_table('notice_cursor');
