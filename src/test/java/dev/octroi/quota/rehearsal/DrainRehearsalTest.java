package dev.octroi.quota.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.octroi.catalog.AfterQuota;
import dev.octroi.catalog.DrainPolicy;
import dev.octroi.catalog.DrainTerms;
import dev.octroi.catalog.PlanTerms;
import dev.octroi.catalog.Renewal;
import dev.octroi.catalog.Validity;
import dev.octroi.drain.Category;
import dev.octroi.drain.DrainDetector;
import dev.octroi.drain.DrainObservation;
import dev.octroi.drain.Population;
import dev.octroi.quota.decide.AccountFixture;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Grades of drain alarms, played over two weeks of ordinary days and an upload at night. */
class DrainRehearsalTest {
    private static final long START = 1_790_035_200L;
    private static final long HOUR = 3_600;
    private static final long DAY = 24 * HOUR;

    /** A tenth of what is sold for a day is not at stake at the first alarm; what was used on days before is no signal. */
    @Test
    void aVolumeThatComesAnewIsNotUsedUpByTheDaysBefore() {
        PlanTerms daily = AccountFixture.terms(
                        20 * AccountFixture.GB,
                        new AfterQuota.Stop(),
                        Validity.days(60, Validity.StartMode.ON_ORDER),
                        DrainPolicy.SUSPEND)
                .with(new Renewal(Renewal.Every.DAY, 0));
        RehearsedAccount account = new RehearsedAccount(daily, records());
        RehearsalTally tally = new DrainRehearsal(
                        DrainDetector.shipped(), Population.shipped(), DrainPolicy.SUSPEND, DrainTerms.DEFAULT)
                .play(account);
        assertThat(tally.throttled()).isEqualTo(1);
        assertThat(tally.suspended()).isZero();
    }

    /** What goes on for three days is held for three days, not for the first of them. */
    @Test
    void aDrainThatGoesOnIsHeldAgain() {
        PlanTerms plan = AccountFixture.terms(
                100 * AccountFixture.GB,
                new AfterQuota.Stop(),
                Validity.days(60, Validity.StartMode.ON_ORDER),
                DrainPolicy.THROTTLE);
        List<DrainObservation> records = records();
        for (int i = 0; i < 3 * 144; i++) {
            records.add(record(START + 14 * DAY + 2 * HOUR + 600L * i, 10_000_000, 1_000_000, Category.OTHER));
        }
        RehearsalTally tally = new DrainRehearsal(
                        DrainDetector.shipped(), Population.shipped(), DrainPolicy.THROTTLE, DrainTerms.DEFAULT)
                .play(new RehearsedAccount(plan, records));
        assertThat(tally.slowedBytes()).isGreaterThan(400 * 11_000_000L);
    }

    private static List<DrainObservation> records() {
        Random random = new Random(5);
        List<DrainObservation> records = new ArrayList<>();
        records.add(record(START + 9 * HOUR, 1_000_000, 19_000_000_000L, Category.VIDEO));
        records.add(record(START + 10 * HOUR, 1_000_000, 2_000_000_000L, Category.VIDEO));
        for (int day = 1; day < 14; day++) {
            for (int hour = 7; hour < 22; hour++) {
                long at = START + day * DAY + hour * HOUR + random.nextInt(3_000);
                records.add(record(at, random.nextLong(1_000_000), random.nextLong(16_000_000), Category.WEB));
            }
        }
        for (int i = 0; i < 9; i++) {
            records.add(record(START + 14 * DAY + HOUR + 300L * i, 90_000_000, 2_000_000, Category.OTHER));
        }
        return records;
    }

    private static DrainObservation record(long at, long up, long down, Category category) {
        return new DrainObservation(at, up, down, category, "FR", 120);
    }
}
