package dev.octroi.quota;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.octroi.policy.Restriction;
import dev.octroi.policy.RuleJson;
import dev.octroi.policy.RuleSet;
import dev.octroi.quota.account.AccountKey;
import dev.octroi.quota.account.Effect;
import dev.octroi.quota.account.OfAccount;
import dev.octroi.quota.account.OpenHours;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Writes the effects that belong to the account itself: ledger, hours, sessions, restrictions, rules, decisions. */
final class EffectStore {
    private static final JsonMapper JSON = new JsonMapper();

    /** Appends to the ledger. A key that is there already fails the transaction: it is then decided again as a duplicate. */
    Future<Void> writeLedger(SqlConnection connection, List<Sink.Addressed<Effect.LedgerRow>> rows) {
        if (rows.isEmpty()) {
            return Future.succeededFuture();
        }
        Columns<Sink.Addressed<Effect.LedgerRow>> columns = Columns.of(rows)
                .texts(row -> row.effect().record().source())
                .texts(row -> row.effect().record().key())
                .texts(row -> row.effect().zone())
                .texts(row -> row.effect().record().category().word())
                .texts(row -> row.effect().record().plmn())
                .texts(row -> row.effect().record().rat())
                .ints(row -> row.key().tenantId())
                .longs(row -> row.key().accountId())
                .column(LocalDate[]::new, row -> day(row.effect().record().eventEnd()))
                .longs(row -> row.effect().deltaBytes())
                .longs(row -> row.effect().upBytes())
                .longs(row -> row.effect().downBytes())
                .times(row -> row.effect().record().eventEnd())
                .times(row -> row.effect().record().receivedAt())
                .longs(row -> row.effect().chargedBytes())
                .longs(row -> row.effect().chargedMinor());
        return connection.preparedQuery("""
                        INSERT INTO ledger (vshard, tenant_id, account_id, day, source, key, delta_bytes, up_bytes,
                                            down_bytes, event_at, received_at, zone, category, plmn, rat,
                                            charged_bytes, charged_minor)
                        SELECT (($8::bigint[])[i] & 255)::smallint, ($7::int[])[i], ($8::bigint[])[i],
                               ($9::date[])[i], source, key, ($10::bigint[])[i], ($11::bigint[])[i],
                               ($12::bigint[])[i], ($13::timestamptz[])[i], ($14::timestamptz[])[i], zone, category,
                               plmn, rat, ($15::bigint[])[i], ($16::bigint[])[i]
                        FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[])
                             WITH ORDINALITY AS r (source, key, zone, category, plmn, rat, i)
                        """).execute(columns.tuple()).mapEmpty();
    }

    /** Adds the hours that were closed to the hourly sums. */
    Future<Void> writeHours(SqlConnection connection, List<Change> changes) {
        List<OfAccount<OpenHours.Sum>> closed = new ArrayList<>();
        for (Change change : changes) {
            change.closed()
                    .forEach(sum -> closed.add(new OfAccount<>(change.after().key(), sum)));
        }
        if (closed.isEmpty()) {
            return Future.succeededFuture();
        }
        Columns<OfAccount<OpenHours.Sum>> columns = new Columns<>(closed, OfAccount::key)
                .times(sum -> sum.value().hour())
                .texts(sum -> sum.value().where().zone())
                .texts(sum -> sum.value().where().category())
                .texts(sum -> sum.value().where().plmn())
                .longs(sum -> sum.value().upBytes())
                .longs(sum -> sum.value().downBytes());
        return connection.preparedQuery("""
                        INSERT INTO usage_hour AS u (vshard, tenant_id, account_id, hour, zone, category, plmn, up_bytes,
                                                     down_bytes)
                        SELECT * FROM unnest($1::smallint[], $2::int[], $3::bigint[], $4::timestamptz[], $5::text[],
                                             $6::text[], $7::text[], $8::bigint[], $9::bigint[])
                        ON CONFLICT (vshard, tenant_id, account_id, hour, zone, category, plmn) DO UPDATE
                        SET up_bytes = u.up_bytes + excluded.up_bytes,
                            down_bytes = u.down_bytes + excluded.down_bytes
                        """).execute(columns.tuple()).mapEmpty();
    }

