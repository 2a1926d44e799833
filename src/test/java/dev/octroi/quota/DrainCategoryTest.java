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
import dev.octroi.policy.Level;
import dev.octroi.policy.Policy;
import dev.octroi.quota.account.AccountCommand;
import dev.octroi.quota.account.AccountKey;
import dev.octroi.quota.account.Actor;
import dev.octroi.quota.account.Background;
import dev.octroi.quota.account.Outcome;
import dev.octroi.quota.account.UsageRecord;
import dev.octroi.quota.decide.AccountFixture;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A plan that suspends the category that drains: what the network and people are told. */
class DrainCategoryTest {
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
    void theNetworkIsToldTheCategoryThatDrains() {
        AccountKey key = drained(Category.CLOUD);
        Policy policy = read(key);
        assertThat(policy.level()).isEqualTo(Level.BACKGROUND_BLOCKED);
        assertThat(policy.blockedCategories()).containsExactly("cloud");
        assertThat(fixture.number("""
                        SELECT count(*) FROM outbox o JOIN account a ON a.subscription_id = o.key
                        WHERE a.id = ? AND o.stream = 'network' AND o.version = a.policy_version
                          AND o.payload->>'level' = '3' AND o.payload->'blockedCategories' = '["cloud"]'::jsonb
                        """, key.accountId())).isEqualTo(1);
        assertThat(fixture.number(
                        "SELECT count(*) FROM decision WHERE account_id = ? AND blocked_categories = '{cloud}'",
                        key.accountId()))
                .isEqualTo(1);
        fixture.accepted(key, new AccountCommand.SetBackground(new Background(Background.Mode.OFF, 0), NETWORK));
        assertThat(read(key).blockedCategories())
                .as("the traveller blocks all background traffic")
                .isEmpty();
    }

    @Test
    void aDrainThatTheFeedCannotNameBlocksBackgroundTraffic() {
        AccountKey key = drained(Category.OTHER);
        assertThat(read(key).level()).isEqualTo(Level.BACKGROUND_BLOCKED);
        assertThat(read(key).blockedCategories()).isEmpty();
        assertThat(fixture.number("""
                        SELECT count(*) FROM outbox o JOIN account a ON a.subscription_id = o.key
                        WHERE a.id = ? AND o.payload->'blockedCategories' IS NOT NULL
                        """, key.accountId())).isZero();
    }

    /** As another gateway reads it. */
    private static Policy read(AccountKey key) {
        return await(fixture.gateway(fixture.database).submit(key, new AccountCommand.Tick(Actor.system("test"))))
                        instanceof Outcome.Accepted accepted
                ? accepted.account().policy()
                : Policy.UNRESTRICTED;
    }

    /** Five ordinary days, then an upload through the night until something is blocked. */
    private static AccountKey drained(Category category) {
        Instant start = Instant.parse("2026-11-23T10:00:00Z");
        fixture.now.set(start);
        AccountKey key = fixture.open(AccountFixture.terms(
                100 * GB,
                new AfterQuota.Stop(),
                Validity.days(60, Validity.StartMode.ON_ORDER),
                DrainPolicy.SUSPEND_CATEGORY));
        Random random = new Random(SEED);
        for (int day = 0; day < 5; day++) {
            for (int hour = 0; hour < 12; hour++) {
                Instant at = start.plus(Duration.ofDays(day))
                        .plus(Duration.ofHours(hour))
                        .plusSeconds(random.nextInt(3_000));
                use(key, at, random.nextLong(MB), MB + random.nextLong(15 * MB), Category.WEB);
            }
        }
        Instant night = start.plus(Duration.ofDays(4)).plus(Duration.ofHours(15));
        Level level = Level.NORMAL;
        for (int i = 0; i < 60 && level != Level.BACKGROUND_BLOCKED; i++) {
            level = use(key, night.plusSeconds(300L * i), 90 * MB, 2 * MB, category);
        }
        return key;
    }

    private static Level use(AccountKey key, Instant at, long up, long down, Category category) {
        fixture.now.set(at);
        UsageRecord record = AccountFixture.traffic("r" + at.getEpochSecond(), at, up, down, category);
        return fixture.accepted(key, new AccountCommand.CountUsage(record, NETWORK))
                .policy()
                .level();
    }
}
