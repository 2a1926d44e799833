package dev.octroi.web.selfcare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.octroi.callback.network.PolicySender;
import dev.octroi.catalog.AfterQuota;
import dev.octroi.catalog.DrainPolicy;
import dev.octroi.catalog.Validity;
import dev.octroi.drain.BlockList;
import dev.octroi.drain.Category;
import dev.octroi.drain.DrainDetector;
import dev.octroi.drain.NormalBand;
import dev.octroi.drain.Population;
import dev.octroi.policy.Action;
import dev.octroi.policy.Condition;
import dev.octroi.policy.Rule;
import dev.octroi.policy.Speed;
import dev.octroi.quota.account.AccountCommand;
import dev.octroi.quota.account.AccountState;
import dev.octroi.quota.account.AccountView;
import dev.octroi.quota.account.Background;
import dev.octroi.quota.account.Delivery;
import dev.octroi.quota.account.Share;
import dev.octroi.quota.account.UsageRecord;
import dev.octroi.quota.decide.AccountFixture;
import dev.octroi.quota.decide.Decider;
import dev.octroi.quota.decide.Views;
import dev.octroi.subscription.Subscription;
import dev.octroi.support.Alarm;
import dev.octroi.support.SupportCase;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What the page says, made from an account in memory. */
class SelfCarePageTest {
    private static final Instant DECIDED = Instant.parse("2026-11-23T10:59:00Z");
    private static final Instant NOW = Instant.parse("2026-11-23T11:00:00Z");

    private final Decider decider = new Decider(
            DrainDetector.shipped(), at -> Population.shipped(), () -> new BlockList(1, Set.of("dns:botnet")));
    private AccountState state = AccountFixture.begun(
            decider,
            AccountFixture.terms(
                    AccountFixture.GB,
                    new AfterQuota.Stop(),
                    Validity.days(7, Validity.StartMode.ON_ORDER),
                    DrainPolicy.THROTTLE),
            NOW);

    private Optional<SupportCase> settled = Optional.empty();
    private Optional<NormalBand> band = Optional.empty();
    private List<Alarm> alarms = List.of();
    private long savedBytes;

    @Test
    void aBadDestinationIsNamedAndIsNothingUsual() {
        assertThat(page(Locale.ENGLISH)).contains("Nothing unusual so far");
        UsageRecord record = new UsageRecord(
                "net-a",
                "r1",
                UsageRecord.Meaning.DELTA,
                null,
                64,
                NOW,
                NOW,
                NOW,
                1_000,
                1_000,
                "208-01",
                "FR",
                null,
                "NR",
                Category.WEB,
                "dns:botnet",
                null);
        state = decider.decide(state, new AccountCommand.CountUsage(record, AccountFixture.NETWORK), NOW)
                .state();
        assertThat(page(Locale.ENGLISH))
                .contains("because a destination that is known to be bad was reached", "<p>Unusual use.")
                .doesNotContain("Nothing unusual");
        assertThat(page(Locale.FRENCH)).contains("une destination connue comme dangereuse");
        assertThat(page(Locale.CHINESE)).contains("危险目的地");
    }

    /** A feed of balances: nobody watches, and nobody says that all is well. */
    @Test
    void whereOnlyBalancesAreReportedThePageDoesNotReassure() {
        band = Optional.of(AccountState.freshDrain(state.terms()).band(Population.shipped()));
        assertThat(page(Locale.ENGLISH)).as("nothing is used yet").contains("Nothing unusual so far");
        state = decider.decide(
                        state,
                        new AccountCommand.CountUsage(
                                AccountFixture.record("b1", 1_000_000, NOW), AccountFixture.NETWORK),
                        NOW)
                .state();
        assertThat(page(Locale.ENGLISH))
                .contains("unusual use cannot be seen here")
                .doesNotContain("Nothing unusual");
        assertThat(page(Locale.FRENCH)).contains("une limite par jour aide");
        assertThat(page(Locale.CHINESE)).contains("无法发现异常用量");
        band = Optional.of(state.drain().open().band(Population.shipped()));
        assertThat(page(Locale.ENGLISH)).as("a record was seen").contains("Nothing unusual so far");
    }

