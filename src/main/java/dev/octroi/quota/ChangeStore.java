package dev.octroi.quota;

import dev.octroi.quota.account.AccountKey;
import dev.octroi.quota.account.AccountState;
import dev.octroi.quota.account.Bucket;
import dev.octroi.quota.account.Device;
import dev.octroi.quota.account.OfAccount;
import dev.octroi.quota.account.Place;
import dev.octroi.quota.decide.NextMoment;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.SqlConnection;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Writes the accounts themselves: hot row, cold part, buckets, drain memory and timers, each in one statement. */
final class ChangeStore {
    /**
     * Writes the hot rows; fails with {@link StaleAccountException} when one was changed since it was read. Only texts are
     * unnested: for each array that is, PostgreSQL makes a row store of its own.
     */
    Future<Void> writeHot(SqlConnection connection, List<Change> changes) {
        Columns<Change> columns = Columns.of(changes)
                .texts(change -> taken(change.after().buckets()))
                .texts(change -> change.after().hours().write())
                .column(
                        Buffer[]::new,
                        change -> Buffer.buffer(change.after().drain().patch()))
                .ints(change -> change.after().key().tenantId())
                .longs(change -> change.after().key().accountId())
                .longs(change -> change.before().version())
                .longs(change -> change.after().usedBytes())
                .longs(change -> change.after().beyondBytes())
                .longs(change -> change.after().warnedTotalBytes())
                .times(change -> change.after().hour().start())
                .longs(change -> change.after().hour().bytes())
                .times(change -> change.after().day().start())
                .longs(change -> change.after().day().bytes())
                .times(change -> change.after().week().start())
                .longs(change -> change.after().week().bytes())
                .times(change -> change.after().lastEventAt())
                .times(change -> change.after().lastReceivedAt());
        return connection
                .preparedQuery("""
                        UPDATE account_hot a
                        SET version = a.version + 1, used_bytes = ($7::bigint[])[i], beyond_bytes = ($8::bigint[])[i],
                            warned_total_bytes = ($9::bigint[])[i], hour_start = ($10::timestamptz[])[i],
                            hour_bytes = ($11::bigint[])[i], day_start = ($12::timestamptz[])[i],
                            day_bytes = ($13::bigint[])[i], week_start = ($14::timestamptz[])[i],
                            week_bytes = ($15::bigint[])[i], last_event_at = ($16::timestamptz[])[i],
                            last_received_at = ($17::timestamptz[])[i], taken = c.taken::bigint[], hours = c.hours,
                            drain_patch = c.drain_patch
                        FROM unnest($1::text[], $2::text[], $3::bytea[]) WITH ORDINALITY
                             AS c (taken, hours, drain_patch, i)
                        WHERE a.vshard = (($5::bigint[])[i] & 255)::smallint AND a.tenant_id = ($4::int[])[i]
                          AND a.account_id = ($5::bigint[])[i] AND a.version = ($6::bigint[])[i]
                        """)
                .execute(columns.tuple())
                .compose(result -> result.rowCount() == changes.size()
                        ? Future.succeededFuture()
                        : Future.failedFuture(new StaleAccountException()));
    }

    private static String taken(List<Bucket> buckets) {
        StringBuilder taken = new StringBuilder("{");
        for (Bucket each : buckets) {
            taken.append(taken.length() == 1 ? "" : ",").append(each.usedBytes());
        }
        return taken.append('}').toString();
    }

