package dev.octroi.quota;

import dev.octroi.quota.account.AccountKey;
import dev.octroi.quota.account.ChargingSession;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Writes charging sessions as they are after a batch. */
final class ChargingStore {
    private record Held(AccountKey key, ChargingSession session) {}

    private record Gone(AccountKey key, long number) {}

    Future<Void> write(SqlConnection connection, List<Change> changes) {
        List<Held> made = new ArrayList<>();
        List<Held> moved = new ArrayList<>();
        List<Gone> gone = new ArrayList<>();
        for (Change change : changes) {
            if (change.before().charging().equals(change.after().charging())) {
                continue;
            }
            AccountKey key = change.after().key();
            Map<Long, ChargingSession> before = new HashMap<>();
            change.before().charging().forEach(session -> before.put(session.number(), session));
            for (ChargingSession session : change.after().charging()) {
                ChargingSession known = before.remove(session.number());
                if (!session.equals(known)) {
                    (isMovedOnly(known, session) ? moved : made).add(new Held(key, session));
                }
            }
            before.keySet().forEach(number -> gone.add(new Gone(key, number)));
        }
        return Future.all(remove(connection, gone), move(connection, moved), put(connection, made))
                .mapEmpty();
    }

    /** Whether a message left alone what hardly any of them changes. */
    private static boolean isMovedOnly(@Nullable ChargingSession before, ChargingSession after) {
        return before != null
                && before.open() == after.open()
                && before.bar() == after.bar()
                && before.waiting() == after.waiting()
                && before.notices() == after.notices()
                && Objects.equals(before.notifyTo(), after.notifyTo());
    }

    private static Future<Void> remove(SqlConnection connection, List<Gone> gone) {
        if (gone.isEmpty()) {
            return Future.succeededFuture();
        }
        return connection
                .preparedQuery("""
                        DELETE FROM charging_session s
                        USING unnest($1::smallint[], $2::int[], $3::bigint[], $4::bigint[])
                              AS g (vshard, tenant_id, account_id, number)
                        WHERE s.vshard = g.vshard AND s.tenant_id = g.tenant_id AND s.account_id = g.account_id
                          AND s.number = g.number
                        """)
                .execute(new Columns<>(gone, Gone::key).longs(Gone::number).tuple())
                .mapEmpty();
    }

    private static Future<Void> move(SqlConnection connection, List<Held> held) {
        if (held.isEmpty()) {
            return Future.succeededFuture();
        }
        Columns<Held> columns = new Columns<>(held, Held::key)
                .longs(each -> each.session().number())
                .longs(each -> each.session().promisedBytes())
                .times(each -> each.session().grantsUntil())
                .times(each -> each.session().touchedAt())
                .texts(each -> ChargingRows.memory(each.session()))
                .texts(each -> PromiseEnds.write(each.session()))
                .texts(each -> HeardText.write(each.session().heard()));
        return connection.preparedQuery("""
                        UPDATE charging_session s
                        SET promised_bytes = m.promised_bytes, grants_until = m.grants_until, touched_at = m.touched_at,
                            memory = m.memory, promise_ends = m.promise_ends, heard = m.heard
                        FROM unnest($1::smallint[], $2::int[], $3::bigint[], $4::bigint[], $5::bigint[],
                                    $6::timestamptz[], $7::timestamptz[], $8::text[], $9::text[], $10::text[])
                             AS m (vshard, tenant_id, account_id, number, promised_bytes, grants_until, touched_at,
                                   memory, promise_ends, heard)
                        WHERE s.vshard = m.vshard AND s.tenant_id = m.tenant_id AND s.account_id = m.account_id
                          AND s.number = m.number
                        """).execute(columns.tuple()).mapEmpty();
    }

    private static Future<Void> put(SqlConnection connection, List<Held> held) {
        if (held.isEmpty()) {
            return Future.succeededFuture();
        }
        Columns<Held> columns = new Columns<>(held, Held::key)
                .longs(each -> each.session().number())
                .longs(each -> each.session().partnerId())
                .flags(each -> each.session().open())
                .longs(each -> each.session().promisedBytes())
                .times(each -> each.session().grantsUntil())
                .times(each -> each.session().touchedAt())
                .flags(each -> each.session().waiting())
                .longs(each -> each.session().notices())
                .texts(each -> each.session().notifyTo())
                .texts(each -> ChargingRows.memory(each.session()))
                .texts(each -> ChargingRows.word(each.session().bar()))
                .texts(each -> PromiseEnds.write(each.session()))
                .texts(each -> HeardText.write(each.session().heard()));
        return connection.preparedQuery("""
                        INSERT INTO charging_session (vshard, tenant_id, account_id, number, partner_id, open,
                                                      promised_bytes, grants_until, touched_at, waiting, notices,
                                                      notify_to, memory, bar, promise_ends, heard)
                        SELECT vshard, tenant_id, account_id, number, partner_id, open, promised_bytes, grants_until,
                               touched_at, waiting, notices, notify_to, memory, bar, promise_ends, heard
                        FROM unnest($1::smallint[], $2::int[], $3::bigint[], $4::bigint[], $5::bigint[], $6::boolean[],
                                    $7::bigint[], $8::timestamptz[], $9::timestamptz[], $10::boolean[], $11::bigint[],
                                    $12::text[], $13::text[], $14::text[], $15::text[], $16::text[])
                             AS s (vshard, tenant_id, account_id, number, partner_id, open, promised_bytes,
                                   grants_until, touched_at, waiting, notices, notify_to, memory, bar, promise_ends, heard)
                        ON CONFLICT (vshard, tenant_id, account_id, number) DO UPDATE
                        SET open = excluded.open, promised_bytes = excluded.promised_bytes,
                            grants_until = excluded.grants_until, touched_at = excluded.touched_at,
                            waiting = excluded.waiting, notices = excluded.notices, notify_to = excluded.notify_to,
                            memory = excluded.memory, bar = excluded.bar, promise_ends = excluded.promise_ends,
                            heard = excluded.heard
                        """).execute(columns.tuple()).mapEmpty();
    }
}
