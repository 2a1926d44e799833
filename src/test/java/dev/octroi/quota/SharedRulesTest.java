package dev.octroi.quota;

import static dev.octroi.quota.QuotaFixture.await;
import static dev.octroi.quota.decide.AccountFixture.ADMIN;
import static dev.octroi.quota.decide.AccountFixture.MB;
import static org.assertj.core.api.Assertions.assertThat;

import dev.octroi.catalog.AfterQuota;
import dev.octroi.catalog.PlanTerms;
import dev.octroi.catalog.Sharing;
import dev.octroi.catalog.Validity;
import dev.octroi.policy.Action;
import dev.octroi.policy.Condition;
import dev.octroi.policy.Level;
import dev.octroi.policy.Rule;
import dev.octroi.policy.Where;
import dev.octroi.quota.account.AccountCommand;
import dev.octroi.quota.account.AccountKey;
import dev.octroi.quota.account.Background;
import dev.octroi.quota.account.MemberCap;
import dev.octroi.quota.decide.AccountFixture;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What rules of a member count, and what they hold to be left, on a real database. */
class SharedRulesTest {
    private static QuotaFixture fixture;

    @BeforeAll
    static void start() {
        fixture = new QuotaFixture();
    }

    @AfterAll
    static void stop() {
        fixture.close();
    }

    private static AccountKey family(long quotaBytes) {
        PlanTerms terms = AccountFixture.terms(
                        quotaBytes, new AfterQuota.Stop(), Validity.days(30, Validity.StartMode.ON_ORDER))
                .with(new Sharing(4, 0, null));
        return fixture.open(terms);
    }

    private static Level level(AccountKey key) {
        return await(new AccountReader(fixture.database, fixture.clock).view(key.tenantId(), key.accountId()))
                .orElseThrow()
                .policy()
                .level();
    }

    private static void rule(AccountKey key, Condition when) {
        Rule rule = new Rule("limit", Rule.Owner.USER, when, List.of(new Action.Pause()), Rule.WINDOW_END);
        fixture.accepted(key, new AccountCommand.PutRules(Rule.Owner.USER, List.of(rule), null, ADMIN));
    }

    private static void background(AccountKey key, long belowBytes) {
        Background low = new Background(Background.Mode.LOW, belowBytes, List.of());
        fixture.accepted(key, new AccountCommand.SetBackground(low, ADMIN));
    }

    private static void passes(Duration time) {
        fixture.now.updateAndGet(now -> now.plus(time));
        await(new TickJob(fixture.vertx, fixture.database, fixture.accounts, fixture.clock, now -> true).tick());
    }

    @Test
    void whoLeftTheVolumeIsNotLookedAtAgainAndAgainInTheNight() {
        AccountKey owner = family(500 * MB);
        AccountKey child = fixture.join(owner);
        Background night = new Background(Background.Mode.NIGHT, 0, List.of());
        fixture.accepted(child, new AccountCommand.SetBackground(night, ADMIN));
        fixture.accepted(child, new AccountCommand.LeaveShared("moved out", ADMIN));
        Instant evening = fixture.now.get().truncatedTo(ChronoUnit.DAYS).plus(Duration.ofHours(22));
        passes(Duration.between(fixture.now.get(), evening.plus(Duration.ofDays(1))));
        assertThat(fixture.number(
                        "SELECT count(*) FROM account_timer WHERE account_id = ? AND due_at <= ?",
                        child.accountId(),
                        OffsetDateTime.ofInstant(fixture.now.get(), ZoneOffset.UTC)))
                .isZero();
    }

    @Test
    void ruleOfAMemberOverADayCountsWhatItUsedItself() {
        AccountKey owner = family(500 * MB);
        AccountKey child = fixture.join(owner);
        rule(child, Condition.over(Rule.Window.DAY, 20 * MB));
        fixture.use(owner, "a", 50 * MB);
        fixture.use(child, "b", 19 * MB);
        assertThat(level(child)).as("what its fellows use does not count").isEqualTo(Level.NORMAL);
        fixture.use(child, "c", MB);
        assertThat(level(child)).isEqualTo(Level.SUSPENDED_DATA);
        assertThat(level(owner)).as("and holds back nobody else").isEqualTo(Level.NORMAL);
    }

