package dev.octroi.quota.decide;

import static dev.octroi.quota.QuotaFixture.await;
import static dev.octroi.quota.decide.AccountFixture.GB;
import static dev.octroi.quota.decide.AccountFixture.NETWORK;
import static org.assertj.core.api.Assertions.assertThat;

import dev.octroi.catalog.AfterQuota;
import dev.octroi.catalog.Validity;
import dev.octroi.drain.DrainDetector;
import dev.octroi.drain.Population;
import dev.octroi.quota.Accounts;
import dev.octroi.quota.QuotaFixture;
import dev.octroi.quota.account.AccountCommand;
import dev.octroi.quota.account.AccountKey;
import dev.octroi.quota.account.AccountState;
import dev.octroi.quota.account.Device;
import dev.octroi.quota.account.Effect;
import dev.octroi.quota.account.NewAccount;
import dev.octroi.quota.account.Outcome;
import dev.octroi.quota.account.UsageRecord;
import dev.octroi.testing.TestDatabase;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What an account makes of the devices that feeds name. */
class DeviceWatchTest {
    private static final Instant START = Instant.parse("2026-11-23T10:00:00Z");
    private static final String PHONE = "a1".repeat(16);
    private static final String OTHER = "b2".repeat(16);

    private static QuotaFixture fixture;

    private final Decider decider = new Decider(DrainDetector.shipped(), Population.shipped());
    private final List<Effect> effects = new ArrayList<>();
    private AccountState state = AccountState.fresh(new NewAccount(
            new AccountKey(1, 256),
            512,
            AccountFixture.terms(GB, new AfterQuota.Stop(), Validity.days(60, Validity.StartMode.ON_ORDER)),
            AccountFixture.PARIS,
            START));
    private int serial;

    @BeforeAll
    static void open() {
        fixture = new QuotaFixture();
    }

    @AfterAll
    static void close() {
        fixture.close();
    }

    @Test
    void theFirstDeviceIsNoChange() {
        use(PHONE, START);
        use(PHONE, START.plusSeconds(60));
        use(null, START.plusSeconds(120));
        assertThat(state.device()).isEqualTo(new Device(PHONE, START, true));
        assertThat(changes()).isEmpty();
        assertThat(lately(START.plusSeconds(120))).isFalse();
    }

    @Test
    void aFeedWhoseClockIsAheadHidesNoOtherDevice() {
        decide(new AccountCommand.CountUsage(record(PHONE, START.plusSeconds(240)), NETWORK), START);
        assertThat(state.device()).isEqualTo(new Device(PHONE, START, true));
        use(OTHER, START.plusSeconds(60));
        assertThat(changes()).hasSize(1);
    }

    @Test
    void anotherDeviceIsToldAndCountsForADay() {
        use(PHONE, START);
        Instant moved = START.plusSeconds(60);
        use(OTHER, moved);
        assertThat(changes())
                .extracting(Effect.EventRaised::data)
                .containsExactly(java.util.Map.of("since", moved.toString(), "previousSince", START.toString()));
        assertThat(lately(moved)).isTrue();
        assertThat(lately(moved.plus(Duration.ofHours(24)).minusSeconds(1))).isTrue();
        assertThat(lately(moved.plus(Duration.ofHours(24)))).isFalse();
        assertThat(lately(moved.minusSeconds(1))).as("before it moved").isFalse();
    }

    @Test
    void aLateRecordOfTheDeviceBeforeChangesNothing() {
        use(PHONE, START);
        use(OTHER, START.plusSeconds(600));
        use(PHONE, START.plusSeconds(300));
        assertThat(state.device()).isEqualTo(new Device(OTHER, START.plusSeconds(600), false));
        decide(
                new AccountCommand.ReportLocation("208-01", "FR", null, null, PHONE, START.plusSeconds(400), NETWORK),
                START.plusSeconds(601));
        assertThat(state.device().hashHex()).isEqualTo(OTHER);
        assertThat(changes()).hasSize(1);
    }

    @Test
    void aLocationReportNamesTheDeviceToo() {
        use(PHONE, START);
        Instant moved = START.plusSeconds(60);
        decide(
                new AccountCommand.ReportLocation("208-01", "FR", null, null, OTHER, moved, NETWORK),
                moved.plusSeconds(5));
        assertThat(state.device()).isEqualTo(new Device(OTHER, moved, false));
        assertThat(changes()).hasSize(1);
    }

    @Test
    void feedsThatDisagreeAreToldOnceAnHour() {
        for (int i = 0; i <= 120; i++) {
            use(i % 2 == 0 ? PHONE : OTHER, START.plusSeconds(i));
        }
        assertThat(changes()).hasSize(1);
        use(OTHER, START.plus(Duration.ofHours(2)));
        assertThat(changes()).hasSize(2);
    }

    @Test
    void gatewaysShareTheDeviceAndARowFromBeforeKnowsNone() {
        fixture.now.set(START);
        AccountKey key = fixture.open(AccountFixture.france());
        AccountKey old = fixture.open(AccountFixture.france());
        Accounts one = fixture.gateway(fixture.database);
        Accounts other = fixture.gateway(fixture.database);
        count(one, key, PHONE);
        count(other, key, PHONE);
        count(one, key, OTHER);
        count(other, key, OTHER);
        assertThat(told(key)).isEqualTo(1);
        assertThat(fixture.number(
                        "SELECT count(*) FROM account WHERE id = ? AND encode(device, 'hex') = ? AND NOT device_is_first",
                        key.accountId(),
                        OTHER))
                .isEqualTo(1);
        count(one, old, PHONE);
        TestDatabase.execute(
                fixture.config,
                "UPDATE account SET device = NULL, device_since = NULL, device_is_first = NULL WHERE id = "
                        + old.accountId());
        count(fixture.gateway(fixture.database), old, OTHER);
        assertThat(told(old)).as("its first device").isZero();
    }

    private void count(Accounts gateway, AccountKey key, String device) {
        Instant at = fixture.now.updateAndGet(now -> now.plusSeconds(60));
        assertThat(await(gateway.submit(key, new AccountCommand.CountUsage(record(device, at), NETWORK))))
                .isInstanceOf(Outcome.Accepted.class);
    }

    private static long told(AccountKey key) {
        return fixture.number("""
                SELECT count(*) FROM event e JOIN account a ON a.subscription_id = e.subject_id
                WHERE a.id = ? AND e.type = 'device.changed'
                """, key.accountId());
    }

    private void use(String device, Instant at) {
        decide(new AccountCommand.CountUsage(record(device, at), NETWORK), at.plusSeconds(5));
    }

    private UsageRecord record(String device, Instant at) {
        UsageRecord plain = AccountFixture.record("r" + serial++, 1_000, at);
        return plain.inDevice(device);
    }

    private boolean lately(Instant at) {
        return state.device().changedLately(at);
    }

    private void decide(AccountCommand command, Instant now) {
        Decision decision = decider.decide(state, command, now);
        effects.addAll(decision.effects());
        state = decision.state();
    }

    private List<Effect.EventRaised> changes() {
        return effects.stream()
                .filter(Effect.EventRaised.class::isInstance)
                .map(Effect.EventRaised.class::cast)
                .filter(event -> event.type().equals("device.changed"))
                .toList();
    }
}
