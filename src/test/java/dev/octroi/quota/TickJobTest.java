package dev.octroi.quota;

import static dev.octroi.quota.QuotaFixture.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.octroi.policy.Action;
import dev.octroi.policy.Condition;
import dev.octroi.policy.Level;
import dev.octroi.policy.Rule;
import dev.octroi.quota.account.AccountCommand;
import dev.octroi.quota.account.AccountKey;
import dev.octroi.quota.decide.AccountFixture;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class TickJobTest {
    private static final int AT_A_TIME = 2;

    @Test
    void whatFallsDueAtOneMidnightIsNotLeftForLaterLooks() {
        QuotaFixture fixture = new QuotaFixture();
        try {
            AccountReader reader = new AccountReader(fixture.database, fixture.clock);
            List<AccountKey> keys = Stream.generate(() -> blockedForToday(fixture))
                    .limit(2 * AT_A_TIME + 1)
                    .toList();
            fixture.now.set(Instant.parse("2026-11-23T23:00:00Z"));
            TickJob job = new TickJob(
                    fixture.vertx, fixture.database, fixture.accounts, fixture.clock, now -> true, AT_A_TIME);
            assertThat(urgencies(fixture)).as("the rules stopped data").containsOnly(0);
            assertThat(await(job.tick())).isEqualTo(keys.size());
            assertThat(urgencies(fixture)).as("lifted by the clock").containsOnly(3);
            assertThat(keys)
                    .allSatisfy(key -> assertThat(await(reader.view(fixture.tenant, key.accountId()))
                                    .orElseThrow()
                                    .policy()
                                    .level())
                            .isEqualTo(Level.NORMAL));
        } finally {
            fixture.close();
        }
    }

    /** How soon the last policy of each account goes out. */
    private static List<Integer> urgencies(QuotaFixture fixture) {
        return await(fixture.database.inWorker(connection -> connection
                .query(
                        "SELECT DISTINCT ON (key) urgency FROM outbox WHERE stream = 'network' ORDER BY key, version DESC")
                .execute()
                .map(rows -> rows.stream().map(row -> row.getInteger(0)).toList())));
    }

    private static AccountKey blockedForToday(QuotaFixture fixture) {
        AccountKey key = fixture.open(AccountFixture.france());
        Rule daily = new Rule(
                "daily",
                Rule.Owner.USER,
                Condition.over(Rule.Window.DAY, AccountFixture.MB),
                List.of(new Action.Pause()),
                Rule.WINDOW_END);
        fixture.accepted(key, new AccountCommand.PutRules(Rule.Owner.USER, List.of(daily), null, AccountFixture.ADMIN));
        fixture.use(key, "a", 2 * AccountFixture.MB);
        return key;
    }
}
