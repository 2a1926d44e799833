package dev.octroi.quota;

import static dev.octroi.quota.QuotaFixture.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.octroi.quota.account.AccountCommand;
import dev.octroi.quota.account.AccountKey;
import dev.octroi.quota.account.Outcome;
import dev.octroi.quota.decide.AccountFixture;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** An error, such as a stack that is full, ends a batch and not its lane. */
class LaneErrorTest {
    @Test
    void aBatchThatEndsInAnErrorIsAnsweredAndTheNextOneIsDecided() {
        try (QuotaFixture fixture = new QuotaFixture()) {
            AtomicBoolean broken = new AtomicBoolean();
            InstantSource clock = () -> {
                if (broken.getAndSet(false)) {
                    throw new StackOverflowError("too deep");
                }
                return fixture.now.get();
            };
            Accounts accounts = new Accounts(
                    fixture.vertx, fixture.database, fixture.decider, fixture.sinks(), clock, now -> true, 1);
            AccountKey key = fixture.open(AccountFixture.france());

            broken.set(true);
            assertThatThrownBy(() -> await(accounts.submit(key, record(fixture, "first"))))
                    .hasStackTraceContaining("too deep");
            assertThat(await(accounts.submit(key, record(fixture, "second")))).isInstanceOf(Outcome.Accepted.class);
        }
    }

    private static AccountCommand record(QuotaFixture fixture, String key) {
        return new AccountCommand.CountUsage(
                AccountFixture.record(key, 1_000, fixture.now.get()), AccountFixture.NETWORK);
    }
}