    /** Writes what changes rarely, for the accounts where it did. */
    Future<Void> writeCold(SqlConnection connection, List<Change> changes) {
        List<Change> cold = changes.stream().filter(ChangeStore::coldChanged).toList();
        if (cold.isEmpty()) {
            return Future.succeededFuture();
        }
        Columns<Change> columns = new Columns<>(cold, change -> change.after().key())
                .times(change -> change.after().startsAt())
                .times(change -> change.after().endsAt())
                .flags(change -> change.after().ended())
                .longs(change -> change.after().policy().version())
                .texts(change -> change.after().policy().level().name())
                .ints(change -> PolicyRows.downKbps(change.after().policy().speed()))
                .ints(change -> PolicyRows.upKbps(change.after().policy().speed()))
                .texts(change -> change.after().policy().reasonCode())
                .texts(change -> change.after().policy().restrictionId())
                .texts(change -> change.after().policy().until().word())
                .times(change -> change.after().policy().until().moment())
                .texts(change -> place(change, Place::plmn))
                .texts(change -> place(change, Place::country))
                .texts(change -> place(change, Place::zoneId))
                .times(change -> place(change, Place::since))
                .times(change -> place(change, Place::reportedAt))
                .texts(change -> change.after().timeZone().getId())
                .texts(change ->
                        RuleRows.countsJson(change.after().ruleCounts()).encode())
                .texts(change -> change.after().background().mode().word())
                .longs(change -> change.after().background().belowBytes())
                .column(Buffer[]::new, change -> device(change, device -> Buffer.buffer(device.hash())))
                .times(change -> device(change, Device::since))
                .column(Boolean[]::new, change -> device(change, Device::isFirst))
                .texts(change -> PolicyRows.joined(change.after().policy().blockedCategories()))
                .times(change -> change.after().renewedAt())
                .times(change -> change.after().charges().agreedAt())
                .longs(change -> change.after().charges().limitMinor())
                .longs(change -> change.after().charges().bytes())
                .longs(change -> change.after().charges().minor())
                .times(change -> change.after().charges().month())
                .longs(change -> change.after().charges().monthMinor())
                .longs(change -> change.after().charges().warnedMinor())
                .longs(change -> change.after().charges().fullMinor())
                .longs(change -> change.after().charges().rest())
                .texts(change -> change.after().charges().zone())
                .texts(change -> String.join(",", change.after().background().categories()));
        return connection.preparedQuery("""
                        UPDATE account a
                        SET starts_at = c.starts_at, ends_at = c.ends_at, ended = c.ended,
                            policy_version = c.policy_version, level = c.level, down_kbps = c.down_kbps,
                            up_kbps = c.up_kbps, reason = c.reason, restriction_id = c.restriction_id,
                            until_kind = c.until_kind, until_at = c.until_at, plmn = c.plmn, country = c.country,
                            zone_id = c.zone_id, place_since = c.place_since,
                            place_reported_at = c.place_reported_at, time_zone = c.time_zone,
                            rule_counts = c.rule_counts::jsonb, background_mode = c.background_mode,
                            background_below_bytes = c.background_below_bytes, device = c.device,
                            device_since = c.device_since, device_is_first = c.device_is_first,
                            blocked_categories = string_to_array(c.blocked_categories, ','),
                            renewed_at = c.renewed_at, overage_since = c.overage_since,
                            overage_limit_minor = c.overage_limit_minor, charged_bytes = c.charged_bytes,
                            charged_minor = c.charged_minor, charge_month = c.charge_month,
                            charge_month_minor = c.charge_month_minor, charge_warned_minor = c.charge_warned_minor,
                            charge_full_minor = c.charge_full_minor, charge_rest = c.charge_rest,
                            tariff_zone = c.tariff_zone, background_categories = c.background_categories
                        FROM unnest($1::smallint[], $2::int[], $3::bigint[], $4::timestamptz[], $5::timestamptz[],
                                    $6::boolean[], $7::bigint[], $8::text[], $9::int[], $10::int[], $11::text[],
                                    $12::text[], $13::text[], $14::timestamptz[], $15::text[], $16::text[], $17::text[],
                                    $18::timestamptz[], $19::timestamptz[], $20::text[], $21::text[],
                                    $22::text[], $23::bigint[], $24::bytea[], $25::timestamptz[], $26::boolean[],
                                    $27::text[], $28::timestamptz[], $29::timestamptz[], $30::bigint[],
                                    $31::bigint[], $32::bigint[], $33::timestamptz[], $34::bigint[], $35::bigint[],
                                    $36::bigint[], $37::bigint[], $38::text[], $39::text[])
                             AS c (vshard, tenant_id, id, starts_at, ends_at, ended, policy_version, level, down_kbps,
                                   up_kbps, reason, restriction_id, until_kind, until_at, plmn, country, zone_id,
                                   place_since, place_reported_at, time_zone, rule_counts, background_mode,
                                   background_below_bytes, device, device_since, device_is_first,
                                   blocked_categories, renewed_at, overage_since, overage_limit_minor,
                                   charged_bytes, charged_minor, charge_month, charge_month_minor,
                                   charge_warned_minor, charge_full_minor, charge_rest, tariff_zone,
                                   background_categories)
                        WHERE a.vshard = c.vshard AND a.tenant_id = c.tenant_id AND a.id = c.id
                        """).execute(columns.tuple()).mapEmpty();
    }

    /** Writes the buckets that are new or changed otherwise than by what was taken of them. */
    Future<Void> writeBuckets(SqlConnection connection, List<Change> changes) {
        record Taken(AccountKey key, Bucket bucket) {}
        List<Taken> taken = new ArrayList<>();
        for (Change change : changes) {
            List<Bucket> before = change.before().buckets();
            List<Bucket> after = change.after().buckets();
            for (int i = 0; i < after.size(); i++) {
                if (i >= before.size() || !before.get(i).isSameButForUse(after.get(i))) {
                    taken.add(new Taken(change.after().key(), after.get(i)));
                }
            }
        }
        if (taken.isEmpty()) {
            return Future.succeededFuture();
        }
        Columns<Taken> columns = new Columns<>(taken, Taken::key)
                .ints(each -> each.bucket().id())
                .texts(each -> each.bucket().kind().name())
                .texts(each -> each.bucket().reference())
                .texts(each -> each.bucket().reason())
                .longs(each -> each.bucket().quotaBytes())
                .longs(each -> each.bucket().pastBytes())
                .longs(each -> each.bucket().lateBytes())
                .times(each -> each.bucket().expiresAt())
                .ints(each -> each.bucket().extendDays())
                .texts(each -> PolicyRows.joined(List.copyOf(each.bucket().zones())))
                .ints(each -> each.bucket().validDays());
        return connection.preparedQuery("""
                        INSERT INTO bucket (vshard, tenant_id, account_id, id, kind, reference, reason, quota_bytes,
                                            past_bytes, late_bytes, expires_at, extend_days, zones, valid_days)
                        SELECT vshard, tenant_id, account_id, id, kind, reference, reason, quota_bytes, past_bytes,
                               late_bytes, expires_at, extend_days, string_to_array(zones, ','), valid_days
                        FROM unnest($1::smallint[], $2::int[], $3::bigint[], $4::int[], $5::text[], $6::text[],
                                    $7::text[], $8::bigint[], $9::bigint[], $10::bigint[], $11::timestamptz[],
                                    $12::int[], $13::text[], $14::int[])
                             AS b (vshard, tenant_id, account_id, id, kind, reference, reason, quota_bytes, past_bytes,
                                   late_bytes, expires_at, extend_days, zones, valid_days)
                        ON CONFLICT (vshard, tenant_id, account_id, id) DO UPDATE
                        SET quota_bytes = excluded.quota_bytes, past_bytes = excluded.past_bytes,
                            late_bytes = excluded.late_bytes, expires_at = excluded.expires_at,
                            valid_days = excluded.valid_days
                        """).execute(columns.tuple()).mapEmpty();
    }