    /** Moves the high-water marks of sessions; of several moves in a batch the last one counts. */
    Future<Void> writeSessions(SqlConnection connection, List<Sink.Addressed<Effect.SessionMoved>> rows) {
        if (rows.isEmpty()) {
            return Future.succeededFuture();
        }
        Columns<Sink.Addressed<Effect.SessionMoved>> columns = new Columns<>(
                        last(rows, Effect.SessionMoved::session), Sink.Addressed::key)
                .texts(row -> row.effect().session())
                .longs(row -> row.effect().mark().upBytes())
                .longs(row -> row.effect().mark().downBytes())
                .times(row -> row.effect().mark().lastEventAt())
                .texts(row -> RemainingRows.write(row.effect().mark().remaining()))
                .times(row -> row.effect().mark().begunAt());
        return connection.preparedQuery("""
                        INSERT INTO account_session (vshard, tenant_id, account_id, session, up_bytes, down_bytes,
                                                     last_event_at, remaining, begun_at)
                        SELECT * FROM unnest($1::smallint[], $2::int[], $3::bigint[], $4::text[], $5::bigint[],
                                             $6::bigint[], $7::timestamptz[], $8::text[], $9::timestamptz[])
                        ON CONFLICT (vshard, tenant_id, account_id, session) DO UPDATE
                        SET up_bytes = excluded.up_bytes, down_bytes = excluded.down_bytes,
                            last_event_at = excluded.last_event_at, remaining = excluded.remaining,
                            begun_at = excluded.begun_at
                        """).execute(columns.tuple()).mapEmpty();
    }

    /** Writes the restrictions as they are after the batch: what came and went within it leaves no row. */
    Future<Void> writeRestrictions(SqlConnection connection, List<Change> changes) {
        record Held(AccountKey key, Restriction restriction) {}
        record Gone(AccountKey key, String id) {}
        List<Held> held = new ArrayList<>();
        List<Gone> gone = new ArrayList<>();
        for (Change change : changes) {
            AccountKey key = change.after().key();
            for (Restriction restriction : change.after().restrictions()) {
                if (!change.before().restrictions().contains(restriction)) {
                    held.add(new Held(key, restriction));
                }
            }
            for (Restriction restriction : change.before().restrictions()) {
                if (change.after().restrictions().stream()
                        .noneMatch(each -> each.id().equals(restriction.id()))) {
                    gone.add(new Gone(key, restriction.id()));
                }
            }
        }
        Future<?> removed = Future.succeededFuture();
        if (!gone.isEmpty()) {
            removed = connection
                    .preparedQuery("""
                            DELETE FROM restriction r
                            USING unnest($1::smallint[], $2::int[], $3::bigint[], $4::text[])
                                  AS g (vshard, tenant_id, account_id, id)
                            WHERE r.vshard = g.vshard AND r.tenant_id = g.tenant_id AND r.account_id = g.account_id
                              AND r.id = g.id
                            """)
                    .execute(new Columns<>(gone, Gone::key).texts(Gone::id).tuple());
        }
        if (held.isEmpty()) {
            return removed.mapEmpty();
        }
        Columns<Held> columns = new Columns<>(held, Held::key)
                .texts(each -> each.restriction().id())
                .texts(each -> each.restriction().restrictionClass().name())
                .texts(each -> each.restriction().reasonCode())
                .texts(each -> each.restriction().level().name())
                .ints(each -> PolicyRows.downKbps(each.restriction().speed()))
                .ints(each -> PolicyRows.upKbps(each.restriction().speed()))
                .texts(each -> each.restriction().ruleId())
                .texts(each -> each.restriction().zoneId())
                .texts(each -> each.restriction().category())
                .times(each -> each.restriction().from())
                .texts(each -> each.restriction().until().word())
                .times(each -> each.restriction().until().moment());
        Future<?> written = connection.preparedQuery("""
                        INSERT INTO restriction (vshard, tenant_id, account_id, id, class, reason, level, down_kbps,
                                                 up_kbps, rule_id, zone_id, category, from_at, until_kind, until_at)
                        SELECT * FROM unnest($1::smallint[], $2::int[], $3::bigint[], $4::text[], $5::text[], $6::text[],
                                             $7::text[], $8::int[], $9::int[], $10::text[], $11::text[], $12::text[],
                                             $13::timestamptz[], $14::text[], $15::timestamptz[])
                        ON CONFLICT (vshard, tenant_id, account_id, id) DO UPDATE
                        SET class = excluded.class, reason = excluded.reason, level = excluded.level,
                            down_kbps = excluded.down_kbps, up_kbps = excluded.up_kbps, rule_id = excluded.rule_id,
                            zone_id = excluded.zone_id, category = excluded.category, from_at = excluded.from_at,
                            until_kind = excluded.until_kind, until_at = excluded.until_at
                        """).execute(columns.tuple());
        return Future.all(removed, written).mapEmpty();
    }

