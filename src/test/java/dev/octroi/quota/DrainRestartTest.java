package dev.octroi.quota;

import static dev.octroi.quota.QuotaFixture.await;
import static dev.octroi.quota.decide.AccountFixture.GB;
import static dev.octroi.quota.decide.AccountFixture.MB;
import static dev.octroi.quota.decide.AccountFixture.NETWORK;
import static org.assertj.core.api.Assertions.assertThat;

import dev.octroi.catalog.AfterQuota;
import dev.octroi.catalog.DrainPolicy;
import dev.octroi.catalog.Validity;
import dev.octroi.drain.Category;
import dev.octroi.quota.account.AccountCommand;
import dev.octroi.quota.account.AccountKey;
import dev.octroi.quota.account.Outcome;
import dev.octroi.quota.account.UsageRecord;
import dev.octroi.quota.decide.AccountFixture;
import dev.octroi.testing.TestDatabase;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The same records give the same alarms, whichever gateways count them and however often one starts anew. */
class DrainRestartTest {
    private static final long SEED = 5;

    private static QuotaFixture fixture;

    @BeforeAll
    static void open() {
        fixture = new QuotaFixture();
    }

    @AfterAll
    static void close() {
        fixture.close();
    }

    @Test
    void gatewaysThatTakeTurnsAndStartAnewAgreeWithOneThatRunsOn() throws SQLException {
        Instant start = fixture.now.get();
        List<UsageRecord> records = drained(start);
        AccountKey steady = account(start);
        for (UsageRecord each : records) {
            count(fixture.accounts, steady, each);
        }
        AccountKey restless = account(start);
        Accounts one = fixture.gateway(fixture.database);
        Accounts other = fixture.gateway(fixture.database);
        for (int i = 0; i < records.size(); i++) {
            if (i % 17 == 0) {
                // Nothing of what a gateway remembers survives it.
                one = fixture.gateway(fixture.database);
            }
            count(i % 3 == 0 ? other : one, restless, records.get(i));
        }
        assertThat(alarms(steady)).as("seed %d", SEED).isNotEmpty().isEqualTo(alarms(restless));
        assertThat(memory(steady)).isEqualTo(memory(restless));
    }

    private static AccountKey account(Instant at) {
        fixture.now.set(at);
        return fixture.open(AccountFixture.terms(
                100 * GB, new AfterQuota.Stop(), Validity.days(60, Validity.StartMode.ON_ORDER), DrainPolicy.SUSPEND));
    }

    private static void count(Accounts gateway, AccountKey key, UsageRecord record) {
        fixture.now.set(record.receivedAt());
        Outcome outcome = await(gateway.submit(key, new AccountCommand.CountUsage(record, NETWORK)));
        assertThat(outcome).isInstanceOf(Outcome.Accepted.class);
    }

    /** Five ordinary days, then an upload through the night. */
    private static List<UsageRecord> drained(Instant start) {
        Random random = new Random(SEED);
        List<UsageRecord> records = new ArrayList<>();
        for (int day = 0; day < 5; day++) {
            for (int hour = 0; hour < 12; hour++) {
                Instant at = start.plus(Duration.ofDays(day))
                        .plus(Duration.ofHours(hour))
                        .plusSeconds(random.nextInt(3_000));
                records.add(
                        record(records.size(), at, random.nextLong(MB), MB + random.nextLong(15 * MB), Category.WEB));
            }
        }
        Instant night = start.plus(Duration.ofDays(4)).plus(Duration.ofHours(15));
        for (int i = 0; i < 30; i++) {
            records.add(record(records.size(), night.plusSeconds(300L * i), 90 * MB, 2 * MB, Category.OTHER));
        }
        return records;
    }

    private static UsageRecord record(int serial, Instant at, long up, long down, Category category) {
        return AccountFixture.traffic("r" + serial, at, up, down, category);
    }

    private static List<String> alarms(AccountKey key) throws SQLException {
        return rows("""
                SELECT a.incident || a.kind || a.since || a.observed_bytes || a.score || a.action || a.reasons || a.recent
                FROM alarm a JOIN account c ON c.subscription_id = a.subscription_id
                WHERE c.id = %d ORDER BY a.incident
                """.formatted(key.accountId()));
    }

    private static List<String> memory(AccountKey key) throws SQLException {
        return rows("""
                SELECT encode(d.state, 'hex') || '/' || encode(h.drain_patch, 'hex')
                FROM account_drain d JOIN account_hot h USING (vshard, tenant_id, account_id) WHERE account_id = %d
                """.formatted(key.accountId()));
    }

    private static List<String> rows(String sql) throws SQLException {
        List<String> rows = new ArrayList<>();
        try (var connection = TestDatabase.connect(fixture.config);
                ResultSet found = connection.createStatement().executeQuery(sql)) {
            while (found.next()) {
                rows.add(found.getString(1));
            }
        }
        return rows;
    }
}