    /** Writes what the drain detector remembers where the difference to what was written last has grown. */
    Future<Void> writeDrain(SqlConnection connection, List<Change> changes) {
        List<Change> seen = changes.stream()
                .filter(change ->
                        change.after().drain().isWrittenAfter(change.before().drain()))
                .toList();
        if (seen.isEmpty()) {
            return Future.succeededFuture();
        }
        Columns<Change> columns = new Columns<>(seen, change -> change.after().key())
                .column(
                        Buffer[]::new,
                        change -> Buffer.buffer(change.after().drain().base()));
        return connection.preparedQuery("""
                        INSERT INTO account_drain (vshard, tenant_id, account_id, state)
                        SELECT * FROM unnest($1::smallint[], $2::int[], $3::bigint[], $4::bytea[])
                        ON CONFLICT (vshard, tenant_id, account_id) DO UPDATE SET state = excluded.state
                        """).execute(columns.tuple()).mapEmpty();
    }

    /** Sets the timers that moved, removes those that have nothing to wait for. */
    Future<Void> writeTimers(SqlConnection connection, List<Change> changes) {
        List<OfAccount<Instant>> set = new ArrayList<>();
        List<AccountKey> gone = new ArrayList<>();
        for (Change change : changes) {
            AccountKey key = change.after().key();
            Instant due = NextMoment.of(change.after());
            if (!change.ticked() && Objects.equals(NextMoment.of(change.before()), due)) {
                continue;
            }
            if (due == null) {
                gone.add(key);
            } else {
                set.add(new OfAccount<>(key, due));
            }
        }
        Future<?> written = Future.succeededFuture();
        if (!set.isEmpty()) {
            Columns<OfAccount<Instant>> columns = new Columns<>(set, OfAccount::key).times(OfAccount::value);
            written = connection.preparedQuery("""
                            INSERT INTO account_timer (vshard, tenant_id, account_id, due_at)
                            SELECT * FROM unnest($1::smallint[], $2::int[], $3::bigint[], $4::timestamptz[])
                            ON CONFLICT (vshard, tenant_id, account_id) DO UPDATE SET due_at = excluded.due_at
                            """).execute(columns.tuple());
        }
        if (!gone.isEmpty()) {
            Columns<AccountKey> columns = new Columns<>(gone, key -> key);
            Future<?> removed = connection.preparedQuery("""
                            DELETE FROM account_timer t
                            USING unnest($1::smallint[], $2::int[], $3::bigint[]) AS k (vshard, tenant_id, account_id)
                            WHERE t.vshard = k.vshard AND t.tenant_id = k.tenant_id AND t.account_id = k.account_id
                            """).execute(columns.tuple());
            written = Future.all(written, removed);
        }
        return written.mapEmpty();
    }

    private static boolean coldChanged(Change change) {
        AccountState before = change.before();
        AccountState after = change.after();
        return !before.policy().equals(after.policy())
                || before.ended() != after.ended()
                || !Objects.equals(before.startsAt(), after.startsAt())
                || !Objects.equals(before.endsAt(), after.endsAt())
                || !Objects.equals(before.renewedAt(), after.renewedAt())
                || !before.charges().equals(after.charges())
                || !Objects.equals(before.place(), after.place())
                || !before.background().equals(after.background())
                || !Objects.equals(before.device(), after.device())
                || !before.timeZone().equals(after.timeZone())
                || !before.ruleCounts().equals(after.ruleCounts());
    }

    private static <T> @Nullable T device(Change change, Function<Device, T> member) {
        Device device = change.after().device();
        return device == null ? null : member.apply(device);
    }

    private static <T> @Nullable T place(Change change, Function<Place, ? extends @Nullable T> member) {
        Place place = change.after().place();
        return place == null ? null : member.apply(place);
    }
}
