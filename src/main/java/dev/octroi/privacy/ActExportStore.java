package dev.octroi.privacy;

/** Where the parts of an export that tell what was decided, told and done come from: {@code item} and its {@code place}. */
final class ActExportStore {
    static final String RULES = """
            SELECT jsonb_build_object('owner', lower(owner), 'version', version, 'rules', rules) AS item, owner AS place
            FROM rule_set
            WHERE vshard = ($2::bigint & 255)::smallint AND tenant_id = $1 AND account_id = $2
            """;

    static final String DECISIONS = """
            SELECT jsonb_build_object('at', decided_at, 'version', version, 'level', lower(level), 'downKbps', down_kbps,
                     'upKbps', up_kbps, 'reason', reason, 'until', until_at, 'inputs', inputs) AS item,
                   to_char(version, 'FM0000000000000000000') AS place
            FROM decision
            WHERE vshard = ($2::bigint & 255)::smallint AND tenant_id = $1 AND account_id = $2
            """;

    static final String RESTRICTIONS = """
            SELECT jsonb_build_object('at', at, 'held', held, 'reason', reason, 'level', lower(level), 'rule', rule_id,
                     'zone', zone_id, 'category', category, 'from', from_at, 'until', until_at) AS item,
                   to_char(at AT TIME ZONE 'UTC', 'YYYYMMDDHH24MISSUS') || to_char(seq, 'FM0000000000000000000') AS place
            FROM restriction_log
            WHERE vshard = ($2::bigint & 255)::smallint AND tenant_id = $1 AND account_id = $2
            """;

    static final String ALARMS = """
            SELECT jsonb_build_object('openedAt', opened_at, 'updatedAt', updated_at, 'since', since, 'kind', kind,
                     'category', category, 'zone', zone, 'expectedLowBytes', expected_low_bytes,
                     'expectedHighBytes', expected_high_bytes, 'observedBytes', observed_bytes,
                     'atStakeBytes', at_stake_bytes, 'savedBytes', saved_bytes, 'score', score, 'confidence', confidence, 'action', action, 'state', state,
                     'meant', meant, 'answeredAt', answered_at, 'reasons', reasons, 'recent', recent) AS item,
                   to_char(incident, 'FM0000000000') AS place
            FROM alarm
            WHERE tenant_id = $1 AND vshard = ($2::bigint & 255)::smallint AND subscription_id = $2
            """;

    static final String CASES = """
            SELECT jsonb_build_object('openedAt', opened_at, 'state', state, 'summary', summary, 'resolution', resolution,
                     'creditBytes', credit_bytes, 'reason', reason, 'meant', meant, 'resolvedAt', resolved_at) AS item,
                   to_char(id, 'FM0000000000000000000') AS place
            FROM support_case
            WHERE tenant_id = $1 AND vshard = ($2::bigint & 255)::smallint AND subscription_id = $2
            """;

    static final String EVENTS = """
            SELECT jsonb_build_object('at', at, 'type', type, 'data', data) AS item,
                   to_char(at AT TIME ZONE 'UTC', 'YYYYMMDDHH24MISSUS') || to_char(id, 'FM0000000000000000000') AS place
            FROM event
            WHERE tenant_id = $1 AND vshard = ($2::bigint & 255)::smallint AND subject_id = $2
            """;

    static final String MESSAGES = """
            SELECT jsonb_build_object('at', at, 'what', what, 'state', state, 'doneAt', done_at) AS item,
                   to_char(id, 'FM0000000000000000000') AS place
            FROM notice
            WHERE tenant_id = $1 AND vshard = ($2::bigint & 255)::smallint AND subscription_id = $2
            """;

    static final String LINKS = """
            SELECT jsonb_build_object('createdAt', created_at, 'expiresAt', expires_at, 'endedAt', revoked_at) AS item,
                   to_char(id, 'FM0000000000000000000') AS place
            FROM self_care_link
            WHERE tenant_id = $1 AND vshard = ($2::bigint & 255)::smallint AND subscription_id = $2
            """;

    static final String CALLBACKS = """
            SELECT jsonb_build_object('at', created_at, 'version', version, 'policy', payload, 'state', state,
                     'attempts', attempts, 'doneAt', done_at) AS item,
                   to_char(version, 'FM0000000000000000000') || to_char(id, 'FM0000000000000000000') AS place
            FROM outbox
            WHERE tenant_id = $1 AND vshard = ($2::bigint & 255)::smallint AND stream = 'network' AND key = $2
            """;

    static final String DOWNLOADS = """
            SELECT jsonb_build_object('at', r.at, 'step', r.step, 'ok', r.ok, 'message', r.message, 'device', r.device,
                     'attempt', r.attempt) AS item,
                   to_char(r.profile_id, 'FM0000000000000000000') || to_char(r.no, 'FM0000000000') AS place
            FROM unnest($2::bigint[]) AS p (id)
            JOIN rsp_progress r
              ON r.tenant_id = $1 AND r.vshard = (p.id & 255)::smallint AND r.profile_id = p.id
            """;

    static final String AUDIT = """
            SELECT jsonb_build_object('at', entry::jsonb -> 'at', 'action', action,
                     'reason', entry::jsonb -> 'reason') AS item,
                   to_char(seq, 'FM0000000000000000000') AS place
            FROM audit
            WHERE tenant_id = $1 AND object_id = ANY ($2::text[])
            """;

    private ActExportStore() {}
}
