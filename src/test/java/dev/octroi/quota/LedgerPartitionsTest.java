package dev.octroi.quota;

import static dev.octroi.quota.decide.AccountFixture.ADMIN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.octroi.quota.account.AccountCommand;
import dev.octroi.quota.account.AccountKey;
import dev.octroi.quota.decide.AccountFixture;
import dev.octroi.testing.TestDatabase;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The partitions of the ledger are made ahead of time, and nothing else waits for them. */
class LedgerPartitionsTest {
    /** The migrations make partitions for the days around today: no machine's today is this one. */
    private static final Instant FAR = Instant.parse("2400-01-01T10:00:00Z");

    private final QuotaFixture fixture = new QuotaFixture();

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void accountsThatAreDueAreLookedAtWhileALongReaderKeepsPartitionsFromBeingMade() throws Exception {
        AccountKey key = fixture.open(AccountFixture.france());
        fixture.accepted(key, new AccountCommand.Pause(ADMIN));
        fixture.now.set(FAR);
        LocalDate today = LocalDate.ofInstant(fixture.now.get(), ZoneOffset.UTC);
        try (TickJob job = new TickJob(fixture.vertx, fixture.database, fixture.accounts, fixture.clock, now -> true);
                Connection reader = TestDatabase.connect(fixture.config)) {
            reader.setAutoCommit(false);
            reader.createStatement().executeQuery("SELECT count(*) FROM ledger").close();
            job.start();
            await().atMost(30, TimeUnit.SECONDS)
                    .until(() -> fixture.number("SELECT count(*) FROM account WHERE id = ? AND ended", key.accountId())
                            == 1);
            assertThat(isPartitioned(today)).as("the reader is still there").isFalse();
            reader.rollback();
            fixture.now.updateAndGet(now -> now.plus(Duration.ofMinutes(2)));
            await().atMost(30, TimeUnit.SECONDS).until(() -> isPartitioned(today.plusDays(3)));
        }
    }

    @Test
    void dayWhoseRowsLieInTheDefaultPartitionKeepsNoOtherDayFromGettingItsOwn() {
        AccountKey key = fixture.open(AccountFixture.france());
        fixture.now.set(FAR);
        LocalDate today = LocalDate.ofInstant(fixture.now.get(), ZoneOffset.UTC);
        fixture.use(key, "a", 1);
        assertThat(fixture.number("SELECT count(*) FROM ledger_default WHERE day = ?", today))
                .isEqualTo(1);
        try (TickJob job = new TickJob(fixture.vertx, fixture.database, fixture.accounts, fixture.clock, now -> true)) {
            job.start();
            await().atMost(30, TimeUnit.SECONDS).until(() -> isPartitioned(today.plusDays(3)));
        }
        assertThat(isPartitioned(today)).as("its rows stay where they are").isFalse();
        fixture.use(key, "b", 1);
        assertThat(fixture.number("SELECT count(*) FROM ledger_default WHERE day = ?", today))
                .isEqualTo(2);
    }

    private boolean isPartitioned(LocalDate day) {
        String name = "ledger_" + day.toString().replace("-", "");
        return fixture.number("SELECT count(*) FROM pg_class WHERE relname = ?", name) == 1;
    }
}
