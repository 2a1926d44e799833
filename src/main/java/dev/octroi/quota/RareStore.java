package dev.octroi.quota;

import dev.octroi.quota.account.MemberCap;
import dev.octroi.quota.account.Share;
import dev.octroi.quota.account.ZoneChange;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.time.ZoneId;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Writes what hardly ever changes, for the few accounts where it did: whose volume they spend, and the change of time zone. */
final class RareStore {
    Future<Void> write(SqlConnection connection, List<Change> changes) {
        List<Change> moved = changes.stream()
                .filter(change -> !change.before().share().equals(change.after().share())
                        || !Objects.equals(
                                change.before().zoneChange(), change.after().zoneChange()))
                .toList();
        if (moved.isEmpty()) {
            return Future.succeededFuture();
        }
        Columns<Change> columns = new Columns<>(moved, change -> change.after().key())
                .texts(RareStore::members)
                .times(change -> member(change, Share.Member::joinedAt))
                .times(change -> member(change, Share.Member::leftAt))
                .column(Long[]::new, change -> cap(change, MemberCap::bytes))
                .texts(change -> cap(change, cap -> cap.window().word()))
                .times(change -> member(change, Share.Member::windowStart))
                .column(Long[]::new, change -> member(change, Share.Member::windowBaseBytes))
                .texts(change -> zone(change, ZoneChange::next))
                .times(change -> zoneChange(change, ZoneChange::at))
                .column(Long[]::new, change -> member(change, Share.Member::ownerId))
                .column(Long[]::new, change -> member(change, Share.Member::beforeBytes))
                .texts(change -> zone(change, ZoneChange::begunIn));
        return connection.preparedQuery("""
                        UPDATE account a
                        SET members = c.members::bigint[], joined_at = c.joined_at, left_at = c.left_at,
                            member_cap_bytes = c.cap_bytes, member_cap_window = c.cap_window,
                            member_window_start = c.window_start, member_window_base = coalesce(c.window_base, 0),
                            next_time_zone = c.next_time_zone, time_zone_at = c.time_zone_at,
                            shared_account_id = c.shared_account_id, member_before_bytes = c.before_bytes,
                            begun_time_zone = c.begun_time_zone
                        FROM unnest($1::smallint[], $2::int[], $3::bigint[], $4::text[], $5::timestamptz[],
                                    $6::timestamptz[], $7::bigint[], $8::text[], $9::timestamptz[], $10::bigint[],
                                    $11::text[], $12::timestamptz[], $13::bigint[], $14::bigint[], $15::text[])
                             AS c (vshard, tenant_id, id, members, joined_at, left_at, cap_bytes, cap_window,
                                   window_start, window_base, next_time_zone, time_zone_at, shared_account_id, before_bytes,
                                   begun_time_zone)
                        WHERE a.vshard = c.vshard AND a.tenant_id = c.tenant_id AND a.id = c.id
                        """).execute(columns.tuple()).mapEmpty();
    }

    private static @Nullable String members(Change change) {
        if (!(change.after().share() instanceof Share.Owner owner)) {
            return null;
        }
        StringBuilder members = new StringBuilder("{");
        for (Long each : owner.members()) {
            members.append(members.length() == 1 ? "" : ",").append(each);
        }
        return members.append('}').toString();
    }

    private static <T> @Nullable T member(Change change, Function<Share.Member, ? extends @Nullable T> part) {
        return change.after().share() instanceof Share.Member member ? part.apply(member) : null;
    }

    private static <T> @Nullable T zoneChange(Change change, Function<ZoneChange, ? extends @Nullable T> part) {
        ZoneChange made = change.after().zoneChange();
        return made == null ? null : part.apply(made);
    }

    private static @Nullable String zone(Change change, Function<ZoneChange, @Nullable ZoneId> part) {
        ZoneId zone = zoneChange(change, part);
        return zone == null ? null : zone.getId();
    }

    private static <T> @Nullable T cap(Change change, Function<MemberCap, T> part) {
        MemberCap cap = member(change, Share.Member::cap);
        return cap == null ? null : part.apply(cap);
    }
}
