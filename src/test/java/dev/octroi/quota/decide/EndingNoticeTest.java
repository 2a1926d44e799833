package dev.octroi.quota.decide;

import static dev.octroi.quota.decide.AccountFixture.ADMIN;
import static dev.octroi.quota.decide.AccountFixture.GB;
import static dev.octroi.quota.decide.AccountFixture.MB;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import dev.octroi.catalog.AfterQuota;
import dev.octroi.catalog.DayZone;
import dev.octroi.catalog.DrainPolicy;
import dev.octroi.catalog.PlanTerms;
import dev.octroi.catalog.Sharing;
import dev.octroi.catalog.Validity;
import dev.octroi.drain.DrainDetector;
import dev.octroi.drain.Population;
import dev.octroi.quota.QuotaFixture;
import dev.octroi.quota.account.AccountCommand;
import dev.octroi.quota.account.AccountKey;
import dev.octroi.quota.account.AccountState;
import dev.octroi.quota.account.Actor;
import dev.octroi.quota.account.Effect;
import dev.octroi.quota.account.Grant;
import dev.octroi.testing.TestDatabase;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** That a plan will end is told while there is time to add days. */
class EndingNoticeTest {
    private static final Duration DAY = Duration.ofDays(1);

    private final Decider decider = new Decider(DrainDetector.shipped(), Population.shipped());
    private final List<Map<String, Object>> told = new ArrayList<>();
    private Instant now = Instant.parse("2026-11-23T10:00:00Z");
    private AccountState state = AccountFixture.begun(decider, AccountFixture.france(), now);

    @Test
    void aDayBeforeTheEndItIsToldOnceAndByTimeAlone() {
        Instant end = now.plus(Duration.ofDays(7));
        assertThat(NextMoment.of(state)).isEqualTo(end.minus(DAY));
        tick(end.minus(DAY).minusSeconds(1));
        assertThat(told).isEmpty();
        tick(end.minus(DAY));
        assertThat(told)
                .singleElement()
                .satisfies(data -> assertThat(data)
                        .containsOnly(entry("endsAt", end.toString()), entry("remainingBytes", 3 * GB)));
        assertThat(NextMoment.of(state)).isEqualTo(end);
        tick(end.minusSeconds(1));
        tick(end);
        assertThat(told).hasSize(1);
    }

    @Test
    void anEndThatMovedIsToldAgain() {
        Instant end = now.plus(Duration.ofDays(7));
        tick(end.minus(DAY));
        decide(new AccountCommand.Credit(new Grant(0, 3, 0, "days", "Three days"), ADMIN));
        Instant later = end.plus(Duration.ofDays(3));
        assertThat(NextMoment.of(state)).isEqualTo(later.minus(DAY));
        tick(later.minus(DAY));
        assertThat(told).extracting(data -> data.get("endsAt")).containsExactly(end.toString(), later.toString());
    }

    @Test
    void aPlanOfADayHasJustBeenToldAlsoWhenClocksGoBack() {
        now = Instant.parse("2026-10-24T10:00:00Z");
        state = AccountFixture.begun(
                decider,
                AccountFixture.terms(GB, new AfterQuota.Stop(), Validity.days(1, Validity.StartMode.ON_ORDER)),
                now);
        Instant end = now.plus(Duration.ofHours(25));
        assertThat(NextMoment.of(state)).isEqualTo(end);
        tick(end.minusSeconds(1));
        tick(end);
        assertThat(told).isEmpty();
    }

    @Test
    void whatIsHeardOfAPlanWhenItIsOverIsItsEndAlone() {
        tick(now.plus(Duration.ofDays(8)));
        assertThat(told).isEmpty();
        assertThat(state.ended()).isTrue();
    }

    @Test
    void everybodyWhoDrawsFromAVolumeHearsItOnce() throws Exception {
        try (QuotaFixture fixture = new QuotaFixture()) {
            PlanTerms terms = new PlanTerms(
                    PlanTerms.SCHEMA,
                    "Everywhere",
                    3 * GB,
                    Validity.days(7, Validity.StartMode.ON_ORDER),
                    new AfterQuota.Stop(),
                    80,
                    List.of(),
                    DrainPolicy.NOTIFY,
                    DayZone.UTC);
            AccountKey owner = fixture.open(terms.with(new Sharing(4, 0, null)));
            AccountKey child = fixture.join(owner);
            fixture.use(child, "a", MB);
            fixture.now.getAndUpdate(moment -> moment.plus(Duration.ofDays(6)).plusSeconds(1));
            fixture.use(child, "b", MB);
            // Where the plan's days are those of UTC this lets time pass for the member, with the owner's period in
            // hand.
            fixture.accepted(child, new AccountCommand.SetTimeZone(ZoneId.of("Asia/Tokyo"), ADMIN));
            fixture.now.getAndUpdate(moment -> moment.plusSeconds(60));
            fixture.use(owner, "c", MB);
            assertThat(TestDatabase.rows(
                            fixture.config, "SELECT subject_id::text FROM event WHERE type = 'plan.ending'"))
                    .hasSize(2)
                    .doesNotHaveDuplicates();
        }
    }

    private void tick(Instant at) {
        now = at;
        decide(new AccountCommand.Tick(Actor.clock()));
    }

    private void decide(AccountCommand command) {
        Decision decision = decider.decide(state, command, now);
        state = decision.state();
        for (Effect effect : decision.effects()) {
            if (effect instanceof Effect.EventRaised event && event.type().equals(EndingNotice.EVENT)) {
                told.add(event.data());
            }
        }
    }
}
