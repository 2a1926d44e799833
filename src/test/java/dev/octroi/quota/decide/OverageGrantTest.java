package dev.octroi.quota.decide;

import static dev.octroi.quota.decide.AccountFixture.MB;
import static dev.octroi.quota.decide.AccountFixture.NETWORK;
import static org.assertj.core.api.Assertions.assertThat;

import dev.octroi.catalog.AfterQuota;
import dev.octroi.catalog.Overage;
import dev.octroi.catalog.Validity;
import dev.octroi.drain.DrainDetector;
import dev.octroi.drain.Population;
import dev.octroi.policy.Speed;
import dev.octroi.quota.account.AccountCommand;
import dev.octroi.quota.account.AccountState;
import dev.octroi.quota.account.Actor;
import dev.octroi.quota.account.ChargeCommand;
import dev.octroi.quota.account.Effect;
import dev.octroi.quota.account.GrantHolder;
import dev.octroi.quota.account.GrantTerms;
import dev.octroi.quota.account.Reply;
import dev.octroi.quota.account.UsageRecord;
import dev.octroi.quota.account.VolumeGrant;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Charging sessions beyond the volume: 100 MB, then 0.10 euro a megabyte, at most 50 euro a month, never more than 80 euro. */
class OverageGrantTest {
    private static final Actor SMF = Actor.network("smf");
    private static final Actor TRAVELLER = new Actor(Actor.Kind.TRAVELLER, "self-care", "jti-2");
    private static final long FIRST = 1 << 8;
    private static final long SECOND = 2 << 8;

    private final Decider decider = new Decider(DrainDetector.shipped(), Population.shipped());
    private Instant now = Instant.parse("2026-11-02T10:00:00Z");
    private AccountState state = AccountFixture.begun(
            decider,
            AccountFixture.terms(100 * MB, new AfterQuota.Stop(), Validity.days(60, Validity.StartMode.ON_ORDER))
                    .with(new Overage("EUR", 10_000, 8_000, 5_000)),
            now);
    private final List<Effect> effects = new ArrayList<>();
    private int serial;
    private boolean saysBeginnings = true;

    @Test
    void grantsGoOnUpToTheLimitThenEndWithAFinalUnitAndConsentReopensThemUpToTheCeiling() {
        decide(new AccountCommand.CountUsage(AccountFixture.record("cdr", 100 * MB, now), NETWORK));
        assertThat(ask(FIRST, ChargeCommand.Step.CREATE, 0).result())
                .as("without consent")
                .isEqualTo(VolumeGrant.Result.QUOTA_LIMIT_REACHED);
        agree(0);
        assertThat(notices()).as("the session is told to ask again").isEqualTo(1);

        assertThat(useAllThatIsGranted()).as("50 euro").isEqualTo(500 * MB);
        assertThat(state.charges().minor()).isEqualTo(5_000);
        assertThat(state.policy().reasonCode()).isEqualTo("bill_shock.limit_reached");
        assertThat(ask(FIRST, ChargeCommand.Step.UPDATE, 0).result())
                .as("at the limit")
                .isEqualTo(VolumeGrant.Result.QUOTA_LIMIT_REACHED);

        agree(8_000);
        assertThat(notices()).as("consent lets it ask again").isGreaterThan(1);
        assertThat(useAllThatIsGranted()).as("30 euro more").isEqualTo(300 * MB);
        assertThat(state.charges().minor()).isEqualTo(8_000);
        assertThat(ask(FIRST, ChargeCommand.Step.UPDATE, 0).result())
                .as("at the ceiling")
                .isEqualTo(VolumeGrant.Result.QUOTA_LIMIT_REACHED);
        long rows = effects.stream()
                .filter(Effect.LedgerRow.class::isInstance)
                .mapToLong(effect -> ((Effect.LedgerRow) effect).chargedMinor())
                .sum();
        assertThat(rows).as("the rows add up").isEqualTo(8_000);
        assertThat(state.beyondBytes())
                .as("nothing is used that is not charged")
                .isEqualTo(800 * MB);
    }

    @Test
    void severalSessionsAreNeverPromisedMoreThanMayBeCharged() {
        decide(new AccountCommand.CountUsage(AccountFixture.record("cdr", 90 * MB, now), NETWORK));
        agree(100);
        long promised = ask(FIRST, ChargeCommand.Step.CREATE, 0).bytes()
                + ask(SECOND, ChargeCommand.Step.CREATE, 0).bytes();
        for (long number = 3; number < 16; number++) {
            promised += ask(number << 8, ChargeCommand.Step.CREATE, 0).bytes();
        }
        assertThat(promised).as("10 MB of the volume and 10 MB for one euro").isLessThanOrEqualTo(20 * MB);
        assertThat(promised).isGreaterThan(15 * MB);
    }

