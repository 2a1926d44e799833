package dev.octroi.privacy;

/** Where the parts of an export that tell of volumes and use come from: {@code item} and its {@code place}, by tenant and key. */
final class UseExportStore {
    static final String VOLUMES = """
            SELECT jsonb_build_object('kind', lower(b.kind), 'reason', b.reason, 'reference', b.reference,
                     'quotaBytes', b.quota_bytes, 'usedBytes', coalesce(h.taken[b.id], 0), 'expiresAt', b.expires_at) AS item,
                   to_char(b.id, 'FM0000000000') AS place
            FROM bucket b JOIN account_hot h USING (vshard, tenant_id, account_id)
            WHERE b.vshard = ($2::bigint & 255)::smallint AND b.tenant_id = $1 AND b.account_id = $2
            """;

    static final String TOP_UPS = """
            SELECT jsonb_build_object('at', created_at, 'bytes', bytes, 'amount', amount::text, 'currency', currency,
                     'externalReference', external_reference) AS item,
                   to_char(id, 'FM0000000000000000000') AS place
            FROM top_up
            WHERE tenant_id = $1 AND vshard = ($2::bigint & 255)::smallint AND subscription_id = $2
            """;

    /** From the day of the last place on: of a long plan each page would read and name all rows else. */
    static final String LEDGER = """
            SELECT jsonb_build_object('at', event_at, 'receivedAt', received_at, 'source', source, 'record', record,
                     'bytes', delta_bytes, 'upBytes', up_bytes, 'downBytes', down_bytes, 'chargedBytes', charged_bytes,
                     'chargedMinor', charged_minor, 'zone', zone, 'category', category, 'network', plmn, 'radio', rat) AS item,
                   to_char(day, 'YYYYMMDD') || record AS place
            FROM ledger l
            CROSS JOIN LATERAL (SELECT
              encode(substr(sha256(convert_to(l.source || chr(10) || l.key, 'UTF8')), 1, 16), 'hex') AS record) AS name
            WHERE vshard = ($2::bigint & 255)::smallint AND tenant_id = $1 AND account_id = $2
              AND day >= CASE WHEN $3::text = '' THEN '-infinity' ELSE to_date(left($3::text, 8), 'YYYYMMDD') END
            """;

    static final String USAGE = """
            SELECT jsonb_build_object('hour', hour, 'zone', zone, 'category', category, 'network', plmn,
                     'upBytes', up_bytes, 'downBytes', down_bytes) AS item,
                   to_char(hour AT TIME ZONE 'UTC', 'YYYYMMDDHH24') || '|' || zone || '|' || category || '|' || plmn AS place
            FROM usage_by_hour
            WHERE vshard = ($2::bigint & 255)::smallint AND tenant_id = $1 AND account_id = $2
            """;

    static final String SESSIONS = """
            SELECT jsonb_build_object('session', session, 'begunAt', begun_at, 'lastAt', last_event_at,
                     'upBytes', up_bytes, 'downBytes', down_bytes) AS item,
                   encode(sha256(convert_to(session, 'UTF8')), 'hex') AS place
            FROM account_session
            WHERE vshard = ($2::bigint & 255)::smallint AND tenant_id = $1 AND account_id = $2
            """;

    static final String CHARGING = """
            SELECT jsonb_build_object('open', open, 'promisedBytes', promised_bytes, 'lastAt', touched_at) AS item,
                   to_char(number, 'FM0000000000000000000') AS place
            FROM charging_session
            WHERE vshard = ($2::bigint & 255)::smallint AND tenant_id = $1 AND account_id = $2
            """;

    static final String QUARANTINED = """
            SELECT jsonb_build_object('receivedAt', received_at, 'source', source, 'reason', reason,
                     'resolution', resolution, 'details', record) AS item,
                   to_char(id, 'FM0000000000000000000') AS place
            FROM quarantine
            WHERE id_hash = ANY ($2::bytea[]) AND tenant_id IN (0, $1)
            """;

    private UseExportStore() {}
}