    /** Two alarms at once have two causes. */
    @Test
    void eachAlarmIsShownAndNothingIsUsual() {
        alarms = List.of(AlarmSectionTest.destination(Optional.empty()), AlarmSectionTest.alarm(Optional.empty(), NOW));
        assertThat(page(Locale.ENGLISH))
                .contains("A destination known to be bad", "Use while you normally sleep", "<p>Unusual use.")
                .doesNotContain("Nothing unusual");
    }

    @Test
    void whatSupportAnsweredIsShown() {
        assertThat(page(Locale.ENGLISH)).doesNotContain("What support found");
        settled = Optional.of(SettledSectionTest.settled("explained", 0));
        assertThat(page(Locale.ENGLISH)).contains("What support found", "Your photos were backed up");
    }

    @Test
    void whatHoldingBackHasSavedIsSaidAsAnEstimateOnceThereIsSome() {
        assertThat(page(Locale.ENGLISH)).doesNotContain("has saved you");
        savedBytes = 300_000_000;
        assertThat(page(Locale.ENGLISH)).containsPattern("has saved you about 300.MB so far: an estimate");
        assertThat(page(Locale.FRENCH)).containsPattern("épargné environ 300.Mo");
    }

    @Test
    void whereNoMailIsSentThePageOnlySaysThatTheShopIsTold() {
        assertThat(page(Locale.ENGLISH))
                .contains("Your shop is told at 55 % of your volume")
                .doesNotContain("You hear from us", "type=email");
        assertThat(page(Locale.FRENCH)).contains("Votre boutique est prévenue à 55");
        assertThat(page(Locale.CHINESE)).contains("流量用到 55%");
    }

    /** "Nothing a day" must not become "no limit". */
    @Test
    void aLimitOfNothingIsRefused() {
        assertThat(LimitRequest.ofForm(Map.of("mb", "0", "action", "pause"))).isEmpty();
        assertThat(LimitRequest.ofForm(Map.of("mb", "000", "action", "pause", "bytes", "0")))
                .isEmpty();
        assertThat(LimitRequest.ofForm(Map.of("mb", "", "action", "pause")))
                .hasValueSatisfying(limit -> assertThat(limit.toRules()).isEmpty());
        assertThat(new Texts(Locale.ENGLISH, AccountFixture.PARIS).get("invalid"))
                .contains("1 to 9999999");
    }

    /** Another member's phone says nothing of how well one's own use is known. */
    @Test
    void ownNumbersOfASharedVolumeSayHowFreshTheyAre() {
        AccountState owner = AccountFixture.sharing(state, new Share.Owner(List.of(512L)), NOW);
        owner = decider.decide(
                        owner,
                        new AccountCommand.CountUsage(
                                AccountFixture.record("r1", AccountFixture.MB, NOW), AccountFixture.NETWORK),
                        NOW)
                .state();
        AccountState silent = AccountFixture.sharing(state, new Share.Member(256, NOW, null, null, null, 0, 0L), NOW);
        assertThat(shared(silent, owner, Locale.ENGLISH))
                .contains("All together as of 12:00", "No use of yours reported yet")
                .doesNotContain("Today: ");
        assertThat(shared(silent, owner, Locale.FRENCH)).contains("Aucune utilisation de votre part");
        assertThat(shared(silent, owner, Locale.CHINESE)).contains("尚无您本人的用量记录");
        Instant nine = NOW.minusSeconds(3 * 3_600);
        AccountState heard = decider.decide(
                        silent,
                        new AccountCommand.CountUsage(
                                AccountFixture.record("r2", 12 * AccountFixture.MB, nine), AccountFixture.NETWORK),
                        nine)
                .state();
        assertThat(shared(heard, owner, Locale.ENGLISH))
                .contains("All together as of 12:00", "Today: 12 MB · Your own use as of 09:00<");
        assertThat(page(Locale.ENGLISH)).doesNotContain("Your own use", "of yours");
        AccountView view = Views.of(heard, owner, List.of(owner, heard), NOW, null, null, Views.LATENESS);
        assertThat(StateJson.write(view, new Texts(Locale.ENGLISH, AccountFixture.PARIS)))
                .contains(Map.entry("asOf", NOW.toString()), Map.entry("ownAsOf", nine.toString()));
    }

