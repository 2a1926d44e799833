package dev.octroi.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.octroi.db.Ids;
import dev.octroi.drain.ByteRange;
import dev.octroi.drain.Category;
import dev.octroi.drain.DrainKind;
import dev.octroi.drain.Verdict;
import dev.octroi.quota.Sink;
import dev.octroi.quota.account.AccountKey;
import dev.octroi.quota.account.Effect;
import dev.octroi.support.AlarmReport;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** What several alarms of one batch become. */
class ConsequencesTest {
    private static final Ids IDS = new Ids(Clock.systemUTC(), new SplittableRandom(3));
    private static final AccountKey KEY = new AccountKey(1, IDS.next(5));
    private static final long SUBSCRIPTION = IDS.next(5);

    /** A file of an hour: the hold had run out, data is held again, and it grows. */
    @Test
    void thatAHoldHadRunOutIsNotLostWhereAnIncidentIsToldTwiceInABatch() {
        List<AlarmReport> reports = new Consequences(IDS)
                .latest(List.of(raised(1, 1.1, true), raised(2, 1.2, false), raised(1, 1.4, false)));
        assertThat(reports).hasSize(2);
        assertThat(reports.getFirst().alarm().score()).as("the newest").isEqualTo(1.4);
        assertThat(reports.getFirst().recent()).containsEntry(Effect.AlarmRaised.HOLD_HAD_RUN_OUT, true);
        assertThat(reports.getLast().recent()).containsEntry(Effect.AlarmRaised.HOLD_HAD_RUN_OUT, false);
    }

    private static Sink.Addressed<Effect.AlarmRaised> raised(int incident, double score, boolean hadRunOut) {
        Verdict.Alarm alarm = new Verdict.Alarm(
                DrainKind.NIGHT,
                score,
                1_790_000_000,
                new ByteRange(0, 10),
                100,
                90,
                Category.CLOUD,
                "FR",
                List.of(),
                0.9,
                incident,
                false);
        return new Sink.Addressed<>(
                KEY,
                SUBSCRIPTION,
                new Effect.AlarmRaised(
                        alarm,
                        "suspend",
                        Map.of(Effect.AlarmRaised.HOLD_HAD_RUN_OUT, hadRunOut),
                        Instant.ofEpochSecond(1_790_000_000)));
    }
}
