package dev.octroi.quota.rehearsal;

import dev.octroi.catalog.PlanTerms;
import dev.octroi.drain.Category;
import dev.octroi.drain.DrainObservation;
import dev.octroi.drain.VisitedTime;
import dev.octroi.quota.account.AccountKey;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** Reads counted records of a plan's subscriptions, account by account. */
final class RehearsalStore {
    /** Most subscriptions of one rehearsal. */
    static final int MAX_ACCOUNTS = 200;
    /** Most records of one subscription. */
    static final int MAX_RECORDS = 20_000;
    /** The plan's subscriptions are looked for among this many of the tenant's newest. */
    private static final int NEWEST = 5_000;

    private final UnaryOperator<String> countryOf;

    /** @param countryOf the country of a network, given {@code MCC-MNC} */
    RehearsalStore(UnaryOperator<String> countryOf) {
        this.countryOf = countryOf;
    }

    /** An account of the plan. */
    record Fleet(AccountKey key, PlanTerms terms, ZoneId zone) {}

    /** The newest subscriptions of a plan, of all its versions. */
    Future<List<Fleet>> fleet(SqlClient client, int tenantId, long planId, int limit) {
        return client.preparedQuery("""
                        WITH newest AS (
                          SELECT s.tenant_id, s.vshard, s.id, s.plan_id, s.account_id
                          FROM subscription s WHERE s.tenant_id = $1 ORDER BY s.id DESC LIMIT $4::int)
                        SELECT a.id, a.terms::text AS terms, a.time_zone
                        FROM newest n
                        JOIN account a ON a.vshard = n.vshard AND a.tenant_id = n.tenant_id AND a.id = n.account_id
                        WHERE n.plan_id = $2 ORDER BY n.id DESC LIMIT $3::int
                        """)
                .execute(Tuple.of(tenantId, planId, limit, NEWEST))
                .map(rows -> {
                    List<Fleet> fleet = new ArrayList<>();
                    for (Row row : rows) {
                        fleet.add(new Fleet(
                                new AccountKey(tenantId, row.getLong("id")),
                                PlanTerms.fromJson(row.getString("terms")),
                                ZoneId.of(row.getString("time_zone"))));
                    }
                    return fleet;
                });
    }

    /** What was counted for an account since a day, as it arrived. */
    Future<RehearsedAccount> records(SqlClient client, Fleet account, LocalDate since) {
        AccountKey key = account.key();
        return client.preparedQuery("""
                        SELECT event_at, up_bytes, down_bytes, category, plmn
                        FROM ledger
                        WHERE day >= $1 AND vshard = $2 AND tenant_id = $3 AND account_id = $4
                          AND delta_bytes > 0
                        ORDER BY received_at, event_at, key LIMIT $5::int
                        """)
                .execute(Tuple.of(since, key.vshard(), key.tenantId(), key.accountId(), MAX_RECORDS))
                .map(rows -> {
                    List<DrainObservation> records = new ArrayList<>(rows.size());
                    for (Row row : rows) {
                        records.add(record(row, account.zone()));
                    }
                    return new RehearsedAccount(account.terms(), records);
                });
    }

    static LocalDate day(Instant at) {
        return LocalDate.ofInstant(at, ZoneOffset.UTC);
    }

    private DrainObservation record(Row row, ZoneId zone) {
        Instant at = row.getOffsetDateTime("event_at").toInstant();
        String country = countryOf.apply(row.getString("plmn"));
        return new DrainObservation(
                at.getEpochSecond(),
                row.getLong("up_bytes"),
                row.getLong("down_bytes"),
                Category.of(row.getString("category")),
                country,
                VisitedTime.offsetMinutes(country, zone, at));
    }
}