    private String shared(AccountState member, AccountState owner, Locale language) {
        return page(
                Views.of(member, owner, List.of(owner, member), NOW, null, null, Views.LATENESS),
                language,
                new FormAnswer.None());
    }

    @Test
    void savingAnUnchangedFormChangesNoLimit() {
        LimitRequest limit = LimitRequest.ofJson(
                        new JsonObject().put("dailyBytes", 500_000).put("kbps", 1_000))
                .orElseThrow();
        decide(new AccountCommand.PutRules(Rule.Owner.USER, limit.toRules(), null, AccountFixture.ADMIN));
        assertThat(page(Locale.ENGLISH))
                .contains(
                        "value=\"0\"",
                        "<input type=hidden name=bytes value=500000>",
                        "<input type=hidden name=kbps value=1000>");
        Map<String, String> form = Map.of("mb", "0", "action", "slow", "bytes", "500000", "kbps", "1000");
        assertThat(LimitRequest.ofForm(form)).hasValue(limit);
        assertThat(LimitRequest.ofForm(Map.of("mb", "20", "action", "slow", "bytes", "500000", "kbps", "1000")))
                .hasValue(new LimitRequest(20_000_000, "slow", 1_000));
        assertThat(LimitRequest.ofForm(Map.of("mb", "20", "action", "slow")))
                .hasValue(new LimitRequest(20_000_000, "slow", LimitRequest.DEFAULT_KBPS));
    }

    @Test
    void whatOnlyThePhoneCanDoIsSaid() {
        assertThat(page(Locale.ENGLISH))
                .contains("as well as it can tell them apart", "Low Data Mode", "Background App Refresh", "Data Saver")
                .doesNotContain("they wait for Wi-Fi");
        assertThat(page(Locale.FRENCH)).contains("Mode données réduites", "Économiseur de données");
        assertThat(page(Locale.CHINESE)).contains("低数据模式", "流量节省程序").doesNotContain("没有在看的应用的");
    }

    /** Written by {@code rules.json}: what the form cannot say it does not show, since saving would make another of it. */
    @Test
    void aRuleThatIsNoDailyLimitIsNotShownAsOne() {
        assertThat(page(Locale.ENGLISH)).contains("/s/x/limits\"");
        LimitRequest plain = new LimitRequest(500 * AccountFixture.MB, "slow", LimitRequest.DEFAULT_KBPS);
        Rule daily = plain.toRules().getFirst();
        assertThat(LimitRequest.of(daily)).hasValue(plain);
        List<Rule> others = List.of(
                rule(Condition.over(Rule.Window.WEEK, 500 * AccountFixture.MB), daily.then()),
                rule(daily.when(), List.of(new Action.Notify(), new Action.Throttle(new Speed(64, 512)))),
                rule(daily.when(), List.of(new Action.Throttle(Speed.both(512)))));
        for (Rule other : others) {
            decide(new AccountCommand.PutRules(Rule.Owner.USER, List.of(other), null, AccountFixture.ADMIN));
            assertThat(page(Locale.ENGLISH))
                    .as("%s", other)
                    .contains("a rule that this form cannot show", "/s/x/rules/remove\"")
                    .doesNotContain("/s/x/limits\"");
        }
    }

    private static Rule rule(Condition when, List<Action> then) {
        return new Rule(LimitRequest.RULE_ID, Rule.Owner.USER, when, then, Rule.WINDOW_END);
    }

