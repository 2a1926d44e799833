package dev.octroi.quota;

import static dev.octroi.quota.QuotaFixture.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.octroi.db.Pieces;
import dev.octroi.quota.account.AccountKey;
import dev.octroi.quota.decide.AccountFixture;
import dev.octroi.testing.TestDatabase;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What held long ago is forgotten piece by piece, and no piece leaves a beginning without its end. */
class RestrictionLogTest {
    private static final String HOLD = "held:legal";

    private static QuotaFixture fixture;
    private final RestrictionLogStore store = new RestrictionLogStore();

    @BeforeAll
    static void open() {
        fixture = new QuotaFixture();
    }

    @AfterAll
    static void close() {
        fixture.close();
    }

    /** The rows need not lie in the order of time: pages are used again, and a scan may begin in their middle. */
    @Test
    void whatEndedLongAgoHoldsAfterNoPiece() {
        AccountKey key = fixture.open(AccountFixture.france());
        Instant now = fixture.now.get();
        Instant cut = now.minus(Duration.ofDays(400));
        write(key, cut.minus(Duration.ofDays(8)), false);
        write(key, cut.minus(Duration.ofDays(9)), true);
        write(key, cut.minus(Duration.ofDays(3)), false);
        write(key, cut.minus(Duration.ofDays(4)), true);
        int gone = 0;
        for (int piece = 0; piece < 5; piece++) {
            gone += forget(cut);
            assertThat(held(key, now)).as("after %d rows", gone).isNotEqualTo(Optional.of(true));
        }
        assertThat(gone).isEqualTo(4);
    }

    @Test
    void theLastBeginningOfWhatHoldsStays() {
        AccountKey key = fixture.open(AccountFixture.france());
        Instant now = fixture.now.get();
        Instant cut = now.minus(Duration.ofDays(400));
        write(key, cut.minus(Duration.ofDays(5)), true);
        write(key, cut.minus(Duration.ofDays(6)), false);
        write(key, cut.minus(Duration.ofDays(7)), true);
        while (forget(cut) > 0) {
            assertThat(held(key, now)).isEqualTo(Optional.of(true));
        }
        assertThat(held(key, now)).isEqualTo(Optional.of(true));
        assertThat(fixture.number(
                        "SELECT count(*) FROM restriction_log WHERE account_id = ? AND id = '" + HOLD + "'",
                        key.accountId()))
                .isEqualTo(1);
    }

    private int forget(Instant cut) {
        return await(Pieces.remove(
                fixture.database,
                connection -> connection
                        .query("SET LOCAL enable_indexscan = off")
                        .execute()
                        .compose(done -> store.forget(connection, cut, 1)),
                1,
                1));
    }

    /** What the log says of the hold: nothing, that it had ended (false), or that it held (true). */
    private Optional<Boolean> held(AccountKey key, Instant at) {
        Map<String, Optional<Explanation.Held>> log = await(store.at(fixture.database.workerPool(), key, at));
        return Optional.ofNullable(log.get(HOLD)).map(Optional::isPresent);
    }

    private static void write(AccountKey key, Instant at, boolean held) {
        TestDatabase.execute(
                fixture.config, """
                INSERT INTO restriction_log (vshard, tenant_id, account_id, at, id, held, class, reason, level, from_at, until_kind)
                VALUES (%d, %d, %d, '%s', '%s', %b, 'LEGAL', 'legal.held', 'SUSPENDED_ALL', '%s', 'lifted')
                """.formatted(key.vshard(), key.tenantId(), key.accountId(), at, HOLD, held, at));
    }
}