    /** Writes the rule sets that changed. */
    Future<Void> writeRules(SqlConnection connection, List<Change> changes) {
        record Put(AccountKey key, RuleSet rules) {}
        List<Put> puts = new ArrayList<>();
        for (Change change : changes) {
            for (RuleSet set : change.after().rules()) {
                if (!change.before().rules().contains(set)) {
                    puts.add(new Put(change.after().key(), set));
                }
            }
        }
        if (puts.isEmpty()) {
            return Future.succeededFuture();
        }
        Columns<Put> columns = new Columns<>(puts, Put::key)
                .texts(put -> put.rules().owner().name())
                .longs(put -> put.rules().version())
                .texts(put -> RuleJson.write(put.rules().rules()).toString());
        return connection.preparedQuery("""
                        INSERT INTO rule_set (vshard, tenant_id, account_id, owner, version, rules)
                        SELECT vshard, tenant_id, account_id, owner, version, rules::jsonb
                        FROM unnest($1::smallint[], $2::int[], $3::bigint[], $4::text[], $5::bigint[], $6::text[])
                             AS r (vshard, tenant_id, account_id, owner, version, rules)
                        ON CONFLICT (vshard, tenant_id, account_id, owner) DO UPDATE
                        SET version = excluded.version, rules = excluded.rules
                        """).execute(columns.tuple()).mapEmpty();
    }

    /** Keeps each decision and what the network should do now. */
    Future<Void> writeDecisions(SqlConnection connection, List<Sink.Addressed<Effect.PolicyDecided>> rows) {
        if (rows.isEmpty()) {
            return Future.succeededFuture();
        }
        Columns<Sink.Addressed<Effect.PolicyDecided>> columns = new Columns<>(rows, Sink.Addressed::key)
                .longs(row -> row.effect().after().version())
                .times(row -> row.effect().at())
                .texts(row -> row.effect().after().level().name())
                .ints(row -> PolicyRows.downKbps(row.effect().after().speed()))
                .ints(row -> PolicyRows.upKbps(row.effect().after().speed()))
                .texts(row -> row.effect().after().reasonCode())
                .texts(row -> row.effect().after().restrictionId())
                .texts(row -> row.effect().after().until().word())
                .times(row -> row.effect().after().until().moment())
                .texts(row -> json(row.effect().inputs()))
                .texts(row -> PolicyRows.joined(row.effect().after().blockedCategories()));
        Future<?> decisions = connection.preparedQuery("""
                        INSERT INTO decision (vshard, tenant_id, account_id, version, decided_at, level, down_kbps, up_kbps,
                                              reason, restriction_id, until_kind, until_at, inputs,
                                              blocked_categories)
                        SELECT vshard, tenant_id, account_id, version, decided_at, level, down_kbps, up_kbps,
                               reason, restriction_id, until_kind, until_at, inputs::jsonb,
                               string_to_array(blocked_categories, ',')
                        FROM unnest($1::smallint[], $2::int[], $3::bigint[], $4::bigint[], $5::timestamptz[], $6::text[],
                                    $7::int[], $8::int[], $9::text[], $10::text[], $11::text[], $12::timestamptz[],
                                    $13::text[], $14::text[])
                             AS d (vshard, tenant_id, account_id, version, decided_at, level, down_kbps, up_kbps,
                                   reason, restriction_id, until_kind, until_at, inputs, blocked_categories)
                        """).execute(columns.tuple());
        Columns<Sink.Addressed<Effect.PolicyDecided>> desired = new Columns<>(
                        last(rows, effect -> "policy"), Sink.Addressed::key)
                .longs(row -> row.effect().after().version())
                .times(row -> row.effect().at());
        Future<?> states = connection.preparedQuery("""
                        UPDATE policy_state p
                        SET desired_version = d.version, desired_at = d.at
                        FROM unnest($1::smallint[], $2::int[], $3::bigint[], $4::bigint[], $5::timestamptz[])
                             AS d (vshard, tenant_id, account_id, version, at)
                        WHERE p.vshard = d.vshard AND p.tenant_id = d.tenant_id AND p.account_id = d.account_id
                        """).execute(desired.tuple());
        return Future.all(decisions, states).mapEmpty();
    }

    /** The event day in UTC: the ledger's partition. */
    static LocalDate day(Instant at) {
        return LocalDate.ofInstant(at, ZoneOffset.UTC);
    }

    private static <E extends Effect> List<Sink.Addressed<E>> last(
            List<Sink.Addressed<E>> rows, Function<E, String> name) {
        Map<List<Object>, Sink.Addressed<E>> latest = new LinkedHashMap<>();
        for (Sink.Addressed<E> row : rows) {
            latest.put(List.of(row.key(), name.apply(row.effect())), row);
        }
        return List.copyOf(latest.values());
    }

    private static String json(Map<String, Object> members) {
        try {
            return JSON.writeValueAsString(members);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("inputs cannot be written", e);
        }
    }
}