    @Test
    void savingAnUnchangedFormChangesNoSwitch() {
        Background switched = new Background(Background.Mode.LOW, 1_500_000, List.of("cloud", "music", "update"));
        decide(new AccountCommand.SetBackground(switched, AccountFixture.ADMIN));
        assertThat(page(Locale.ENGLISH))
                .contains(
                        "<option selected value=\"cloud,music,update\">cloud and photo backup, music, updates<",
                        "<input type=hidden name=belowBytes value=1500000>");
        assertThat(BackgroundRequest.ofForm(
                        Map.of("mode", "low", "kind", "cloud,music,update", "below", "1", "belowBytes", "1500000")))
                .hasValue(switched);
        assertThat(BackgroundRequest.ofForm(Map.of("mode", "off", "kind", "cloud,")))
                .isEmpty();
    }

    /** "Paused" is what was decided; whether the network has followed is another matter. */
    @Test
    void whatTheNetworkHasNotConfirmedIsSaidToBeSo() {
        decide(new AccountCommand.Pause(AccountFixture.ADMIN));
        Delivery awaited = new Delivery(2, DECIDED, 1, 1, NOW, "not called while its address fails");
        assertThat(page(Locale.ENGLISH, awaited))
                .contains(
                        "Paused since 12:00", "The network has not confirmed this yet. Until it does, data may go on.");
        assertThat(page(Locale.FRENCH, awaited)).contains("Le réseau ne l’a pas encore confirmé. D’ici là,");
        assertThat(page(Locale.CHINESE, awaited)).contains("网络尚未确认。在确认之前");
        assertThat(page(Locale.ENGLISH, new Delivery(2, DECIDED, 2, 2, NOW, null)))
                .doesNotContain("not confirmed");
        decide(new AccountCommand.Resume(AccountFixture.ADMIN));
        assertThat(page(Locale.ENGLISH, awaited))
                .contains("not confirmed this yet.<")
                .doesNotContain("data may go on");
    }

    /** It takes a moment, also where all is well. */
    @Test
    void whileTheNetworkIsBeingToldNobodyIsFrightened() {
        decide(new AccountCommand.Pause(AccountFixture.ADMIN));
        Delivery begun = new Delivery(2, NOW.minusSeconds(14), 1, 1, NOW, null);
        assertThat(page(Locale.ENGLISH, begun))
                .contains("The network is being told. Look again in a few seconds.")
                .doesNotContain("not confirmed");
        assertThat(page(Locale.FRENCH, begun)).contains("Nous prévenons le réseau.");
        assertThat(page(Locale.CHINESE, begun)).contains("正在通知网络");
        assertThat(page(Locale.ENGLISH, new Delivery(2, NOW.minusSeconds(15), 1, 1, NOW, null)))
                .contains("not confirmed");
    }

    /** Where no network is called back, none ever confirms: it limits what it asks for by charging. */
    @Test
    void whereNobodyCanConfirmNothingIsAwaited() {
        decide(new AccountCommand.Pause(AccountFixture.ADMIN));
        assertThat(page(Locale.ENGLISH, new Delivery(1, DECIDED, 0, 0, null, PolicySender.NOBODY)))
                .doesNotContain("not confirmed");
        assertThat(page(Locale.ENGLISH, new Delivery(1, DECIDED, 0, 0, null, null)))
                .contains("not confirmed");
        assertThat(page(Locale.ENGLISH, new Delivery(2, DECIDED, 1, 1, NOW, PolicySender.NOBODY)))
                .contains("not confirmed");
    }

    @Test
    void machinesReadNoConfirmationThatNobodyEverGives() {
        decide(new AccountCommand.Pause(AccountFixture.ADMIN));

        assertThat(json(new Delivery(1, DECIDED, 0, 0, null, PolicySender.NOBODY))
                        .containsKey("confirmed"))
                .isFalse();
        assertThat(json(new Delivery(2, DECIDED, 1, 1, NOW, null)).getBoolean("confirmed"))
                .isFalse();
        assertThat(json(new Delivery(2, DECIDED, 2, 2, NOW, null)).getBoolean("confirmed"))
                .isTrue();
    }

