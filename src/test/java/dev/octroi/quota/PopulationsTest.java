package dev.octroi.quota;

import static dev.octroi.quota.QuotaFixture.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.octroi.drain.Population;
import dev.octroi.quota.account.AccountKey;
import dev.octroi.quota.decide.AccountFixture;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** One gateway learns, all judge alike. */
class PopulationsTest {
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
    void aVersionIsLearnedOnceAWeekAndHoldsOnEveryGatewayFromTheSameMoment() {
        AccountKey key = fixture.open(AccountFixture.france());
        fixture.use(key, "p1", AccountFixture.MB);
        Populations one = new Populations(fixture.vertx, fixture.database, fixture.clock);
        Populations other = new Populations(fixture.vertx, fixture.database, fixture.clock);
        assertThat(await(one.learnIfDue())).isTrue();
        assertThat(await(other.learnIfDue())).as("within the week").isFalse();
        await(one.refresh());
        await(other.refresh());
        Instant now = fixture.now.get();
        Instant later = now.plus(Duration.ofMinutes(15));
        for (Populations each : new Populations[] {one, other}) {
            assertThat(each.apply(now)).isSameAs(Population.shipped());
            assertThat(each.apply(later.minusMillis(1))).isSameAs(Population.shipped());
            assertThat(each.apply(later)).isNotSameAs(Population.shipped());
        }
        assertThat(one.apply(later).text()).isEqualTo(other.apply(later).text());
        fixture.now.set(now.plus(Duration.ofDays(8)));
        try {
            assertThat(await(other.learnIfDue())).isTrue();
            await(one.refresh());
            assertThat(one.apply(later).text())
                    .as("the older version still holds for its time")
                    .isEqualTo(other.apply(later).text());
        } finally {
            fixture.now.set(now);
        }
    }
}
