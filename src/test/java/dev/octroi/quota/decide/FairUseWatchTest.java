package dev.octroi.quota.decide;

import static dev.octroi.quota.decide.AccountFixture.ADMIN;
import static dev.octroi.quota.decide.AccountFixture.GB;
import static dev.octroi.quota.decide.AccountFixture.NETWORK;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.octroi.catalog.AfterQuota;
import dev.octroi.catalog.DayZone;
import dev.octroi.catalog.DrainPolicy;
import dev.octroi.catalog.FairUse;
import dev.octroi.catalog.FairUse.Tier;
import dev.octroi.catalog.PlanTerms;
import dev.octroi.catalog.Validity;
import dev.octroi.catalog.ZoneCap;
import dev.octroi.drain.DrainDetector;
import dev.octroi.drain.Population;
import dev.octroi.policy.Level;
import dev.octroi.policy.Restriction;
import dev.octroi.policy.RestrictionClass;
import dev.octroi.policy.Rule;
import dev.octroi.policy.RuleJson;
import dev.octroi.policy.Speed;
import dev.octroi.quota.account.AccountCommand;
import dev.octroi.quota.account.AccountState;
import dev.octroi.quota.account.Actor;
import dev.octroi.quota.account.Grant;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** "3 GB a day at full speed, then 512 kbit/s, then 128 kbit/s", and zones without data. */
class FairUseWatchTest {
    private static final Instant MIDNIGHT = Instant.parse("2026-11-23T23:00:00Z");
    private static final List<Tier> TIERS =
            List.of(new Tier(3 * GB, Speed.both(512)), new Tier(5 * GB, Speed.both(128)));

    private final Decider decider = new Decider(DrainDetector.shipped(), Population.shipped());
    private Instant now = Instant.parse("2026-11-23T10:00:00Z");
    private AccountState state = open(terms(FairUse.Window.DAY));
    private int serial;

    @Test
    void eachTierSlowsUntilTheTravellersMidnight() {
        use(3 * GB - 1);
        assertThat(state.policy().level()).isEqualTo(Level.NORMAL);
        use(1);
        assertThat(state.policy().speed()).isEqualTo(Speed.both(512));
        assertThat(state.policy().reasonCode()).isEqualTo("plan.fair_use");
        assertThat(NextMoment.of(state)).isEqualTo(MIDNIGHT);
        use(2 * GB);
        assertThat(state.policy().speed()).isEqualTo(Speed.both(128));
        now = MIDNIGHT;
        tick();
        assertThat(state.policy().level()).isEqualTo(Level.NORMAL);
        use(2 * GB);
        assertThat(state.policy().level()).isEqualTo(Level.NORMAL);
    }

    @Test
    void recordOverSeveralTiersActsAsTheLast() {
        use(6 * GB);
        assertThat(state.policy().speed()).isEqualTo(Speed.both(128));
        assertThat(state.policy().version()).isEqualTo(1);
    }

    @Test
    void tierThatSupportLiftedStaysLifted() {
        use(3 * GB);
        decide(new AccountCommand.Lift(null, RestrictionClass.FAIR_USE, "a present", ADMIN));
        use(GB);
        assertThat(state.policy().level()).isEqualTo(Level.NORMAL);
        use(GB);
        assertThat(state.policy().speed()).as("the next tier is another matter").isEqualTo(Speed.both(128));
    }

    @Test
    void topUpBringsNoFullSpeedBack() {
        use(3 * GB);
        decide(new AccountCommand.TopUp(5 * GB, "t1", "more", ADMIN));
        assertThat(state.policy().speed()).isEqualTo(Speed.both(512));
    }

    @Test
    void tierOfTheWholePlanEndsWithItAlsoWhenItIsExtended() {
        state = open(terms(FairUse.Window.PLAN));
        use(3 * GB);
        assertThat(state.policy().until().moment()).isEqualTo(state.endsAt());
        decide(new AccountCommand.Credit(new Grant(0, 1, 0, "case-1", "strike"), ADMIN));
        assertThat(state.policy().until().moment()).isEqualTo(state.endsAt());
    }