    @Test
    void whatIsSavedIsNotClaimedToHoldYet() {
        assertThat(page(Locale.ENGLISH, null, new FormAnswer.Done())).contains(">Saved.<");
        assertThat(page(Locale.FRENCH, null, new FormAnswer.Done())).contains(">Enregistré.<");
        assertThat(page(Locale.CHINESE, null, new FormAnswer.Done())).contains(">已保存。<");
    }

    /** Whoever asked for a limit must not have to give it up to pause. */
    @Test
    void whoIsSlowedByAnOwnLimitCanPauseToo() {
        assertThat(page(Locale.ENGLISH)).contains("/s/x/pause\"").doesNotContain("/s/x/resume\"");
        LimitRequest limit = new LimitRequest(AccountFixture.MB, "slow", LimitRequest.DEFAULT_KBPS);
        decide(new AccountCommand.PutRules(Rule.Owner.USER, limit.toRules(), null, AccountFixture.ADMIN));
        decide(new AccountCommand.CountUsage(
                AccountFixture.record("r1", 2 * AccountFixture.MB, NOW), AccountFixture.NETWORK));
        assertThat(page(Locale.ENGLISH))
                .contains("Slowed to 512 kbit/s", "/s/x/pause\"", "/s/x/resume\"", ">Resume: lift my limit<");
        assertThat(page(Locale.FRENCH)).contains(">Reprendre\u00a0: lever ma limite<");
        assertThat(page(Locale.CHINESE)).contains(">恢复数据：解除我的限制<");
        decide(new AccountCommand.Pause(AccountFixture.ADMIN));
        assertThat(page(Locale.ENGLISH))
                .contains(">Resume data<", "/s/x/resume\"")
                .doesNotContain("/s/x/pause\"");
    }

    @Test
    void whatIsLeftAfterTheEndIsUnused() {
        assertThat(page(Locale.ENGLISH)).contains("left of 1.00 GB");
        Instant after = NOW.plus(Duration.ofDays(9));
        state = decider.decide(state, new AccountCommand.Tick(AccountFixture.ADMIN), after)
                .state();
        assertThat(page(Views.of(state, null, after, null, null), Locale.ENGLISH, new FormAnswer.None()))
                .contains("because your plan has ended", "unused of 1.00 GB")
                .doesNotContain("left of 1.00 GB");
    }

    private void decide(AccountCommand command) {
        state = decider.decide(state, command, NOW).state();
    }

    /** Also where the page answers a form, at the form's own address. */
    @Test
    void languagesAreThoseOfThePageItself() {
        assertThat(page(Locale.ENGLISH)).contains("href=\"/s/x?lang=fr\"").doesNotContain("href=\"?lang");
    }

    private JsonObject json(Delivery delivery) {
        return StateJson.write(Views.of(state, null, NOW, null, delivery), new Texts(Locale.ENGLISH, ZoneOffset.UTC));
    }

    private String page(Locale language) {
        return page(language, null);
    }

    private String page(Locale language, @Nullable Delivery delivery) {
        return page(language, delivery, new FormAnswer.None());
    }

    private String page(Locale language, @Nullable Delivery delivery, FormAnswer answer) {
        return page(Views.of(state, null, NOW, null, delivery), language, answer);
    }

    private String page(AccountView account, Locale language, FormAnswer answer) {
        Subscription subscription = new Subscription(256, 1, 1, 1, "France", "hash", 1, 1, "UTC", "en", NOW);
        SelfCareView view = new SelfCareView(
                subscription,
                account,
                Optional.empty(),
                List.of(),
                List.of(),
                alarms,
                savedBytes,
                settled,
                band,
                Optional.empty(),
                List.of(),
                55,
                List.of("FR"),
                Map.of(),
                NoticeView.SHOP);
        PageFrame frame = new PageFrame(new Texts(language, AccountFixture.PARIS), "/s/x", "c");
        return new SelfCarePage(view, frame, member -> "m").render(answer);
    }
}
