package dev.octroi.callback.network;

import dev.octroi.callback.connector.Connector;
import dev.octroi.callback.outbox.ClaimedRow;
import dev.octroi.db.Ids;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

/** Finds what networks have confirmed long enough ago to be read again. */
final class NetworkReadStore {
    private static final Duration LONGEST = Duration.ofDays(1);

    /**
     * A copy to compare with, and the partner to read.
     *
     * @param toldVersion the version under which the network was told
     */
    record Due(NetworkCopy copy, long toldVersion, ClaimedRow.Partner partner) {}

    /**
     * Takes copies that are due, the longest overdue first, and puts their next read off: twice as far each time, up to a day.
     * Several gateways may look at a time.
     */
    Future<List<Due>> claim(SqlConnection connection, Instant now, Duration readEvery, int limit) {
        return connection
                .preparedQuery("""
                        WITH due AS (
                          SELECT c.tenant_id, c.vshard, c.subscription_id FROM network_copy c
                          WHERE c.read_after < 'infinity' AND c.read_after <= $1::timestamptz
                          ORDER BY c.read_after LIMIT $2::int
                          FOR UPDATE SKIP LOCKED
                        ), taken AS (
                          UPDATE network_copy c
                          SET reads = c.reads + 1,
                              read_after = $1::timestamptz
                                + make_interval(secs => least($3::float8 * 2 ^ least(c.reads + 1, 20), $4::float8))
                          FROM due d
                          WHERE c.tenant_id = d.tenant_id AND c.vshard = d.vshard
                            AND c.subscription_id = d.subscription_id
                          RETURNING c.*
                        )
                        SELECT t.*, coalesce((SELECT told_version_base FROM installation), 0) + t.version AS told_version,
                               p.tenant_id AS partner_tenant, p.callback_url, p.connector, p.connector_secret
                        FROM taken t JOIN partner p
                          ON p.id = t.partner_id AND p.disabled_at IS NULL AND p.tenant_id IN (0, t.tenant_id)
                        """)
                .execute(Tuple.of(now.atOffset(ZoneOffset.UTC), limit, seconds(readEvery), longest(readEvery)))
                .map(rows -> {
                    List<Due> due = new ArrayList<>();
                    for (Row row : rows) {
                        due.add(new Due(NetworkCopyStore.copy(row), row.getLong("told_version"), partner(row)));
                    }
                    return due;
                });
    }

    /** What was lost is not read before it has been told again. */
    Future<Void> lost(SqlConnection connection, NetworkCopy copy) {
        return connection
                .preparedQuery("""
                        UPDATE network_copy SET read_after = 'infinity', reads = 0
                        WHERE tenant_id = $1 AND vshard = $2 AND subscription_id = $3 AND version = $4
                        """)
                .execute(Tuple.of(
                        copy.tenantId(), Ids.shardOf(copy.subscriptionId()), copy.subscriptionId(), copy.version()))
                .mapEmpty();
    }

    /** What could not be read tells nothing: the next read is as far away as this one was. */
    Future<Void> failed(SqlConnection connection, NetworkCopy copy, Instant now, Duration readEvery) {
        return connection
                .preparedQuery("""
                        UPDATE network_copy
                        SET reads = greatest(reads - 1, 0),
                            read_after = $5::timestamptz
                              + make_interval(secs => least($6::float8 * 2 ^ least(greatest(reads - 1, 0), 20), $7::float8))
                        WHERE tenant_id = $1 AND vshard = $2 AND subscription_id = $3 AND version = $4
                          AND read_after < 'infinity'
                        """)
                .execute(Tuple.of(
                                copy.tenantId(),
                                Ids.shardOf(copy.subscriptionId()),
                                copy.subscriptionId(),
                                copy.version())
                        .addValue(now.atOffset(ZoneOffset.UTC))
                        .addValue(seconds(readEvery))
                        .addValue(longest(readEvery)))
                .mapEmpty();
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1_000.0;
    }

    private static double longest(Duration readEvery) {
        return Math.max(seconds(readEvery), seconds(LONGEST));
    }

    private static ClaimedRow.Partner partner(Row row) {
        JsonObject connector = row.getJsonObject("connector");
        String url = row.getString("callback_url");
        Buffer secret = row.getBuffer("connector_secret");
        return new ClaimedRow.Partner(
                row.getInteger("partner_tenant"),
                row.getLong("partner_id"),
                url,
                Connector.of(connector, url).orElse(null),
                secret == null ? null : secret.getBytes());
    }
}