    @Test
    void ruleOfAMemberOverThePlanCountsWhatItUsedItself() {
        AccountKey owner = family(500 * MB);
        fixture.use(owner, "a", 50 * MB);
        AccountKey child = fixture.join(owner);
        rule(child, Condition.over(Rule.Window.PERIOD, 30 * MB));
        fixture.use(child, "b", 20 * MB);
        fixture.use(owner, "c", 50 * MB);
        passes(Duration.ofDays(2));
        fixture.use(child, "d", 9 * MB);
        assertThat(level(child)).isEqualTo(Level.NORMAL);
        fixture.use(child, "e", MB);
        assertThat(level(child)).isEqualTo(Level.SUSPENDED_DATA);
    }

    @Test
    void ruleOfTheOwnerCountsNothingOfTheMembers() {
        AccountKey owner = family(500 * MB);
        AccountKey child = fixture.join(owner);
        rule(owner, Condition.over(Rule.Window.PERIOD, 30 * MB));
        fixture.use(child, "a", 200 * MB);
        assertThat(level(owner)).isEqualTo(Level.NORMAL);
        fixture.use(owner, "b", 30 * MB);
        assertThat(level(owner)).isEqualTo(Level.SUSPENDED_DATA);
        assertThat(level(child)).isEqualTo(Level.NORMAL);
    }

    @Test
    void ruleOfAMemberForOneCountryCountsWhatItUsedThereItself() {
        AccountKey owner = family(500 * MB);
        AccountKey child = fixture.join(owner);
        Where inFrance = new Where(Set.of("FR"), Set.of(), null, Set.of());
        rule(child, new Condition.Used(Condition.Metric.BYTES, Rule.Window.DAY, 0, 20 * MB, inFrance));
        fixture.use(owner, "a", 50 * MB);
        fixture.use(child, "b", 19 * MB);
        assertThat(level(child)).isEqualTo(Level.NORMAL);
        fixture.use(child, "c", MB);
        assertThat(level(child)).isEqualTo(Level.SUSPENDED_DATA);
    }

    @Test
    void ruleOfAMemberOverRollingHoursCountsWhatItUsedItself() {
        AccountKey owner = family(500 * MB);
        AccountKey child = fixture.join(owner);
        rule(child, new Condition.Used(Condition.Metric.BYTES, Rule.Window.ROLLING, 24, 20 * MB, Where.EVERYWHERE));
        fixture.use(owner, "a", 50 * MB);
        fixture.use(child, "b", 20 * MB - 1);
        assertThat(level(child)).isEqualTo(Level.NORMAL);
        fixture.use(child, "c", 1);
        assertThat(level(child)).isEqualTo(Level.SUSPENDED_DATA);
    }

    @Test
    void littleLeftOfTheSharedVolumeBlocksBackgroundTrafficOfAMemberWhoeverUsedIt() {
        AccountKey owner = family(100 * MB);
        AccountKey child = fixture.join(owner);
        background(child, 30 * MB);
        assertThat(level(child)).isEqualTo(Level.NORMAL);
        fixture.use(owner, "a", 80 * MB);
        assertThat(level(child)).as("without any news of its own").isEqualTo(Level.BACKGROUND_BLOCKED);
        assertThat(level(owner)).as("a switch of the member").isEqualTo(Level.NORMAL);
        fixture.accepted(owner, new AccountCommand.TopUp(100 * MB, "t-low", "more", ADMIN));
        assertThat(level(child)).isEqualTo(Level.NORMAL);
    }

    @Test
    void littleLeftOfItsOwnCapBlocksBackgroundTrafficOfThatMemberUntilTheCapsNextDay() {
        AccountKey owner = family(500 * MB);
        AccountKey child = fixture.join(owner);
        AccountKey partner = fixture.join(owner);
        for (AccountKey each : List.of(owner, child, partner)) {
            background(each, 10 * MB);
        }
        fixture.accepted(child, new AccountCommand.SetMemberCap(new MemberCap(30 * MB, MemberCap.Window.DAY), ADMIN));
        fixture.use(child, "a", 25 * MB);
        assertThat(level(child)).isEqualTo(Level.BACKGROUND_BLOCKED);
        assertThat(level(owner)).isEqualTo(Level.NORMAL);
        assertThat(level(partner)).isEqualTo(Level.NORMAL);
        passes(Duration.ofDays(1));
        assertThat(level(child)).as("by the clock alone").isEqualTo(Level.NORMAL);
    }
}
