package dev.octroi.support;

import static dev.octroi.quota.QuotaFixture.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.octroi.db.Ids;
import dev.octroi.policy.RestrictionClass;
import dev.octroi.quota.AccountReader;
import dev.octroi.quota.QuotaFixture;
import dev.octroi.quota.account.AccountCommand;
import dev.octroi.quota.account.AccountKey;
import dev.octroi.quota.decide.AccountFixture;
import dev.octroi.testing.TestDatabase;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class EvidenceTest {
    private static QuotaFixture fixture;

    @BeforeAll
    static void open() {
        fixture = new QuotaFixture();
    }

    @AfterAll
    static void close() throws Exception {
        fixture.close();
    }

    @Test
    void packShowsWhatTheCaseIsAboutHoweverMuchCameAfterIt() {
        AccountKey key = fixture.open(AccountFixture.france());
        AccountReader reader = new AccountReader(fixture.database, fixture.clock);
        long subscription = await(reader.view(key.tenantId(), key.accountId()))
                .orElseThrow()
                .subscriptionId();
        for (int i = 0; i < 3; i++) {
            fixture.accepted(
                    key,
                    new AccountCommand.CountUsage(
                            AccountFixture.record("before-" + i, 7, fixture.now.get()), AccountFixture.NETWORK));
        }
        fixture.accepted(
                key, new AccountCommand.Suspend(RestrictionClass.DRAIN, false, "Drains", AccountFixture.ADMIN));
        Instant opened = fixture.now.get().plus(Duration.ofMinutes(1));
        long caseId = fixture.ids.next(Ids.shardOf(subscription));
        await(fixture.database.inWorker(connection -> new CaseStore()
                .insert(connection, key.tenantId(), caseId, subscription, "Was it me?", "support:ada", opened)));
        later(key, subscription, opened);

        JsonObject pack = await(new Evidence(fixture.database, reader, fixture.clock).pack(key.tenantId(), caseId))
                .orElseThrow();

        JsonArray records = pack.getJsonArray("records");
        assertThat(records.stream().filter(each -> counted(each) == 7)).hasSize(3);
        assertThat(records).hasSize(103);
        assertThat(counted(records.getValue(0)))
                .as("of those after it the first, newest first")
                .isEqualTo(1_100);
        assertThat(pack.getJsonArray("decisions").encode()).contains("drain.held");
        assertThat(pack.getJsonArray("callbacks")).isNotEmpty();
        assertThat(pack.getJsonArray("events").encode())
                .contains("policy.decided")
                .doesNotContain("later");
        assertThat(pack.getJsonArray("cut")).containsExactly("records");
    }

    /** 600 records in the hours after, and 300 decisions, callbacks and events of the weeks after that. */
    private static void later(AccountKey key, long subscription, Instant opened) {
        String at = "timestamptz '" + opened + "'";
        String account = " WHERE account_id = " + key.accountId();
        TestDatabase.execute(
                fixture.config,
                "CREATE TEMP TABLE one AS SELECT * FROM ledger" + account + " LIMIT 1",
                "INSERT INTO ledger SELECT (jsonb_populate_record(one, jsonb_build_object('key', 'after-' || i,"
                        + " 'event_at', " + at + " + i * interval '1 minute', 'delta_bytes', 1000 + i))).*"
                        + " FROM one, generate_series(1, 600) i",
                "CREATE TEMP TABLE two AS SELECT * FROM decision" + account + " LIMIT 1",
                "INSERT INTO decision SELECT (jsonb_populate_record(two, jsonb_build_object('version', 1000 + i,"
                        + " 'reason', 'later', 'decided_at', " + at
                        + " + interval '2 days' + i * interval '1 hour'))).*"
                        + " FROM two, generate_series(1, 300) i",
                "CREATE TEMP TABLE three AS SELECT * FROM outbox WHERE stream = 'network' AND key = " + subscription
                        + " LIMIT 1",
                "INSERT INTO outbox SELECT (jsonb_populate_record(three, jsonb_build_object('id', 1000 + i,"
                        + " 'version', 1000 + i, 'created_at', " + at
                        + " + interval '2 days' + i * interval '1 hour'))).*"
                        + " FROM three, generate_series(1, 300) i",
                "INSERT INTO event (tenant_id, vshard, id, type, subject_id, data, at)"
                        + " SELECT " + key.tenantId() + ", " + Ids.shardOf(subscription) + ", i, 'zone.later', "
                        + subscription + ", '{}', " + at + " + interval '2 days' + i * interval '1 hour'"
                        + " FROM generate_series(1, 300) i");
    }

    private static long counted(Object entry) {
        return ((JsonObject) entry).getLong("countedBytes");
    }
}
