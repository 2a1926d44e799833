package dev.octroi.quota;

import static dev.octroi.quota.QuotaFixture.await;
import static dev.octroi.quota.decide.AccountFixture.MB;
import static dev.octroi.quota.decide.AccountFixture.NETWORK;
import static org.assertj.core.api.Assertions.assertThat;

import dev.octroi.catalog.AfterQuota;
import dev.octroi.catalog.DayZone;
import dev.octroi.catalog.PlanTerms;
import dev.octroi.catalog.Validity;
import dev.octroi.drain.Population;
import dev.octroi.policy.Action;
import dev.octroi.policy.Condition;
import dev.octroi.policy.Level;
import dev.octroi.policy.RestrictionClass;
import dev.octroi.policy.Rule;
import dev.octroi.policy.Speed;
import dev.octroi.quota.account.AccountCommand;
import dev.octroi.quota.account.AccountKey;
import dev.octroi.quota.account.AccountView;
import dev.octroi.quota.account.Delivery;
import dev.octroi.quota.account.Forecast;
import dev.octroi.quota.account.Freshness;
import dev.octroi.quota.account.UsagePoint;
import dev.octroi.quota.decide.AccountFixture;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What pages and APIs read, and what the clock does by itself. */
class AccountReaderTest {
    private static QuotaFixture fixture;
    private static AccountReader reader;

    @BeforeAll
    static void open() {
        fixture = new QuotaFixture();
        reader = new AccountReader(fixture.database, fixture.clock);
    }

    @AfterAll
    static void close() {
        fixture.close();
    }

    @Test
    void viewSaysHowFreshItIsAndWhenTheVolumeWillBeUsedUp() {
        AccountKey key = fixture.open(AccountFixture.france());
        Instant opened = fixture.now.get();
        List<Accounts.Submission> records = new ArrayList<>();
        for (int hour = 1; hour <= 48; hour++) {
            records.add(new Accounts.Submission(
                    key,
                    new AccountCommand.CountUsage(
                            AccountFixture.record("h" + hour, 20 * MB, opened.plus(hour, ChronoUnit.HOURS)), NETWORK)));
        }
        fixture.now.set(opened.plus(Duration.ofHours(48)).plusSeconds(120));
        await(fixture.accounts.submitAll(records));
        AccountView view = await(reader.view(1, key.accountId())).orElseThrow();
        assertThat(view.usedBytes()).isEqualTo(960 * MB);
        assertThat(view.freshness().asOf()).isEqualTo(opened.plus(Duration.ofHours(48)));
        assertThat(view.freshness().lagSeconds()).isEqualTo(120);
        assertThat(view.freshness().complete()).isFalse();
        assertThat(view.freshness().mayChangeByBytes()).isPositive();
        Forecast forecast = view.forecast();
        assertThat(forecast).isNotNull();
        // 2,040 MB at 20 MB an hour are 102 hours.
        assertThat(forecast.depletesAt())
                .isBetween(
                        fixture.now.get().plus(Duration.ofHours(95)),
                        fixture.now.get().plus(Duration.ofHours(110)));
        assertThat(forecast.earliest()).isBeforeOrEqualTo(forecast.depletesAt());
        assertThat(await(reader.usageByHour(1, key.accountId(), opened, fixture.now.get())))
                .hasSize(48)
                .allMatch(point -> point.bytes() == 20 * MB);
        List<UsagePoint> days = await(reader.usageByDay(1, key.accountId(), opened, fixture.now.get()));
        assertThat(days.stream().mapToLong(UsagePoint::bytes).sum()).isEqualTo(960 * MB);
        // Paris is an hour ahead of UTC in November.
        assertThat(days.get(1).from()).isEqualTo(Instant.parse("2026-11-23T23:00:00Z"));
        assertThat(await(reader.viewOfSubscription(1, view.subscriptionId()))).isPresent();
        assertThat(await(reader.view(2, key.accountId()))).as("another tenant").isEmpty();
        fixture.now.set(opened);
    }

    @Test
    void daysThatAreShownAreThoseThatAreCounted() {
        Instant opened = fixture.now.get();
        AccountKey key = fixture.open(utc());
        fixture.accepted(key, new AccountCommand.SetTimeZone(ZoneId.of("Asia/Tokyo"), AccountFixture.ADMIN));
        for (int hour = 0; hour < 20; hour++) {
            fixture.now.set(opened.plus(Duration.ofHours(hour)));
            fixture.use(key, "h" + hour, MB);
        }
        Instant hourEnd = fixture.now.get().plus(Duration.ofHours(1));
        List<UsagePoint> days = await(reader.usageByDay(1, key.accountId(), opened, hourEnd));
        assertThat(view(key).timeZone()).isEqualTo(ZoneId.of("Asia/Tokyo"));
        assertThat(days.getLast().from()).isEqualTo(Instant.parse("2026-11-24T00:00:00Z"));
        assertThat(days.getLast().bytes()).isEqualTo(view(key).todayBytes());
        fixture.now.set(opened);
    }

