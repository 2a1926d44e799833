package dev.octroi.quota;

import static dev.octroi.quota.decide.AccountFixture.GB;
import static dev.octroi.quota.decide.AccountFixture.MB;
import static dev.octroi.quota.decide.AccountFixture.NETWORK;
import static org.assertj.core.api.Assertions.assertThat;

import dev.octroi.catalog.AfterQuota;
import dev.octroi.catalog.DrainPolicy;
import dev.octroi.catalog.PlanTerms;
import dev.octroi.catalog.Validity;
import dev.octroi.drain.DrainDetector;
import dev.octroi.drain.Population;
import dev.octroi.quota.account.AccountCommand;
import dev.octroi.quota.account.AccountKey;
import dev.octroi.quota.account.AccountState;
import dev.octroi.quota.account.Actor;
import dev.octroi.quota.account.NewAccount;
import dev.octroi.quota.account.RemainingReports;
import dev.octroi.quota.account.UsageRecord;
import dev.octroi.quota.account.UsageRecord.Meaning;
import dev.octroi.quota.decide.AccountFixture;
import dev.octroi.quota.decide.Decider;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** How reports of what is left become bytes used. */
class RemainingReportsTest {
    private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");

    private final Decider decider = new Decider(DrainDetector.shipped(), Population.shipped());
    private AccountState state = open(AccountFixture.france());
    private int serial;

    @Test
    void theFirstReportOfABundleOfUnknownSizeCountsNothing() {
        left(800 * MB, 0);
        assertThat(state.countedBytes()).isZero();
    }

    @Test
    void theFirstReportOfABundleOfKnownSizeCountsWhatIsGone() {
        gone(200 * MB, 0);
        assertThat(state.countedBytes()).isEqualTo(200 * MB);
    }

    @Test
    void whatFallsFromOneReportToTheNextWasUsed() {
        left(800 * MB, 0);
        left(650 * MB, 5);
        left(650 * MB, 10);
        left(600 * MB, 15);
        assertThat(state.countedBytes()).isEqualTo(200 * MB);
    }

    @Test
    void aTopUpAtThePartnerTakesNothingBackAndCountsNothing() {
        left(100 * MB, 0);
        left(40 * MB, 5);
        left(1_040 * MB, 10);
        left(1_000 * MB, 15);
        assertThat(state.countedBytes()).isEqualTo(100 * MB);
    }

    @Test
    void aLateReportIsPutIntoItsPlace() {
        left(100 * MB, 0);
        left(70 * MB, 10);
        assertThat(state.countedBytes()).isEqualTo(30 * MB);
        left(80 * MB, 5);
        assertThat(state.countedBytes())
                .as("on the way down it tells nothing new")
                .isEqualTo(30 * MB);
        left(20 * MB, 7);
        assertThat(state.countedBytes()).as("80 fell to 20, then 50 were added").isEqualTo(80 * MB);
    }

    @Test
    void aBundleThatBeginsAnewIsAnotherBundle() {
        left("march", 100 * MB, 0);
        left("march", 10 * MB, 5);
        left("april", 100 * MB, 10);
        left("april", 90 * MB, 15);
        assertThat(state.countedBytes()).isEqualTo(100 * MB);
    }

    @Test
    void aSizeThatGrowsByATopUpLeavesWhatIsGoneAsItIs() {
        gone(200 * MB, 0);
        gone(200 * MB, 5);
        gone(250 * MB, 10);
        gone(210 * MB, 7);
        assertThat(state.countedBytes()).isEqualTo(250 * MB);
    }

    @Test
    void aReportWithTheSizeCorrectsReportsWithoutIt() {
        count(Meaning.ABSOLUTE_REMAINING, "b", 800 * MB, 0);
        count(Meaning.ABSOLUTE_REMAINING, "b", 700 * MB, 5);
        count(Meaning.GONE_OF_TOTAL, "b", 300 * MB, 10);
        assertThat(state.countedBytes()).as("not 100 and 300").isEqualTo(300 * MB);
    }

