package dev.octroi.quota;

import dev.octroi.quota.account.AccountCommand;
import dev.octroi.quota.account.ChangeTraceJson;
import dev.octroi.quota.account.Effect;
import dev.octroi.quota.account.OfAccount;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The part of a change over many subscriptions that is written with the account. */
final class ActStore {
    /**
     * Which commands are still to be done. Holds the changes until the transaction ends, so that pausing and undoing wait
     * for what is being applied; the account's version keeps two gateways from doing one item twice.
     *
     * @return places in the list
     */
    Future<Set<Integer>> open(SqlConnection connection, List<OfAccount<AccountCommand.PartOfChange>> commands) {
        Integer[] places = new Integer[commands.size()];
        for (int i = 0; i < places.length; i++) {
            places[i] = i;
        }
        Columns<OfAccount<AccountCommand.PartOfChange>> columns = new Columns<>(commands, OfAccount::key)
                .longs(each -> each.value().changeId())
                .texts(each -> each.value().changeState())
                .texts(each -> each.value().itemState().word());
        return connection
                .preparedQuery("""
                        SELECT r.place
                        FROM unnest($1::smallint[], $2::int[], $3::bigint[], $4::bigint[], $5::text[], $6::text[], $7::int[])
                             AS r (vshard, tenant_id, account_id, change_id, change_state, item_state, place)
                        JOIN policy_change c ON c.tenant_id = r.tenant_id AND c.id = r.change_id
                          AND c.state = r.change_state
                        JOIN policy_change_item i ON i.tenant_id = r.tenant_id AND i.change_id = r.change_id
                          AND i.account_id = r.account_id AND i.state = r.item_state
                        FOR SHARE OF c
                        """)
                .execute(columns.tuple().addValue(places))
                .map(rows -> {
                    Set<Integer> open = new HashSet<>();
                    for (Row row : rows) {
                        open.add(row.getInteger(0));
                    }
                    return open;
                });
    }

    /** Turns items over. */
    Future<Void> write(SqlConnection connection, List<Sink.Addressed<Effect.ChangeItem>> items) {
        if (items.isEmpty()) {
            return Future.succeededFuture();
        }
        Columns<Sink.Addressed<Effect.ChangeItem>> columns = new Columns<>(items, Sink.Addressed::key)
                .longs(item -> item.effect().changeId())
                .texts(item -> item.effect().state().word())
                .texts(item -> level(item.effect()))
                .texts(item -> trace(item.effect()))
                .times(item -> item.effect().at());
        return connection.preparedQuery("""
                        UPDATE policy_change_item i
                        SET state = r.state, level_before = coalesce(r.level_before, i.level_before),
                            trace = coalesce(r.trace::jsonb, i.trace), changed_at = r.at
                        FROM unnest($1::smallint[], $2::int[], $3::bigint[], $4::bigint[], $5::text[], $6::text[],
                                    $7::text[], $8::timestamptz[])
                             AS r (vshard, tenant_id, account_id, change_id, state, level_before, trace, at)
                        WHERE i.tenant_id = r.tenant_id AND i.change_id = r.change_id AND i.account_id = r.account_id
                        """).execute(columns.tuple()).mapEmpty();
    }

    private static @Nullable String level(Effect.ChangeItem item) {
        return item.levelBefore() == null ? null : item.levelBefore().name();
    }

    private static @Nullable String trace(Effect.ChangeItem item) {
        return item.trace() == null ? null : ChangeTraceJson.write(item.trace());
    }
}