    private static PlanTerms utc() {
        PlanTerms terms = AccountFixture.france();
        return new PlanTerms(
                terms.schema(),
                terms.planName(),
                terms.quotaBytes(),
                terms.validity(),
                terms.afterQuota(),
                terms.warnAtPercent(),
                terms.zoneCaps(),
                terms.drainPolicy(),
                DayZone.UTC);
    }

    @Test
    void whatIsOnItsWayIsKnownWhenANewHourHasBegun() {
        Instant opened = fixture.now.get();
        AccountKey key = fixture.open(AccountFixture.france());
        fixture.now.set(opened.plus(Duration.ofMinutes(30)));
        fixture.use(key, "a", 60 * MB);
        fixture.now.set(opened.plus(Duration.ofMinutes(75)));
        fixture.accepted(key, new AccountCommand.Tick(AccountFixture.ADMIN));
        assertThat(mayChangeBy(key)).as("45 minutes at 2 MB a minute").isEqualTo(90 * MB);
        fixture.now.set(opened);
    }

    @Test
    void whatWasUsedBeforeAStopIsStillOnItsWay() {
        Instant opened = fixture.now.get();
        AccountKey key = fixture.open(
                AccountFixture.terms(60 * MB, new AfterQuota.Stop(), Validity.days(7, Validity.StartMode.ON_ORDER)));
        fixture.now.set(opened.plus(Duration.ofMinutes(40)));
        fixture.accepted(
                key,
                new AccountCommand.CountUsage(
                        AccountFixture.record("a", 60 * MB, opened.plus(Duration.ofMinutes(30))), NETWORK));
        assertThat(mayChangeBy(key)).as("ten minutes at 2 MB a minute").isEqualTo(20 * MB);
        fixture.now.set(opened.plus(Duration.ofHours(2)));
        assertThat(mayChangeBy(key)).as("nothing since the stop").isEqualTo(20 * MB);
        fixture.now.set(opened);
    }

    @Test
    void nothingIsKnownSinceThePlanBeganWhereNothingWasReported() {
        Instant opened = fixture.now.get();
        AccountKey key = fixture.open(AccountFixture.france());
        fixture.now.set(opened.plus(Duration.ofDays(2)));
        assertThat(view(key).freshness()).isEqualTo(new Freshness(null, 172_800, false, 0));
        fixture.now.set(opened.plus(Duration.ofDays(7)).plus(Duration.ofHours(73)));
        assertThat(view(key).freshness().complete()).isTrue();
        fixture.now.set(opened);
    }

    @Test
    void nothingIsCompleteWhileRecordsMayCome() {
        Instant opened = fixture.now.get();
        AccountKey key = fixture.open(AccountFixture.france());
        fixture.use(key, "a", MB);
        fixture.now.set(opened.plus(Duration.ofDays(7)).plus(Duration.ofHours(73)));
        assertThat(view(key).freshness().complete()).isTrue();
        AccountReader patient =
                new AccountReader(fixture.database, fixture.clock, at -> Population.shipped(), Duration.ofDays(30));
        assertThat(await(patient.view(1, key.accountId()))
                        .orElseThrow()
                        .freshness()
                        .complete())
                .isFalse();
        fixture.now.set(opened);
    }

    private static AccountView view(AccountKey key) {
        return await(reader.view(1, key.accountId())).orElseThrow();
    }

    private static long mayChangeBy(AccountKey key) {
        return view(key).freshness().mayChangeByBytes();
    }