    @Test
    void whoHoldsTheLastOfTheVolumeIsToldThatTheTravellerAgreed() {
        decide(new AccountCommand.CountUsage(AccountFixture.record("cdr", 99 * MB, now), NETWORK));
        assertThat(ask(FIRST, ChargeCommand.Step.CREATE, 0).isFinal()).isTrue();
        agree(0);
        assertThat(notices()).isEqualTo(1);
        assertThat(ask(FIRST, ChargeCommand.Step.UPDATE, MB / 2).isFinal()).isFalse();
        agree(8_000);
        assertThat(notices()).as("it did not hold the last").isEqualTo(1);
    }

    /** A plan that slows down grants without a volume: what was used since the message before is of before the consent. */
    @Test
    void sessionIsChargedFromItsFirstMessageAfterTheConsentOn() {
        state = AccountFixture.begun(
                decider,
                AccountFixture.terms(
                                MB,
                                new AfterQuota.Throttle(Speed.both(384)),
                                Validity.days(60, Validity.StartMode.ON_ORDER))
                        .with(new Overage("EUR", 10_000, 8_000, 5_000)),
                now);
        decide(new AccountCommand.CountUsage(AccountFixture.record("cdr", MB, now), NETWORK));
        saysBeginnings = false;
        ask(FIRST, ChargeCommand.Step.CREATE, 0);
        agree(0);
        ask(FIRST, ChargeCommand.Step.UPDATE, 2 * MB);
        assertThat(state.charges().minor()).isZero();
        ask(FIRST, ChargeCommand.Step.UPDATE, 3 * MB);
        assertThat(state.charges().minor()).isEqualTo(30);
    }

    @Test
    void whoHoldsTheLastUpToTheLimitIsToldOfAnotherLimit() {
        decide(new AccountCommand.CountUsage(AccountFixture.record("cdr", 100 * MB, now), NETWORK));
        agree(10);
        assertThat(ask(FIRST, ChargeCommand.Step.CREATE, 0).isFinal()).isTrue();
        agree(20);
        assertThat(notices()).isEqualTo(1);
    }

    @Test
    void whoHoldsTheLastOfAMonthIsToldWhenTheNextOneBegins() {
        decide(new AccountCommand.CountUsage(AccountFixture.record("cdr", 100 * MB, now), NETWORK));
        agree(20);
        Instant month = Instant.parse("2026-11-30T23:00:00Z");
        now = month.minusSeconds(602);
        decide(new AccountCommand.CountUsage(AccountFixture.record("more", MB, now), NETWORK));
        VolumeGrant last = ask(FIRST, ChargeCommand.Step.CREATE, 0);
        assertThat(last.isFinal()).isTrue();
        assertThat(last.validitySeconds()).isEqualTo(601);
        assertThat(NextMoment.of(state)).as("midnight in Paris").isEqualTo(month);
        now = month;
        decide(new AccountCommand.Tick(SMF));
        assertThat(notices()).isEqualTo(1);
        assertThat(NextMoment.of(state)).isAfter(month);
    }