    @Test
    void aFullBundleBeginsNoPeriod() {
        state = open(AccountFixture.terms(
                GB, new AfterQuota.Stop(), Validity.days(7, Validity.StartMode.ON_FIRST_USE), DrainPolicy.NOTIFY));
        left(GB, 0);
        gone(0, 1);
        assertThat(state.endsAt()).isNull();
        left(GB - 1, 5);
        assertThat(state.endsAt()).isNotNull();
    }

    @Test
    void aBalanceIsNoBurstForTheDrainDetector() {
        byte[] before = state.drain().toBytes();
        gone(2 * GB, 0);
        assertThat(state.countedBytes()).isEqualTo(2 * GB);
        assertThat(state.drain().toBytes()).isEqualTo(before);
    }

    @Test
    void anyOrderOfAsManyReportsAsAreRememberedEndsAtTheSameSum() {
        for (long seed = 1; seed <= 300; seed++) {
            Random random = new Random(seed);
            List<RemainingReports.Report> reports = new ArrayList<>();
            for (int i = 0; i < 1 + random.nextInt(RemainingReports.MAX_REPORTS); i++) {
                reports.add(new RemainingReports.Report(NOON.plusSeconds(random.nextInt(20)), random.nextInt(10)));
            }
            long straight = sum(reports);
            Collections.shuffle(reports, random);
            assertThat(sum(reports)).as("seed " + seed).isEqualTo(straight);
        }
    }

    @Test
    void memoryIsBoundedAndWhatIsOlderThanAllOfItCountsNothing() {
        RemainingReports all = RemainingReports.NONE;
        long used = 0;
        for (int i = 0; i < 1_000; i++) {
            RemainingReports.Added added = all.add(new RemainingReports.Report(NOON.plusSeconds(i), 10_000 - i));
            used += added.usedBytes();
            all = added.reports();
        }
        assertThat(used).isEqualTo(999);
        assertThat(all.reports()).hasSize(RemainingReports.MAX_REPORTS);
        RemainingReports.Added late = all.add(new RemainingReports.Report(NOON, 20_000));
        assertThat(late.usedBytes()).isZero();
        assertThat(late.reports()).isEqualTo(all);
        assertThat(RemainingRows.read(RemainingRows.write(all))).isEqualTo(all);
        assertThat(RemainingRows.write(all)).hasSizeLessThan(2_000);
    }

    private static long sum(List<RemainingReports.Report> reports) {
        RemainingReports all = RemainingReports.NONE;
        long used = 0;
        for (RemainingReports.Report each : reports) {
            RemainingReports.Added added = all.add(each);
            assertThat(added.usedBytes()).isNotNegative();
            used += added.usedBytes();
            all = added.reports();
        }
        return used;
    }

    private void left(long bytes, int minute) {
        left("b", bytes, minute);
    }

    private void left(String bundle, long bytes, int minute) {
        count(Meaning.ABSOLUTE_REMAINING, bundle, bytes, minute);
    }

    private void gone(long bytes, int minute) {
        count(Meaning.GONE_OF_TOTAL, "sized", bytes, minute);
    }

    private void count(Meaning meaning, String bundle, long bytes, int minute) {
        Instant end = NOON.plus(Duration.ofMinutes(minute));
        UsageRecord record = AccountFixture.balance("r" + serial++, meaning, bundle, bytes, end);
        state = decider.decide(state, new AccountCommand.CountUsage(record, NETWORK), NOON.plus(Duration.ofHours(1)))
                .state();
    }

    private AccountState open(PlanTerms terms) {
        AccountState fresh =
                AccountState.fresh(new NewAccount(new AccountKey(1, 256), 512, terms, AccountFixture.PARIS, NOON));
        return decider.decide(
                        fresh,
                        new AccountCommand.StartPeriod(
                                AccountCommand.StartPeriod.Cause.ORDER, NOON, Actor.system("order")),
                        NOON)
                .state();
    }
}