    @Test
    void whatHeldAtAMomentIsExplainedWithRuleVersionAndInputs() {
        Instant opened = fixture.now.get();
        AccountKey key = fixture.open(AccountFixture.france());
        Rule daily = new Rule(
                "daily",
                Rule.Owner.USER,
                Condition.over(Rule.Window.DAY, MB),
                List.of(new Action.Throttle(Speed.both(512))),
                Rule.WINDOW_END);
        fixture.accepted(key, new AccountCommand.PutRules(Rule.Owner.USER, List.of(daily), null, AccountFixture.ADMIN));
        fixture.now.set(opened.plusSeconds(60));
        fixture.use(key, "a", 2 * MB);
        fixture.now.set(opened.plusSeconds(120));
        fixture.accepted(
                key,
                new AccountCommand.Suspend(RestrictionClass.ADMINISTRATIVE, false, "unpaid", AccountFixture.ADMIN));
        fixture.now.set(opened.plusSeconds(180));
        fixture.accepted(
                key, new AccountCommand.Lift(null, RestrictionClass.ADMINISTRATIVE, "paid", AccountFixture.ADMIN));

        assertThat(explain(key, opened.plusSeconds(59)).held()).isEmpty();
        Explanation slow = explain(key, opened.plusSeconds(60));
        assertThat(slow.policy().speed()).isEqualTo(Speed.both(512));
        assertThat(slow.policy().version()).isEqualTo(1);
        assertThat(slow.held()).hasSize(1);
        assertThat(slow.held().getFirst().restriction().ruleId()).isEqualTo("user:daily");
        assertThat(slow.held().getFirst().ruleVersion()).isEqualTo(1);
        assertThat(slow.held().getFirst().inputs().getLong("todayBytes")).isEqualTo(2 * MB);
        Explanation stopped = explain(key, opened.plusSeconds(150));
        assertThat(stopped.policy().reasonCode()).isEqualTo("administrative.held");
        assertThat(stopped.held()).as("every cause, not only the one shown").hasSize(2);
        assertThat(explain(key, opened.plusSeconds(200)).policy().reasonCode()).isEqualTo("user.limit_reached");
        // Nobody looked at midnight; the limit had ended all the same.
        assertThat(explain(key, Instant.parse("2026-11-23T23:00:00Z")).held()).isEmpty();
        assertThat(await(reader.explain(2, key.accountId(), opened)))
                .as("another tenant")
                .isEmpty();
        fixture.now.set(opened);
    }

    private Explanation explain(AccountKey key, Instant at) {
        return await(reader.explain(1, key.accountId(), at)).orElseThrow();
    }

    @Test
    void midnightComesWithoutARecord() {
        AccountKey key = fixture.open(AccountFixture.france());
        Rule daily = new Rule(
                "daily",
                Rule.Owner.USER,
                Condition.over(Rule.Window.DAY, MB),
                List.of(new Action.Pause()),
                Rule.WINDOW_END);
        fixture.accepted(key, new AccountCommand.PutRules(Rule.Owner.USER, List.of(daily), null, AccountFixture.ADMIN));
        fixture.use(key, "a", 2 * MB);
        Instant before = fixture.now.get();
        assertThat(await(reader.view(1, key.accountId())).orElseThrow().policy().level())
                .isEqualTo(Level.SUSPENDED_DATA);
        TickJob job = new TickJob(fixture.vertx, fixture.database, fixture.accounts, fixture.clock, now -> true);
        TickJob other = new TickJob(fixture.vertx, fixture.database, fixture.accounts, fixture.clock, now -> true);
        assertThat(await(job.tick())).isZero();
        fixture.now.set(Instant.parse("2026-11-23T23:00:00Z"));
        var both = List.of(job.tick(), other.tick());
        assertThat(await(both.get(0)) + await(both.get(1))).isEqualTo(1);
        AccountView view = await(reader.view(1, key.accountId())).orElseThrow();
        assertThat(view.policy().level()).isEqualTo(Level.NORMAL);
        assertThat(await(job.tick())).as("the next moment is the plan's end").isZero();
        assertThat(await(reader.decisions(1, key.accountId(), fixture.now.get().plusSeconds(1), 10)))
                .extracting(each -> each.policy().version())
                .containsExactly(2L, 1L);
        fixture.now.set(before);
    }

    @Test
    void networkFollowsTheDecisions() {
        AccountKey key = fixture.open(AccountFixture.france());
        AccountView paused = fixture.accepted(key, new AccountCommand.Pause(AccountFixture.ADMIN));
        PolicyStateStore states = new PolicyStateStore();
        Instant at = fixture.now.get();
        await(fixture.database.inWorker(connection -> states.sent(connection, 1, paused.subscriptionId(), 1, at)));
        await(fixture.database.inWorker(connection -> states.confirmed(connection, 1, paused.subscriptionId(), 1, at)));
        assertThat(await(reader.view(1, key.accountId())).orElseThrow().delivery())
                .isEqualTo(new Delivery(1, at, 1, 1, at, null));
    }
}