    @Test
    void firstReportOfARatingGroupAfterTheConsentIsFreeWhateverOthersReportedMeanwhile() {
        saysBeginnings = false;
        ask(FIRST, ChargeCommand.Step.CREATE, GrantHolder.of(10), 0);
        ask(FIRST, ChargeCommand.Step.UPDATE, new GrantHolder(20, "a"), 0);
        ask(FIRST, ChargeCommand.Step.UPDATE, new GrantHolder(20, "b"), 0);
        decide(new AccountCommand.CountUsage(AccountFixture.record("cdr", 100 * MB, now), NETWORK));
        agree(0);
        ask(FIRST, ChargeCommand.Step.UPDATE, GrantHolder.of(30), 0);
        for (GrantHolder held : List.of(GrantHolder.of(10), new GrantHolder(20, "a"), new GrantHolder(20, "b"))) {
            long before = state.charges().minor();
            ask(FIRST, ChargeCommand.Step.UPDATE, held, 5 * MB);
            assertThat(state.charges().minor())
                    .as("it began before anybody agreed: %s", held)
                    .isEqualTo(before);
            ask(FIRST, ChargeCommand.Step.UPDATE, held, 5 * MB);
            assertThat(state.charges().minor()).as("the next of %s", held).isEqualTo(before + 50);
        }
        ask(FIRST, ChargeCommand.Step.UPDATE, GrantHolder.of(30), 5 * MB);
        assertThat(state.charges().minor())
                .as("it was opened after the consent")
                .isEqualTo(200);
        ask(SECOND, ChargeCommand.Step.CREATE, GrantHolder.of(10), 0);
        ask(SECOND, ChargeCommand.Step.UPDATE, GrantHolder.of(40), 5 * MB);
        assertThat(state.charges().minor()).as("so was its session").isEqualTo(250);

        now = now.plusSeconds(1);
        decide(new AccountCommand.DeclineOverage(TRAVELLER));
        agree(0);
        ask(SECOND, ChargeCommand.Step.UPDATE, GrantHolder.of(10), 5 * MB);
        assertThat(state.charges().minor()).as("another consent").isEqualTo(250);
        ask(SECOND, ChargeCommand.Step.UPDATE, GrantHolder.of(10), 5 * MB);
        assertThat(state.charges().minor()).isEqualTo(300);
    }

    @Test
    void messageThatComesAgainAfterTheConsentReportsNothing() {
        saysBeginnings = false;
        VolumeGrant held = ask(FIRST, ChargeCommand.Step.CREATE, 0);
        decide(new AccountCommand.CountUsage(AccountFixture.record("cdr", 100 * MB, now), NETWORK));
        now = now.plus(GrantTerms.DEFAULT.validity()).plusSeconds(1);
        agree(0);
        serial -= 2;
        now = now.minusSeconds(1);
        assertThat(ask(FIRST, ChargeCommand.Step.CREATE, 0).result()).isEqualTo(VolumeGrant.Result.SUCCESS);
        serial += 2;
        assertThat(held.bytes()).isEqualTo(25 * MB);
        ask(FIRST, ChargeCommand.Step.UPDATE, 20 * MB);
        assertThat(state.charges().minor())
                .as("it may have been used before the consent")
                .isZero();
    }

    /** Uses and reports what is granted until there is a final unit; how much it was. */
    private long useAllThatIsGranted() {
        long used = 0;
        VolumeGrant grant = ask(FIRST, ChargeCommand.Step.UPDATE, 0);
        for (int i = 0; i < 200; i++) {
            assertThat(grant.result()).isEqualTo(VolumeGrant.Result.SUCCESS);
            used += grant.bytes();
            if (grant.isFinal()) {
                ask(FIRST, ChargeCommand.Step.UPDATE, grant.bytes());
                return used;
            }
            grant = ask(FIRST, ChargeCommand.Step.UPDATE, grant.bytes());
        }
        throw new AssertionError("no final unit");
    }

    private void agree(long limitMinor) {
        now = now.plusSeconds(1);
        decide(new AccountCommand.AgreeOverage(limitMinor, "words-1", TRAVELLER));
        now = now.plusSeconds(60);
    }

    private long notices() {
        return effects.stream().filter(Effect.SessionNotice.class::isInstance).count();
    }

    private VolumeGrant ask(long session, ChargeCommand.Step step, long usedBytes) {
        return ask(session, step, GrantHolder.of(10), usedBytes);
    }

    private VolumeGrant ask(long session, ChargeCommand.Step step, GrantHolder holder, long usedBytes) {
        now = now.plusSeconds(1);
        UsageRecord record = AccountFixture.record("u" + serial++, usedBytes, now);
        List<UsageRecord> used =
                usedBytes == 0 ? List.of() : List.of(saysBeginnings ? record : AccountFixture.during(record, now, now));
        Decision decision = decide(new ChargeCommand(
                step,
                session,
                9,
                "m:" + serial++,
                Duration.ofHours(1),
                now,
                used,
                null,
                used.isEmpty() ? Map.of() : Map.of(holder, usedBytes),
                Set.of(),
                List.of(holder),
                null,
                null,
                "sealed",
                GrantTerms.DEFAULT,
                SMF));
        return ((Reply.Charged) decision.replies().getFirst())
                .charged()
                .answer()
                .grants()
                .getFirst();
    }

    private Decision decide(AccountCommand command) {
        Decision decision = decider.decide(state, command, now);
        state = decision.state();
        effects.addAll(decision.effects());
        return decision;
    }
}
