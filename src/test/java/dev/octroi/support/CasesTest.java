package dev.octroi.support;

import static dev.octroi.quota.QuotaFixture.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.octroi.audit.AuditLog;
import dev.octroi.callback.event.EventLog;
import dev.octroi.catalog.AfterQuota;
import dev.octroi.catalog.DrainPolicy;
import dev.octroi.catalog.Validity;
import dev.octroi.db.Ids;
import dev.octroi.db.PublicId;
import dev.octroi.drain.ByteRange;
import dev.octroi.drain.Category;
import dev.octroi.drain.DrainKind;
import dev.octroi.drain.Verdict;
import dev.octroi.policy.Level;
import dev.octroi.policy.RestrictionClass;
import dev.octroi.quota.AccountReader;
import dev.octroi.quota.QuotaFixture;
import dev.octroi.quota.account.AccountCommand;
import dev.octroi.quota.account.AccountKey;
import dev.octroi.quota.account.AccountView;
import dev.octroi.quota.account.Actor;
import dev.octroi.quota.account.Outcome;
import dev.octroi.quota.account.Refusal;
import dev.octroi.quota.decide.AccountFixture;
import dev.octroi.testing.TestDatabase;
import io.vertx.core.Future;
import java.sql.Connection;
import java.sql.Statement;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class CasesTest {
    /** As many commands wait in a lane at most. */
    private static final int LANE_ROOM = 20_000;

    private static final Actor TRAVELLER = new Actor(Actor.Kind.TRAVELLER, "self-care", null);
    private static final long CREDIT_BYTES = 400 * AccountFixture.MB;

    private static QuotaFixture fixture;
    private static Cases cases;

    @BeforeAll
    static void open() {
        fixture = new QuotaFixture();
        cases = new Cases(
                fixture.database, fixture.accounts, new AuditLog(), new EventLog(), fixture.ids, fixture.clock);
    }

    @AfterAll
    static void close() throws Exception {
        fixture.close();
    }

    @Test
    void settlementGivesBackLiftsTellsAndAuditsOnce() {
        AccountKey key = suspended();
        SupportCase opened = theCase(key);
        assertThat(opened.kind()).isEqualTo("night");
        Settlement settlement = new Settlement(CREDIT_BYTES, true, "An app uploaded by night");

        CaseOutcome first = await(cases.settle(fixture.tenant, opened.id(), settlement, AccountFixture.ADMIN));
        CaseOutcome second = await(cases.settle(fixture.tenant, opened.id(), settlement, AccountFixture.ADMIN));

        assertThat(first).isInstanceOf(CaseOutcome.Settled.class);
        assertThat(second).isInstanceOf(CaseOutcome.AlreadySettled.class);
        AccountView account = view(key);
        assertThat(account.policy().level()).isEqualTo(Level.NORMAL);
        assertThat(account.totalBytes()).isEqualTo(3 * AccountFixture.GB + CREDIT_BYTES);
        assertThat(count("SELECT count(*) FROM audit WHERE action = 'case.settled' AND object_id = ?", opened.id()))
                .isOne();
        assertThat(fixture.number(
                        "SELECT count(*) FROM event WHERE type = 'case.resolved' AND subject_id = ?",
                        opened.subscriptionId()))
                .isOne();
        assertThat(fixture.number(
                        "SELECT count(*) FROM alarm WHERE state = 'confirmed' AND subscription_id = ?",
                        opened.subscriptionId()))
                .isOne();
    }

    @Test
    void settlementThatBrokeOffIsFinishedWithoutASecondCredit() {
        AccountKey key = suspended();
        SupportCase opened = theCase(key);
        Settlement settlement = new Settlement(CREDIT_BYTES, true, "An app uploaded by night");
        await(cases.settle(fixture.tenant, opened.id(), settlement, AccountFixture.ADMIN));
        TestDatabase.execute(
                fixture.config,
                "UPDATE support_case SET state = 'resolving', resolved_at = NULL WHERE id = " + opened.id());

        assertThat(await(cases.finishInterrupted())).isOne();

        assertThat(await(cases.find(0, opened.id())).orElseThrow().state()).isEqualTo("resolved");
        assertThat(view(key).totalBytes()).isEqualTo(3 * AccountFixture.GB + CREDIT_BYTES);
    }

    @Test
    void settlementThatMeetsABusyAccountStaysNotedAndIsCarriedOutLater() throws Exception {
        AccountKey key = suspended();
        SupportCase opened = theCase(key);
        Settlement settlement = new Settlement(CREDIT_BYTES, true, "An app uploaded by night");
        Settlement other = new Settlement(2 * CREDIT_BYTES, true, "Twice as much");
        try (Connection holder = TestDatabase.connect(fixture.config);
                Statement held = holder.createStatement()) {
            holder.setAutoCommit(false);
            held.execute("SELECT FROM account_hot WHERE account_id = " + key.accountId() + " FOR UPDATE");
            AccountCommand later = new AccountCommand.CountUsage(
                    AccountFixture.record("later", 1, fixture.now.get()), AccountFixture.NETWORK);
            Future<Outcome> first = fixture.accounts.submit(key, later);
            List<Future<Outcome>> waiting = IntStream.range(0, LANE_ROOM)
                    .mapToObj(each -> fixture.accounts.submit(key, later))
                    .toList();
            assertThat(await(cases.settle(fixture.tenant, opened.id(), settlement, AccountFixture.ADMIN)))
                    .isInstanceOf(CaseOutcome.Refused.class);
            assertThat(await(cases.settle(fixture.tenant, opened.id(), other, AccountFixture.ADMIN)))
                    .isInstanceOf(CaseOutcome.AlreadySettled.class);
            holder.rollback();
            await(first);
            await(Future.join(waiting));
        }
        assertThat(await(cases.find(0, opened.id())).orElseThrow().state()).isEqualTo("resolving");
        assertThat(await(cases.finishInterrupted())).isOne();
        SupportCase settled = await(cases.find(0, opened.id())).orElseThrow();
        assertThat(settled.state()).isEqualTo("resolved");
        assertThat(settled.creditBytes()).isEqualTo(CREDIT_BYTES);
        assertThat(view(key).totalBytes()).isEqualTo(3 * AccountFixture.GB + CREDIT_BYTES);
        assertThat(view(key).policy().level()).isEqualTo(Level.NORMAL);
    }

    @Test
    void settlementThatCannotBeCarriedOutKeepsNoOtherOneWaiting() {
        List<AccountKey> keys = List.of(suspended(), suspended(), suspended());
        List<SupportCase> opened = keys.stream()
                .map(CasesTest::theCase)
                .sorted(Comparator.comparing((SupportCase each) -> Ids.shardOf(each.id()))
                        .thenComparing(SupportCase::id))
                .toList();
        for (SupportCase each : opened) {
            TestDatabase.execute(
                    fixture.config,
                    "UPDATE support_case SET state = 'resolving', resolution = 'lifted', lift = true, reason = 'x',"
                            + " resolved_by = 'admin:ada' WHERE id = " + each.id());
        }
        long broken = fixture.number(
                "SELECT id FROM account WHERE subscription_id = ?",
                opened.getFirst().subscriptionId());
        TestDatabase.execute(
                fixture.config,
                "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE division_by_zero; END $$",
                "CREATE TRIGGER refuse BEFORE INSERT ON decision FOR EACH ROW WHEN (NEW.account_id = " + broken
                        + ") EXECUTE FUNCTION refuse()");
        try {
            assertThatThrownBy(() -> await(cases.finishInterrupted()))
                    .hasStackTraceContaining(
                            PublicId.CASE.format(opened.getFirst().id()) + " was not settled");
        } finally {
            TestDatabase.execute(fixture.config, "DROP TRIGGER refuse ON decision");
        }
        assertThat(opened)
                .extracting(
                        each -> await(cases.find(0, each.id())).orElseThrow().state())
                .containsExactly("resolving", "resolved", "resolved");
        assertThat(await(cases.finishInterrupted())).isOne();
    }

    @Test
    void resellerSettlesWithoutLiftingWhatTheOperatorHoldsAlsoWhenItIsCarriedOutLater() {
        Actor reseller = new Actor(Actor.Kind.RESELLER, "x".repeat(120), "jti-1");
        AccountKey key = suspended();
        SupportCase opened = theCase(key);
        Settlement settlement = new Settlement(CREDIT_BYTES, true, "We know the traveller");

        CaseOutcome refused = await(cases.settle(fixture.tenant, opened.id(), settlement, reseller));

        assertThat(refused).isInstanceOf(CaseOutcome.Refused.class);
        assertThat(((CaseOutcome.Refused) refused).refusal().code()).isEqualTo(Refusal.NOT_ALLOWED);
        TestDatabase.execute(
                fixture.config,
                "UPDATE support_case SET state = 'resolving', resolution = 'lifted', lift = true, reason = 'x',"
                        + " resolved_by = 'reseller:shop' WHERE id = " + opened.id());
        assertThat(await(cases.finishInterrupted())).isOne();
        assertThat(view(key).policy().level()).isEqualTo(Level.SUSPENDED_DATA);
        assertThat(await(cases.find(0, opened.id())).orElseThrow().state()).isEqualTo("open");
        assertThat(view(key).totalBytes()).as("nor is a credit given").isEqualTo(3 * AccountFixture.GB);
    }

    @Test
    void alarmThatGrowsWhileItIsSettledStaysOpenWithACaseOfItsOwn() {
        AccountKey key = suspended();
        SupportCase opened = theCase(key);
        begin(opened, new Settlement(0, false, "It was a film"));
        report(opened.subscriptionId(), "suspend", Map.of("holdHadRunOut", false));
        report(opened.subscriptionId(), "suspend", Map.of("holdHadRunOut", false));

        assertThat(await(cases.finishInterrupted())).isOne();

        assertThat(await(cases.find(0, opened.id())).orElseThrow().state()).isEqualTo("resolved");
        SupportCase another = theCase(key);
        assertThat(another.alarmId()).isEqualTo(opened.alarmId());
        assertThat(another.kind()).isEqualTo("night");
        assertThat(alarms("open", opened)).isOne();
        assertThat(fixture.number(
                        "SELECT count(*) FROM event WHERE type = 'case.opened' AND subject_id = ?",
                        opened.subscriptionId()))
                .isEqualTo(2);
        await(cases.settle(fixture.tenant, another.id(), new Settlement(0, false, "Also that"), AccountFixture.ADMIN));
        assertThat(alarms("open", opened)).isZero();
    }

    @Test
    void alarmThatIsHeldAnewWhileItIsSettledStaysOpen() {
        AccountKey key = suspended();
        SupportCase opened = theCase(key);
        report(opened.subscriptionId(), "suspend", Map.of("holdHadRunOut", false));
        begin(opened, new Settlement(0, false, "It was a film"));
        report(opened.subscriptionId(), "suspend", Map.of("holdHadRunOut", true));
        await(cases.finishInterrupted());
        assertThat(alarms("open", opened)).isOne();
        assertThat(theCase(key).id()).isNotEqualTo(opened.id());
    }

    @Test
    void alarmThatOnlyGrowsInScoreOrIsLiftedWhileItIsSettledIsSettled() {
        SupportCase same = theCase(suspended());
        report(same.subscriptionId(), "throttle", Map.of());
        begin(same, new Settlement(0, false, "It was a film"));
        report(same.subscriptionId(), "throttle", Map.of());
        SupportCase lifted = theCase(suspended());
        begin(lifted, new Settlement(0, true, "It was a film"));
        report(lifted.subscriptionId(), "suspend", Map.of());

        assertThat(await(cases.finishInterrupted())).isEqualTo(2);

        for (SupportCase each : List.of(same, lifted)) {
            assertThat(alarms("open", each)).isZero();
            assertThat(await(cases.list(fixture.tenant, "", each.subscriptionId(), Long.MAX_VALUE, 10)))
                    .hasSize(1);
        }
    }

    @Test
    void caseThatWasOutgrownBeforeItsSettlementBeganIsSettledByIt() {
        SupportCase opened = theCase(suspended());
        Actor reseller = new Actor(Actor.Kind.RESELLER, "shop", "jti-1");
        begin(opened, new Settlement(0, true, "We know the traveller"), reseller);
        report(opened.subscriptionId(), "suspend", Map.of());
        await(cases.finishInterrupted());
        assertThat(await(cases.find(0, opened.id())).orElseThrow().state())
                .as("refused to a reseller")
                .isEqualTo("open");

        await(cases.settle(fixture.tenant, opened.id(), new Settlement(0, false, "A film"), AccountFixture.ADMIN));

        assertThat(alarms("open", opened)).isZero();
    }

    @Test
    void explanationChangesNothingOnTheAccount() {
        AccountKey key = suspended();
        SupportCase opened = theCase(key);
        await(cases.settle(
                fixture.tenant, opened.id(), new Settlement(0, false, "It was a film"), AccountFixture.ADMIN));
        assertThat(view(key).policy().level()).isEqualTo(Level.SUSPENDED_DATA);
        assertThat(await(cases.find(0, opened.id())).orElseThrow().resolution()).isEqualTo("explained");
        assertThat(await(cases.heardOf(fixture.tenant, opened.subscriptionId())).settled())
                .as("what the traveller's page shows")
                .hasValueSatisfying(settled -> assertThat(settled.reason()).isEqualTo("It was a film"));
        assertThat(await(cases.heardOf(fixture.tenant + 1, opened.subscriptionId()))
                        .settled())
                .isEmpty();
    }

    @Test
    void settlementDoesNotAnswerForTheTraveller() {
        AccountKey key = drained();
        SupportCase opened = theCase(key);
        fixture.accepted(key, new AccountCommand.AlarmFeedback(1, false, TRAVELLER));

        await(cases.settle(fixture.tenant, opened.id(), new Settlement(0, true, "Let go"), AccountFixture.ADMIN));

        assertThat(answers(opened)).as("the traveller's alone").isOne();
        assertThat(fixture.number(
                        "SELECT count(*) FROM alarm WHERE NOT meant AND state = 'closed' AND answered_by = 'traveller'"
                                + " AND subscription_id = ?",
                        opened.subscriptionId()))
                .isOne();
    }

    @Test
    void goodwillForWhatWasMeantDoesNotCallItADrain() {
        AccountKey key = drained();
        SupportCase opened = theCase(key);
        fixture.accepted(key, new AccountCommand.AlarmFeedback(1, true, TRAVELLER));

        await(cases.settle(
                fixture.tenant, opened.id(), new Settlement(CREDIT_BYTES, false, "A gift"), AccountFixture.ADMIN));

        assertThat(answers(opened)).as("the traveller's alone").isOne();
        assertThat(alarms("dismissed", opened)).isOne();
    }

    @Test
    void whatTheTravellerToldWhoSettlesAnswersTheAlarm() {
        SupportCase opened = theCase(drained());
        Settlement settlement = new Settlement(0, true, true, "It was your backup");
        await(cases.settle(fixture.tenant, opened.id(), settlement, AccountFixture.ADMIN));
        assertThat(answers(opened)).isOne();
        assertThat(alarms("dismissed", opened)).isOne();
        assertThat(await(cases.find(0, opened.id())).orElseThrow())
                .matches(settlement::isNotedIn)
                .matches(settled -> !new Settlement(0, true, "It was your backup").isNotedIn(settled));
    }

    @Test
    void creditForWhatNobodyAnsweredCallsItADrain() {
        SupportCase opened = theCase(drained());
        await(cases.settle(
                fixture.tenant,
                opened.id(),
                new Settlement(CREDIT_BYTES, false, "It was malware"),
                AccountFixture.ADMIN));
        assertThat(answers(opened)).isOne();
        assertThat(fixture.number(
                        "SELECT count(*) FROM alarm WHERE NOT meant AND state = 'confirmed' AND subscription_id = ?",
                        opened.subscriptionId()))
                .isOne();
    }

    @Test
    void caseOfAnotherTenantIsUnknown() {
        SupportCase opened = theCase(suspended());
        assertThat(await(cases.settle(
                        fixture.tenant + 1, opened.id(), new Settlement(1, true, "Mine?"), AccountFixture.ADMIN)))
                .isInstanceOf(CaseOutcome.Unknown.class);
        assertThat(await(cases.find(fixture.tenant + 1, opened.id()))).isEmpty();
    }

    @Test
    void questionOpensACaseWithoutAnAlarm() {
        AccountKey key = fixture.open(AccountFixture.france());
        long subscription = view(key).subscriptionId();
        Questions questions = new Questions(fixture.ids, fixture.clock);
        long id = await(fixture.database.inWorker(connection ->
                questions.open(connection, fixture.tenant, subscription, "I did not use that", AccountFixture.ADMIN)));
        SupportCase opened = await(cases.find(fixture.tenant, id)).orElseThrow();
        assertThat(opened.kind()).isEqualTo("question");
        assertThat(opened.alarmId()).isEmpty();
        assertThat(await(cases.heardOf(fixture.tenant, subscription)).settled()).isEmpty();
    }

    /** An account with an incident of the detector's. */
    private static AccountKey drained() {
        AccountKey key = fixture.open(AccountFixture.terms(
                100 * AccountFixture.GB,
                new AfterQuota.Stop(),
                Validity.days(30, Validity.StartMode.ON_ORDER),
                DrainPolicy.ASK));
        long subscription = view(key).subscriptionId();
        for (int i = 0;
                fixture.number("SELECT count(*) FROM alarm WHERE subscription_id = ?", subscription) == 0;
                i++) {
            assertThat(i).as("records without an alarm").isLessThan(200);
            fixture.now.updateAndGet(before -> before.plusSeconds(300));
            fixture.accepted(
                    key,
                    new AccountCommand.CountUsage(
                            AccountFixture.traffic(
                                    "drained" + i,
                                    fixture.now.get(),
                                    90 * AccountFixture.MB,
                                    AccountFixture.MB,
                                    Category.OTHER),
                            AccountFixture.NETWORK));
        }
        return key;
    }

    private static long answers(SupportCase of) {
        return fixture.number(
                "SELECT count(*) FROM event WHERE type = 'anomaly.explained' AND subject_id = ?", of.subscriptionId());
    }

    private static AccountKey suspended() {
        AccountKey key = fixture.open(AccountFixture.france());
        fixture.accepted(
                key,
                new AccountCommand.Suspend(RestrictionClass.DRAIN, false, "Data drains away", AccountFixture.ADMIN));
        report(view(key).subscriptionId(), "notify", Map.of());
        return key;
    }

    private static void report(long subscription, String action, Map<String, Object> recent) {
        int shard = Ids.shardOf(subscription);
        Verdict.Alarm alarm = new Verdict.Alarm(
                DrainKind.NIGHT,
                2,
                fixture.now.get().getEpochSecond() - 7_200,
                new ByteRange(0, AccountFixture.MB),
                CREDIT_BYTES,
                CREDIT_BYTES - AccountFixture.MB,
                Category.CLOUD,
                "FR",
                List.of(),
                0.9,
                1,
                false);
        AlarmReport report = new AlarmReport(
                fixture.tenant,
                fixture.ids.next(shard),
                fixture.ids.next(shard),
                subscription,
                alarm,
                fixture.now.get(),
                action,
                recent);
        await(fixture.database.inWorker(connection -> new Alarms().open(connection, List.of(report))));
    }

    /** The gateway ends before anything is carried out. */
    private static void begin(SupportCase opened, Settlement settlement) {
        begin(opened, settlement, AccountFixture.ADMIN);
    }

    private static void begin(SupportCase opened, Settlement settlement, Actor actor) {
        String who = actor.kind().word() + ":" + actor.name();
        boolean isBegun = await(
                fixture.database.inWorker(connection -> new CaseStore().begin(connection, opened, settlement, who)));
        assertThat(isBegun).isTrue();
    }

    private static long alarms(String state, SupportCase of) {
        return fixture.number(
                "SELECT count(*) FROM alarm WHERE state = '" + state + "' AND subscription_id = ?",
                of.subscriptionId());
    }

    private static SupportCase theCase(AccountKey key) {
        return await(cases.list(fixture.tenant, "open", view(key).subscriptionId(), Long.MAX_VALUE, 10))
                .getFirst();
    }

    private static AccountView view(AccountKey key) {
        return await(new AccountReader(fixture.database, fixture.clock).view(key.tenantId(), key.accountId()))
                .orElseThrow();
    }

    private static long count(String sql, long caseId) {
        return fixture.number(sql, PublicId.CASE.format(caseId));
    }
}
