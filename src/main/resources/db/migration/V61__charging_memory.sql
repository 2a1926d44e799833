-- What no statement looks at of a charging session was JSON, written anew with each message: 1.3 kB, most of it names. It is
-- one short text now (see ChargingRows), and what changes with each message stands behind what does not, because PostgreSQL
-- logs an update from the first byte that differs to the last. Sessions that are open go on where they are; which containers
-- they have reported was not kept, so those are looked up in the ledger (the highest number is the greatest there is).
CREATE TABLE charging_session_next (
    vshard         smallint    NOT NULL,
    tenant_id      int         NOT NULL,
    account_id     bigint      NOT NULL,
    number         bigint      NOT NULL,
    partner_id     bigint      NOT NULL,
    notices        bigint      NOT NULL,
    open           boolean     NOT NULL,
    waiting        boolean     NOT NULL,
    -- Sealed: an address may carry the subscriber's number.
    notify_to      text,
    promised_bytes bigint      NOT NULL,
    grants_until   timestamptz NOT NULL,
    touched_at     timestamptz NOT NULL,
    memory         text        NOT NULL,
    PRIMARY KEY (vshard, tenant_id, account_id, number)
) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.02);

-- The owner does not pass row-level security where it is forced, and would see no session.
ALTER TABLE charging_session NO FORCE ROW LEVEL SECURITY;
INSERT INTO charging_session_next
SELECT s.vshard, s.tenant_id, s.account_id, s.number, s.partner_id, s.notices, s.open, s.waiting, s.notify_to,
       s.promised_bytes, s.grants_until, s.touched_at,
       coalesce((SELECT string_agg(g.key || E'\x1f' || g.value, E'\x1f')
                 FROM jsonb_each_text(s.details -> 'grants') AS g), '')
       || E'\n'
       || coalesce(concat_ws(E'\x1f', s.details #>> '{place,plmn}', s.details #>> '{place,country}',
                             s.details #>> '{place,area}'), '')
       || E'\n9223372036854775807'
       || coalesce((SELECT string_agg(E'\n' || (a.value ->> 'message') || E'\x1f'
                           || (extract(epoch FROM (a.value ->> 'at')::timestamptz) * 1000000)::bigint
                           || coalesce((SELECT string_agg(E'\x1f' || (v.value ->> 'group')
                                               || E'\x1f' || left(v.value ->> 'result', 1)
                                               || E'\x1f' || (v.value ->> 'bytes')
                                               || E'\x1f' || (v.value ->> 'threshold')
                                               || E'\x1f' || (v.value ->> 'seconds')
                                               || E'\x1f' || CASE WHEN (v.value ->> 'final')::boolean THEN '1' ELSE '0' END,
                                               '' ORDER BY v.ordinality)
                                        FROM jsonb_array_elements(a.value -> 'grants') WITH ORDINALITY AS v), ''),
                           '' ORDER BY a.ordinality)
                    FROM jsonb_array_elements(s.details -> 'answers') WITH ORDINALITY AS a), '')
FROM charging_session s;
DROP TABLE charging_session;
ALTER TABLE charging_session_next RENAME TO charging_session;
ALTER INDEX charging_session_next_pkey RENAME TO charging_session_pkey;
SELECT octroi_tenant_table('charging_session');
