package dev.octroi.quota;

import static dev.octroi.quota.QuotaFixture.await;
import static dev.octroi.quota.decide.AccountFixture.ADMIN;
import static dev.octroi.quota.decide.AccountFixture.MB;
import static dev.octroi.quota.decide.AccountFixture.NETWORK;
import static org.assertj.core.api.Assertions.assertThat;

import dev.octroi.catalog.AfterQuota;
import dev.octroi.catalog.PlanTerms;
import dev.octroi.catalog.Renewal;
import dev.octroi.catalog.Sharing;
import dev.octroi.catalog.Validity;
import dev.octroi.policy.Level;
import dev.octroi.policy.Speed;
import dev.octroi.quota.account.AccountCommand;
import dev.octroi.quota.account.AccountKey;
import dev.octroi.quota.account.AccountView;
import dev.octroi.quota.account.Actor;
import dev.octroi.quota.account.ChargeCommand;
import dev.octroi.quota.account.Charged;
import dev.octroi.quota.account.GrantHolder;
import dev.octroi.quota.account.GrantTerms;
import dev.octroi.quota.account.MemberCap;
import dev.octroi.quota.account.Outcome;
import dev.octroi.quota.account.UsageRecord;
import dev.octroi.quota.account.VolumeGrant;
import dev.octroi.quota.decide.AccountFixture;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What a member of a shared plan may use of it, by its charging sessions, on a real database. */
class MemberCapTest {
    private static QuotaFixture fixture;

    @BeforeAll
    static void start() {
        fixture = new QuotaFixture();
    }

    @AfterAll
    static void stop() {
        fixture.close();
    }

    private static PlanTerms family(long quotaBytes) {
        return family(quotaBytes, Validity.days(30, Validity.StartMode.ON_ORDER));
    }

    private static PlanTerms family(long quotaBytes, Validity validity) {
        return AccountFixture.terms(quotaBytes, new AfterQuota.Throttle(Speed.both(384)), validity)
                .with(new Sharing(2, 0, null));
    }

    @Test
    void reportOfAnEarlierWindowThatComesAgainLeavesTheCapAlone() {
        AccountKey owner = fixture.open(family(1_000 * MB).with(new Renewal(Renewal.Every.DAY, 0)));
        AccountKey child = fixture.join(owner);
        cap(child, new MemberCap(200 * MB, MemberCap.Window.PLAN));
        long session = fixture.ids.next(child.vshard());
        charge(child, session, ChargeCommand.Step.CREATE, "c", List.of(), List.of());
        Instant yesterday = fixture.now.get();
        fixture.now.set(yesterday.plus(Duration.ofDays(1)));
        List<UsageRecord> late = List.of(AccountFixture.record("late", 100 * MB, yesterday));
        for (int i = 0; i < 3; i++) {
            charge(child, session, ChargeCommand.Step.UPDATE, "u", late, List.of());
        }
        fixture.use(child, "today", 200 * MB);
        AccountView view = await(
                        new AccountReader(fixture.database, fixture.clock).view(child.tenantId(), child.accountId()))
                .orElseThrow();
        assertThat(view.policy().level()).isEqualTo(Level.SUSPENDED_DATA);
        assertThat(view.policy().reasonCode()).isEqualTo("member.cap_reached");
        fixture.now.set(yesterday);
    }

    @Test
    void whatANetworkLetPassBeforeThePlansDateIsOfNoCap() {
        Instant today = fixture.now.get();
        Instant date = today.plus(Duration.ofHours(1));
        AccountKey owner =
                fixture.open(family(1_000 * MB, new Validity(7, Validity.Unit.DAY, Validity.StartMode.FIXED, date)));
        AccountKey child = fixture.join(owner);
        cap(child, new MemberCap(200 * MB, MemberCap.Window.PLAN));
        fixture.use(child, "before", 300 * MB);
        fixture.now.set(date.plusSeconds(60));
        fixture.use(child, "within", 199 * MB);
        AccountView view = fixture.accepted(child, new AccountCommand.Tick(Actor.system("test")));
        assertThat(view.policy().level()).isEqualTo(Level.NORMAL);
        fixture.use(child, "more", MB);
        view = fixture.accepted(child, new AccountCommand.Tick(Actor.system("test")));
        assertThat(view.policy().reasonCode()).isEqualTo("member.cap_reached");
        fixture.now.set(today);
    }

    @Test
    void grantsOfAPlanThatOnlySlowsDownStayWithinTheCap() {
        AccountKey owner = fixture.open(family(100 * MB));
        AccountKey child = fixture.join(owner);
        fixture.use(owner, "all", 100 * MB);
        long bytes = 10 * MB + MB / 2;
        cap(child, new MemberCap(bytes, MemberCap.Window.PLAN));
        long session = fixture.ids.next(child.vshard());
        List<Long> groups = LongStream.rangeClosed(1, 16).boxed().toList();
        List<VolumeGrant> grants = charge(child, session, ChargeCommand.Step.CREATE, "c", List.of(), groups)
                .answer()
                .grants();
        assertThat(grants.stream().mapToLong(VolumeGrant::bytes).sum()).isEqualTo(bytes);
        assertThat(grants.getLast().result()).isEqualTo(VolumeGrant.Result.QUOTA_LIMIT_REACHED);
        long other = fixture.ids.next(owner.vshard());
        VolumeGrant owners = charge(owner, other, ChargeCommand.Step.CREATE, "c", List.of(), List.of(1L))
                .answer()
                .grants()
                .getFirst();
        assertThat(owners.bytes()).as("who has no cap goes on, slowly").isEqualTo(MB);
        assertThat(owners.isFinal()).isFalse();
    }

    @Test
    void lastGrantOfACapIsTheFinalOne() {
        AccountKey owner = fixture.open(family(100 * MB));
        AccountKey child = fixture.join(owner);
        fixture.use(owner, "all", 100 * MB);
        cap(child, new MemberCap(MB / 2, MemberCap.Window.PLAN));
        long session = fixture.ids.next(child.vshard());
        VolumeGrant grant = charge(child, session, ChargeCommand.Step.CREATE, "c", List.of(), List.of(1L))
                .answer()
                .grants()
                .getFirst();
        assertThat(grant.bytes()).isEqualTo(MB / 2);
        assertThat(grant.isFinal()).isTrue();
    }

    private static void cap(AccountKey key, MemberCap cap) {
        fixture.accepted(key, new AccountCommand.SetMemberCap(cap, ADMIN));
    }

    private static Charged charge(
            AccountKey key,
            long session,
            ChargeCommand.Step step,
            String message,
            List<UsageRecord> used,
            List<Long> asking) {
        ChargeCommand command = new ChargeCommand(
                step,
                session,
                9,
                message + session,
                Duration.ofDays(1),
                fixture.now.get(),
                used,
                null,
                Map.of(),
                Set.of(),
                asking.stream().map(GrantHolder::of).toList(),
                null,
                null,
                null,
                GrantTerms.DEFAULT,
                NETWORK);
        return switch (fixture.submit(key, command)) {
            case Outcome.Accepted accepted -> accepted.charged();
            case Outcome.Duplicate duplicate -> duplicate.charged();
            case Outcome other -> throw new AssertionError(other);
        };
    }
}
