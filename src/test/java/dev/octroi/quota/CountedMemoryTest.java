package dev.octroi.quota;

import static org.assertj.core.api.Assertions.assertThat;

import dev.octroi.quota.account.AccountKey;
import dev.octroi.quota.account.Effect;
import dev.octroi.quota.account.UsageRecord;
import dev.octroi.quota.decide.AccountFixture;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a lane remembers of the records that it counted. */
class CountedMemoryTest {
    private static final Instant AT = Instant.parse("2026-11-23T10:00:00Z");
    private static final AccountKey KEY = new AccountKey(1, 256);

    private final CountedMemory memory = new CountedMemory();

    @Test
    void whatWasCountedIsLookedUpAndWhatWasNotIsTakenForNew() {
        memory.written(List.of(row(KEY, record("a", AT))));
        assertThat(memory.mayHold(KEY, record("a", AT))).isTrue();
        assertThat(memory.mayHold(KEY, record("b", AT))).isFalse();
        assertThat(memory.mayHold(new AccountKey(1, 512), record("a", AT))).isFalse();
        assertThat(memory.mayHold(KEY, record("a", AT.plus(Duration.ofDays(1)))))
                .isFalse();
    }

    @Test
    void theLatestHundredThousandAreRemembered() {
        for (int i = 0; i < 100_000; i++) {
            memory.written(List.of(row(KEY, record("r" + i, AT))));
        }
        long held = 0;
        for (int i = 0; i < 100_000; i++) {
            held += memory.mayHold(KEY, record("r" + i, AT)) ? 1 : 0;
        }
        // Places are shared: a few have pushed others out.
        assertThat(held).isBetween(98_000L, 100_000L);
    }

    @Test
    void afterARecordThatWasNotNewEveryRecordIsLookedUpForSomeBatches() {
        memory.wasWrong();
        int careful = 0;
        while (memory.mayHold(KEY, record("never seen", AT))) {
            careful++;
            assertThat(careful).isLessThanOrEqualTo(64);
            memory.written(List.of());
        }
        assertThat(careful).isEqualTo(64);
    }

    private static Sink.Addressed<Effect.LedgerRow> row(AccountKey key, UsageRecord record) {
        return new Sink.Addressed<>(key, 512, new Effect.LedgerRow(record, 1, 0, 1, "", 0, 0));
    }

    private static UsageRecord record(String key, Instant at) {
        return AccountFixture.record(key, 1, at);
    }
}
