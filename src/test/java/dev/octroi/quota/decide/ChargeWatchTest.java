package dev.octroi.quota.decide;

import static dev.octroi.quota.decide.AccountFixture.MB;
import static org.assertj.core.api.Assertions.assertThat;

import dev.octroi.catalog.AfterQuota;
import dev.octroi.catalog.Validity;
import dev.octroi.drain.DrainDetector;
import dev.octroi.drain.Population;
import dev.octroi.quota.account.AccountCommand;
import dev.octroi.quota.account.AccountKey;
import dev.octroi.quota.account.AccountState;
import dev.octroi.quota.account.Actor;
import dev.octroi.quota.account.ChargeCommand;
import dev.octroi.quota.account.Grant;
import dev.octroi.quota.account.GrantTerms;
import dev.octroi.quota.account.NewAccount;
import dev.octroi.quota.account.Reply;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Rules of grants that no consumer can see from outside within a test's time. */
class ChargeWatchTest {
    private static final Instant START = Instant.parse("2026-11-23T10:00:00Z");
    private static final Actor SMF = Actor.network("smf");

    private final Decider decider = new Decider(DrainDetector.shipped(), Population.shipped());

    @Test
    void aGrantEndsWhereVolumeComesOrGoesByItself() {
        AccountState state = AccountState.fresh(new NewAccount(
                new AccountKey(1, 256),
                512,
                AccountFixture.terms(
                        80 * MB, new AfterQuota.Stop(), Validity.days(30, Validity.StartMode.ON_FIRST_USE)),
                ZoneOffset.UTC,
                START));
        Grant pass = new Grant(100 * MB, 0, 1, "pass", "a day pass");
        state = decider.decide(state, new AccountCommand.TopUp(pass, SMF), START)
                .state();
        Instant gone = Objects.requireNonNull(state.buckets().getLast().expiresAt());
        assertThat(seconds(state, gone.minus(Duration.ofHours(2)))).isEqualTo(900);
        assertThat(seconds(state, gone.minusSeconds(240))).isEqualTo(240);
        assertThat(seconds(state, gone.plusSeconds(1))).isEqualTo(900);
    }

    private long seconds(AccountState state, Instant now) {
        ChargeCommand charge = new ChargeCommand(
                ChargeCommand.Step.CREATE,
                1 << 8,
                9,
                "c:1",
                Duration.ofHours(1),
                now,
                List.of(),
                null,
                Map.of(),
                Set.of(),
                List.of(10L),
                null,
                null,
                null,
                GrantTerms.DEFAULT,
                SMF);
        Reply reply = decider.decide(state, charge, now).replies().getFirst();
        return ((Reply.Charged) reply).charged().answer().grants().getFirst().validitySeconds();
    }
}