    /** What a network lets pass before the date of a plan costs nothing of it, neither volume nor speed. */
    @Test
    void tierOfTheWholePlanKnowsNothingOfWhatCameBeforeItsDate() {
        Validity monday = new Validity(7, Validity.Unit.DAY, Validity.StartMode.FIXED, MIDNIGHT);
        for (FairUse.Window window : List.of(FairUse.Window.PLAN, FairUse.Window.WEEK)) {
            now = Instant.parse("2026-11-23T10:00:00Z");
            state = open(terms(window, monday));
            put("""
                    [{"id": "p", "when": {"window": "period", "overBytes": 3000000000}, "then": [{"do": "block_background"}]}]
                    """);
            use(3 * GB);
            assertThat(state.restrictions()).extracting(Restriction::id).containsExactly("plan.not_started");
            now = MIDNIGHT;
            tick();
            assertThat(state.policy().level()).isEqualTo(Level.NORMAL);
            decide(new AccountCommand.CountUsage(
                    AccountFixture.record("late", GB, MIDNIGHT.minusSeconds(60)), NETWORK));
            now = now.plusSeconds(60);
            use(GB);
            assertThat(state.policy().level()).isEqualTo(Level.NORMAL);
        }
        state = open(terms(FairUse.Window.PLAN, monday));
        use(3 * GB);
        assertThat(state.policy().speed()).as("within the plan").isEqualTo(Speed.both(512));
        assertThat(state.policy().until().moment()).isEqualTo(state.endsAt());
    }

    @Test
    void weekEndsOnMonday() {
        state = open(terms(FairUse.Window.WEEK));
        use(3 * GB);
        assertThat(state.policy().until().moment()).isEqualTo(Instant.parse("2026-11-29T23:00:00Z"));
    }

    @Test
    void tiersInDisorderAreRefused() {
        assertThatThrownBy(() -> new FairUse(FairUse.Window.DAY, List.of(TIERS.get(1), TIERS.get(0))))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new FairUse(
                        FairUse.Window.DAY, List.of(new Tier(1, Speed.both(512)), new Tier(2, Speed.both(512)))))
                .as("no slower")
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new FairUse(FairUse.Window.DAY, List.of()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void termsAreReadBackWithTheirTiersAndZonesWithoutData() {
        PlanTerms terms = terms(FairUse.Window.DAY);
        assertThat(PlanTerms.fromJson(terms.toJson())).isEqualTo(terms);
    }

    @Test
    void zoneWithoutDataStopsInsideAndRestoresOnLeaving() {
        report("7501");
        assertThat(state.policy().level()).isEqualTo(Level.SUSPENDED_DATA);
        assertThat(state.policy().reasonCode()).isEqualTo("zone.blocked");
        now = now.plusSeconds(60);
        report("7599");
        assertThat(state.policy().level()).isEqualTo(Level.NORMAL);
    }

    private static PlanTerms terms(FairUse.Window window) {
        return terms(window, Validity.days(7, Validity.StartMode.ON_ORDER));
    }

    private static PlanTerms terms(FairUse.Window window, Validity validity) {
        return new PlanTerms(
                        PlanTerms.SCHEMA,
                        "Fair",
                        50 * GB,
                        validity,
                        new AfterQuota.Stop(),
                        80,
                        List.of(new ZoneCap("zone_dark", "Dark", Set.of("208-01-7501"), null)),
                        DrainPolicy.NOTIFY,
                        DayZone.TRAVELLER)
                .with(new FairUse(window, TIERS));
    }

    private AccountState open(PlanTerms terms) {
        return AccountFixture.begun(decider, terms, now);
    }

    private void report(String tac) {
        decide(new AccountCommand.ReportLocation("208-01", "FR", tac, null, null, now, NETWORK));
    }

    private void put(String rules) {
        decide(new AccountCommand.PutRules(Rule.Owner.USER, RuleJson.readStored(rules, Rule.Owner.USER), null, ADMIN));
    }

    private void use(long bytes) {
        decide(new AccountCommand.CountUsage(AccountFixture.record("r" + serial++, bytes, now), NETWORK));
    }

    private void tick() {
        decide(new AccountCommand.Tick(Actor.system("clock")));
    }

    private void decide(AccountCommand command) {
        state = decider.decide(state, command, now).state();
    }
}
