package dev.octroi.quota.decide;

import static dev.octroi.quota.decide.AccountFixture.MB;
import static org.assertj.core.api.Assertions.assertThat;

import dev.octroi.catalog.AfterQuota;
import dev.octroi.catalog.Validity;
import dev.octroi.drain.DrainDetector;
import dev.octroi.drain.Population;
import dev.octroi.policy.RestrictionClass;
import dev.octroi.quota.account.AccountCommand;
import dev.octroi.quota.account.AccountState;
import dev.octroi.quota.account.Actor;
import dev.octroi.quota.account.ChargeCommand;
import dev.octroi.quota.account.Grant;
import dev.octroi.quota.account.GrantHolder;
import dev.octroi.quota.account.GrantTerms;
import dev.octroi.quota.account.Reply;
import dev.octroi.quota.account.VolumeGrant;
import java.time.Duration;
import java.time.Instant;
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
        AccountState state = AccountFixture.begun(
                decider,
                AccountFixture.terms(80 * MB, new AfterQuota.Stop(), Validity.days(30, Validity.StartMode.ON_ORDER)),
                START);
        Grant pass = new Grant(100 * MB, 0, 1, "pass", "a day pass");
        state = decider.decide(state, new AccountCommand.TopUp(pass, SMF), START)
                .state();
        Instant gone = Objects.requireNonNull(state.buckets().getLast().expiresAt());
        assertThat(seconds(state, gone.minus(Duration.ofHours(2)))).isEqualTo(900);
        assertThat(seconds(state, gone.minusSeconds(240))).isEqualTo(240);
        assertThat(seconds(state, gone.plusSeconds(1))).isEqualTo(900);
    }

    @Test
    void aSessionPromisesNoMoreHoldersThanItsRowMayName() {
        AccountState state = AccountFixture.begun(
                decider,
                AccountFixture.terms(
                        100_000_000 * MB, new AfterQuota.Stop(), Validity.days(30, Validity.StartMode.ON_ORDER)),
                START);
        ChargeCommand.Step step = ChargeCommand.Step.CREATE;
        for (int upf = 1; upf <= GrantHolder.MOST; upf++) {
            GrantHolder holder = new GrantHolder(10, Integer.toHexString(upf));
            Decision decision = decider.decide(state, asking(step, "m:" + upf, holder, START), START);
            assertThat(granted(decision).result()).isEqualTo(VolumeGrant.Result.SUCCESS);
            state = decision.state();
            step = ChargeCommand.Step.UPDATE;
        }
        Decision more = decider.decide(state, asking(step, "more", new GrantHolder(10, "f00"), START), START);
        assertThat(granted(more).result()).isEqualTo(VolumeGrant.Result.QUOTA_LIMIT_REACHED);
        Decision again = decider.decide(state, asking(step, "again", new GrantHolder(10, "1"), START), START);
        assertThat(granted(again).result()).as("one that is known").isEqualTo(VolumeGrant.Result.SUCCESS);
    }

    @Test
    void whatASilentGroupWasPromisedIsGivenBackWhileAnotherAsks() {
        AccountState state = AccountFixture.begun(
                decider,
                AccountFixture.terms(100 * MB, new AfterQuota.Stop(), Validity.days(30, Validity.StartMode.ON_ORDER)),
                START);
        state = decider.decide(state, asking(ChargeCommand.Step.CREATE, "c", GrantHolder.of(10), START), START)
                .state();
        Instant now = START;
        VolumeGrant last = VolumeGrant.none(20, VolumeGrant.Result.QUOTA_LIMIT_REACHED);
        for (int i = 0; i < 6; i++) {
            Decision decision =
                    decider.decide(state, asking(ChargeCommand.Step.UPDATE, "u:" + i, GrantHolder.of(20), now), now);
            last = granted(decision);
            state = decision.state();
            long promised = state.charging().getFirst().promisedBytes();
            assertThat(promised - last.bytes()).as("10 asked once").isEqualTo(i < 4 ? 25 * MB : 0);
            assertThat(NextMoment.of(state)).isEqualTo(START.plus(Duration.ofMinutes(i < 4 ? 20 : 20 + 5L * i)));
            now = now.plus(Duration.ofMinutes(5));
        }
        assertThat(last.bytes()).as("a quarter of all").isEqualTo(25 * MB);
    }

    @Test
    void aMessageThatComesAgainIsNotGrantedWhatWasGivenBack() {
        AccountState state = AccountFixture.begun(
                decider,
                AccountFixture.terms(MB, new AfterQuota.Stop(), Validity.days(30, Validity.StartMode.ON_ORDER)),
                START);
        state = decider.decide(state, asking(ChargeCommand.Step.CREATE, "c", GrantHolder.of(10), START), START)
                .state();
        Instant later = START.plus(Duration.ofMinutes(30));
        ChargeCommand other = asking(2 << 8, ChargeCommand.Step.CREATE, "other", GrantHolder.of(10), later);
        Decision found = decider.decide(state, other, later);
        assertThat(granted(found).bytes()).isEqualTo(MB);
        ChargeCommand first = asking(ChargeCommand.Step.CREATE, "c", GrantHolder.of(10), START);
        Decision again = decider.decide(found.state(), first, later);
        assertThat(granted(again).result()).isEqualTo(VolumeGrant.Result.QUOTA_LIMIT_REACHED);
        assertThat(again.state().charging()).hasSize(2);
        Decision onceMore = decider.decide(again.state(), first, later.plusSeconds(10));
        assertThat(onceMore.replies()).isEqualTo(again.replies());
    }

    @Test
    void aMessageThatComesAgainIsDeniedWhatASuspensionForbids() {
        AccountState state = AccountFixture.begun(
                decider,
                AccountFixture.terms(80 * MB, new AfterQuota.Stop(), Validity.days(30, Validity.StartMode.ON_ORDER)),
                START);
        ChargeCommand first = asking(ChargeCommand.Step.CREATE, "c", GrantHolder.of(10), START);
        state = decider.decide(state, first, START).state();
        Instant later = START.plusSeconds(10);
        assertThat(granted(decider.decide(state, first, later)).result()).isEqualTo(VolumeGrant.Result.SUCCESS);
        Decision suspended = decider.decide(
                state,
                new AccountCommand.Suspend(RestrictionClass.ADMINISTRATIVE, false, "law", AccountFixture.ADMIN),
                later);
        Decision again = decider.decide(suspended.state(), first, later.plusSeconds(1));
        assertThat(granted(again).result()).isEqualTo(VolumeGrant.Result.END_USER_SERVICE_DENIED);
        assertThat(again.state().charging().getFirst().promisedBytes()).isZero();
    }

    private static VolumeGrant granted(Decision decision) {
        return ((Reply.Charged) decision.replies().getFirst())
                .charged()
                .answer()
                .grants()
                .getFirst();
    }

    private long seconds(AccountState state, Instant now) {
        return granted(decider.decide(state, asking(ChargeCommand.Step.CREATE, "c:1", GrantHolder.of(10), now), now))
                .validitySeconds();
    }

    private static ChargeCommand asking(ChargeCommand.Step step, String message, GrantHolder holder, Instant now) {
        return asking(1 << 8, step, message, holder, now);
    }

    private static ChargeCommand asking(
            long session, ChargeCommand.Step step, String message, GrantHolder holder, Instant now) {
        return new ChargeCommand(
                step,
                session,
                9,
                message,
                Duration.ofHours(1),
                now,
                List.of(),
                null,
                Map.of(),
                Set.of(),
                List.of(holder),
                null,
                null,
                null,
                GrantTerms.DEFAULT,
                SMF);
    }
}
