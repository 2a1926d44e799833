package dev.octroi.quota;

import static dev.octroi.quota.decide.AccountFixture.MB;
import static org.assertj.core.api.Assertions.assertThat;

import dev.octroi.drain.DrainDetector;
import dev.octroi.drain.Population;
import dev.octroi.quota.account.AccountCommand;
import dev.octroi.quota.account.AccountState;
import dev.octroi.quota.account.OpenHours;
import dev.octroi.quota.decide.AccountFixture;
import dev.octroi.quota.decide.Decider;
import dev.octroi.quota.decide.Decision;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** What is written over of an account in memory; that it is always the account that was put is part of the simulation. */
class AccountCellTest {
    private static final Instant AT = Instant.parse("2026-11-23T10:00:00Z");

    private final Decider decider = new Decider(DrainDetector.shipped(), Population.shipped());
    private AccountState state = AccountFixture.begun(decider, AccountFixture.france(), AT);
    private final AccountCell cell = new AccountCell(state);

    @Test
    void useOfAnHourThatHasBegunIsWrittenOverInPlace() {
        use("r-1", AT.plusSeconds(60));
        use("r-2", AT.plusSeconds(120));
        for (int i = 3; i < 50; i++) {
            assertThat(use("r-" + i, AT.plusSeconds(60L * i)))
                    .as("record %d", i)
                    .isTrue();
        }
    }

    @Test
    void aPurchaseIsKeptAsItCame() {
        use("r-1", AT.plusSeconds(60));
        assertThat(decide(
                        new AccountCommand.TopUp(1_000 * MB, "order-1", "1 GB more", AccountFixture.ADMIN),
                        AT.plusSeconds(70)))
                .isFalse();
        assertThat(cell.get()).isEqualTo(state);
    }

    @Test
    void aVolumeThatIsSmallerThanWhatWasUsedBeforeIsKeptAsItCame() {
        use("r-1", AT.plusSeconds(60));
        use("r-2", AT.plusSeconds(61));
        AccountState renewed = AccountFixture.refilled(decider, state, 1, AT.plusSeconds(70));
        assertThat(cell.put(renewed)).isFalse();
        assertThat(cell.get()).isEqualTo(renewed);
    }

    @Test
    void whatWasReadOfItBeforeStaysAsItWas() {
        use("r-1", AT.plusSeconds(60));
        use("r-2", AT.plusSeconds(61));
        AccountState before = cell.get();
        byte[] patch = before.drain().patch().clone();
        use("r-3", AT.plusSeconds(62));
        assertThat(before.usedBytes()).isEqualTo(2 * MB);
        assertThat(before.drain().patch()).isEqualTo(patch);
        assertThat(cell.get().usedBytes()).isEqualTo(3 * MB);
    }

    private boolean use(String key, Instant at) {
        return decide(new AccountCommand.CountUsage(AccountFixture.record(key, MB, at), AccountFixture.NETWORK), at);
    }

    /** As a batch does it; whether the figures were all that had to be kept. */
    private boolean decide(AccountCommand command, Instant at) {
        Decision decision = decider.decide(cell.get(), command, at);
        OpenHours open =
                state.hours().add(BatchDecision.hours(decision.effects())).open();
        state = decision.state().written(state.version() + 1, open);
        boolean isEnough = cell.put(state);
        assertThat(cell.get()).isEqualTo(state);
        return isEnough;
    }
}
