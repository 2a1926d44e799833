package dev.octroi.quota;

import static dev.octroi.quota.decide.AccountFixture.MB;
import static org.assertj.core.api.Assertions.assertThat;

import dev.octroi.catalog.AfterQuota;
import dev.octroi.catalog.DayZone;
import dev.octroi.catalog.DrainPolicy;
import dev.octroi.catalog.FairUse;
import dev.octroi.catalog.Overage;
import dev.octroi.catalog.PlanTerms;
import dev.octroi.catalog.Renewal;
import dev.octroi.catalog.Validity;
import dev.octroi.catalog.ZoneCap;
import dev.octroi.drain.Category;
import dev.octroi.drain.DrainDetector;
import dev.octroi.drain.Population;
import dev.octroi.policy.Action;
import dev.octroi.policy.Condition;
import dev.octroi.policy.PolicyEngine;
import dev.octroi.policy.RestrictionClass;
import dev.octroi.policy.Rule;
import dev.octroi.policy.Speed;
import dev.octroi.policy.Where;
import dev.octroi.quota.account.AccountCommand;
import dev.octroi.quota.account.AccountKey;
import dev.octroi.quota.account.AccountState;
import dev.octroi.quota.account.Actor;
import dev.octroi.quota.account.Bucket;
import dev.octroi.quota.account.Effect;
import dev.octroi.quota.account.Grant;
import dev.octroi.quota.account.NewAccount;
import dev.octroi.quota.account.OpenHours;
import dev.octroi.quota.account.Reply;
import dev.octroi.quota.account.UsageRecord;
import dev.octroi.quota.decide.AccountFixture;
import dev.octroi.quota.decide.Decider;
import dev.octroi.quota.decide.Decision;
import dev.octroi.quota.decide.PlainModel;
import dev.octroi.quota.decide.PlainVolumes;
import dev.octroi.testing.Seeds;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Thousands of short lives of an account against a plain model: duplicates, reordering, crashes before and after the
 * commit, two gateways with stale caches, clock jumps, top-ups, rule changes, zones, pauses, consents; and lists of commands
 * against the same commands one by one. A failure prints the seed;
 * {@code -Doctroi.seed=N} replays that life alone.
 */
class DeciderSimulationTest {
    private static final int LIVES = 10_000;
    private static final ZoneId[] ZONES = {
        ZoneId.of("Europe/Paris"), ZoneId.of("Asia/Shanghai"), ZoneId.of("America/New_York"), ZoneId.of("UTC")
    };
    /** Around the change of clocks in Europe and America. */
    private static final Instant[] STARTS = {
        Instant.parse("2026-11-23T10:00:00Z"),
        Instant.parse("2026-10-22T20:00:00Z"),
        Instant.parse("2026-03-26T05:00:00Z"),
        Instant.parse("2026-10-30T12:00:00Z")
    };

    private final Map<Reached, Integer> reached = new EnumMap<>(Reached.class);
    private final Decider decider = new Decider(DrainDetector.shipped(), Population.shipped());

    @Test
    void everyLifeEndsAsThePlainModelSays() {
        Long only = Long.getLong("octroi.seed");
        long first = only == null ? 1 : only;
        long last = only == null ? LIVES : only;
        for (long seed = first; seed <= last; seed++) {
            try {
                new Life(Seeds.random(seed)).run();
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("life with seed " + seed + " (replay: -Doctroi.seed=" + seed + ")", e);
            }
        }
        if (only == null) {
            assertThat(Reached.values())
                    .as("what the lives are about happened: %s", reached)
                    .allMatch(each -> reached.getOrDefault(each, 0) > 20);
        }
    }

    /** What has to have happened, or the lives prove less than they say. */
    private enum Reached {
        LAST_WINDOW,
        OLDER_WINDOW,
        ENDED_PLAN,
        STOPPED,
        SLOWED,
        LIMIT,
        CEILING,
        EXPIRED,
        ROLLED_OVER,
        FAIR_USE,
        FREE_BEFORE_CONSENT,
        CHARGED,
        CRASHED,
        STALE,
        LIST
    }

    private void happened(Reached what) {
        reached.merge(what, 1, Integer::sum);
    }

    /** One account, its disk, and two gateways that believe their caches. */
    private final class Life {
        private final Random random;
        private final PlainModel model;
        private final Set<String> ledgerKeys = new HashSet<>();
        private final Map<String, Long> warnings = new HashMap<>();
        private final AccountCell[] caches = new AccountCell[2];
        private final List<AccountCommand.CountUsage> sent = new ArrayList<>();
        private final List<AccountCommand> given = new ArrayList<>();
        private AccountState disk;
        private Instant now;
        private long ledgerBytes;
        private long hourBytes;
        private long decisions;
        private int serial;
        private int windows;
        private boolean isUnused;
        private long ledgerMinor;
        private long ledgerCharged;

        Life(Random random) {
            this.random = random;
            this.now = STARTS[random.nextInt(STARTS.length)];
            ZoneId zone = ZONES[random.nextInt(ZONES.length)];
            long quota = (20 + random.nextInt(random.nextBoolean() ? 150 : 980)) * MB;
            Validity validity = validity(zone);
            Renewal renewal = renewal();
            Overage overage = overage();
            ZoneCap place = place();
            FairUse fairUse = fairUse();
            AfterQuota after = random.nextBoolean() ? new AfterQuota.Stop() : new AfterQuota.Throttle(Speed.both(384));
            PlanTerms terms = new PlanTerms(
                            PlanTerms.SCHEMA,
                            "simulated",
                            quota,
                            validity,
                            after,
                            80,
                            List.of(place),
                            DrainPolicy.NOTIFY,
                            DayZone.TRAVELLER)
                    .with(renewal)
                    .with(overage)
                    .with(fairUse);
            AccountState fresh = AccountState.fresh(new NewAccount(new AccountKey(1, 256), 512, terms, zone, now));
            this.disk = decider.decide(
                            fresh,
                            new AccountCommand.StartPeriod(
                                    AccountCommand.StartPeriod.Cause.ORDER, now, Actor.system("order")),
                            now)
                    .state();
            this.decisions = disk.policy().version();
            int everyDays = renewal == null ? 0 : renewal.every() == Renewal.Every.DAY ? 1 : 7;
            long rollover = renewal == null ? 0 : renewal.rolloverBytes();
            this.model = new PlainModel(new PlainVolumes(quota, zone, everyDays, rollover), zone, now, validity);
            model.overage = overage;
            model.zoneCap = place;
            model.stops = after instanceof AfterQuota.Stop;
            if (fairUse != null) {
                model.tierWindow = fairUse.window();
                model.tiers = fairUse.tiers().stream()
                        .mapToLong(FairUse.Tier::fromBytes)
                        .toArray();
                model.tierKbps = fairUse.tiers().stream()
                        .mapToInt(tier -> tier.speed().downKbps())
                        .toArray();
            }
            model.start(Validity.StartMode.ON_ORDER, now, now);
        }

        private Overage overage() {
            if (random.nextInt(3) == 0) {
                return null;
            }
            long ceiling = 1 + random.nextLong(random.nextBoolean() ? 400 : 6_000);
            return new Overage(
                    "EUR",
                    1 + random.nextLong(30_000),
                    ceiling,
                    random.nextBoolean() ? ceiling : 1 + random.nextLong(ceiling));
        }

        /** The places of all kinds: slower, slower in some hours, dark, and those that ask or warn. */
        private ZoneCap place() {
            int kind = random.nextInt(6);
            Speed speed = kind < 3 ? new Speed(1_000, 256) : null;
            int from = random.nextInt(24);
            Where.Hours hours = kind == 2
                    ? new Where.Hours(LocalTime.of(from, 0), LocalTime.of((from + 1 + random.nextInt(23)) % 24, 0))
                    : null;
            ZoneCap.Entry entry = switch (kind) {
                case 4 -> ZoneCap.Entry.ASK;
                case 5 -> ZoneCap.Entry.WARN;
                default -> null;
            };
            return new ZoneCap("zone_a", "A", Set.of("208-01-75"), speed, hours, entry);
        }

        private FairUse fairUse() {
            if (random.nextBoolean()) {
                return null;
            }
            long first = 1 + random.nextLong(300 * MB);
            return new FairUse(
                    FairUse.Window.values()[random.nextInt(3)],
                    List.of(
                            new FairUse.Tier(first, Speed.both(700)),
                            new FairUse.Tier(first + 1 + random.nextLong(100 * MB), Speed.both(300))));
        }

        private void agreeOrDecline() {
            if (random.nextInt(4) == 0) {
                submit(new AccountCommand.DeclineOverage(AccountFixture.ADMIN));
                model.decline(now);
            } else {
                long limit = random.nextBoolean() ? 0 : 1 + random.nextLong(6_000);
                submit(new AccountCommand.AgreeOverage(limit, "words", AccountFixture.ADMIN));
                model.agree(limit, now);
            }
        }

        /** A volume for the whole plan, for each day or for each week, with and without rollover. */
        private Renewal renewal() {
            if (random.nextBoolean()) {
                return null;
            }
            return new Renewal(
                    random.nextInt(3) == 0 ? Renewal.Every.WEEK : Renewal.Every.DAY,
                    random.nextBoolean() ? 0 : random.nextLong(800 * MB));
        }

        /** One of the four ways to begin, for whole days or not. */
        private Validity validity(ZoneId zone) {
            Validity.Unit unit = Validity.Unit.values()[random.nextInt(2)];
            int amount = unit == Validity.Unit.DAY ? 1 + random.nextInt(8) : 1;
            LocalDate date = LocalDate.ofInstant(now, zone).plusDays(random.nextInt(3));
            return switch (random.nextInt(6)) {
                case 0 -> new Validity(amount, unit, Validity.StartMode.ON_INSTALL, null);
                case 1 -> new Validity(amount, unit, Validity.StartMode.ON_FIRST_USE, null);
                case 2 ->
                    new Validity(
                            amount,
                            unit,
                            Validity.StartMode.FIXED,
                            now.plus(Duration.ofHours(random.nextInt(60))),
                            null);
                case 3 -> Validity.dates(date, amount, unit);
                default -> new Validity(amount, unit, Validity.StartMode.ON_ORDER, null);
            };
        }

        void run() {
            int steps = 10 + random.nextInt(40);
            if (model.overage != null && random.nextBoolean()) {
                agreeOrDecline();
            }
            for (int i = 0; i < steps; i++) {
                passTime();
                step();
                check();
                if (random.nextInt(24) == 0) {
                    list();
                }
            }
        }

        private void passTime() {
            int kind = random.nextInt(20);
            if (kind == 0) {
                now = now.minus(Duration.ofMinutes(random.nextInt(60)));
            } else if (kind < 4) {
                now = now.plus(Duration.ofMinutes(random.nextInt(60 * 30)));
            } else {
                now = now.plus(Duration.ofSeconds(random.nextInt(1_800)));
            }
        }

        private void step() {
            switch (random.nextInt(14)) {
                case 0, 1, 2, 3, 4 -> count(newRecord());
                case 5 -> count(sent.isEmpty() ? newRecord() : sent.get(random.nextInt(sent.size())));
                case 6 -> topUp();
                case 7 -> cap();
                case 8 -> pauseOrResume();
                case 9 -> report();
                case 10 -> holdOrLift();
                case 11 -> install();
                case 12 -> agreeOrDecline();
                default -> {
                    submit(new AccountCommand.Tick(Actor.system("clock")));
                    model.time(now);
                }
            }
        }

        private void count(AccountCommand.CountUsage count) {
            UsageRecord record = count.record();
            boolean fresh = submit(count);
            boolean expected = model.count(record, now);
            if (model.wasFree) {
                happened(Reached.FREE_BEFORE_CONSENT);
            }
            assertThat(fresh).as("record is new").isEqualTo(expected);
        }

        private AccountCommand.CountUsage newRecord() {
            Instant end =
                    now.minus(Duration.ofMinutes(random.nextInt(4) == 0 ? random.nextInt(60 * 40) : random.nextInt(3)));
            // Some feeds do not say when a record began.
            Instant start = random.nextInt(3) == 0 ? end : end.minusSeconds(random.nextInt(3_600));
            UsageRecord.Meaning meaning = switch (random.nextInt(6)) {
                case 0, 1 -> UsageRecord.Meaning.SESSION_CUMULATIVE;
                case 2 -> UsageRecord.Meaning.ABSOLUTE_REMAINING;
                case 3 -> UsageRecord.Meaning.GONE_OF_TOTAL;
                default -> UsageRecord.Meaning.DELTA;
            };
            long bytes = random.nextInt(10) == 0 ? 0 : random.nextLong(120 * MB);
            AccountCommand.CountUsage count = new AccountCommand.CountUsage(
                    new UsageRecord(
                            "sim",
                            "r" + serial++,
                            meaning,
                            meaning == UsageRecord.Meaning.DELTA ? null : meaning + "-" + random.nextInt(2),
                            64,
                            start,
                            end,
                            now,
                            0,
                            bytes,
                            "208-01",
                            "FR",
                            null,
                            "NR",
                            Category.WEB),
                    AccountFixture.NETWORK);
            sent.add(count);
            return count;
        }

        private void topUp() {
            String reference = random.nextInt(5) == 0 ? "t0" : "t" + serial++;
            long bytes = (1 + random.nextInt(300)) * MB;
            int extendDays = random.nextInt(4) == 0 ? 1 + random.nextInt(3) : 0;
            int validDays = random.nextInt(3) == 0 ? 1 + random.nextInt(2) : 0;
            Grant grant = new Grant(bytes, extendDays, validDays, reference, "more");
            submit(new AccountCommand.TopUp(grant, AccountFixture.ADMIN));
            model.grant(grant, now);
        }

        private void cap() {
            long limit = random.nextInt(4) == 0 ? -1 : (1 + random.nextInt(200)) * MB;
            List<Rule> rules = limit < 0
                    ? List.of()
                    : List.of(new Rule(
                            "daily",
                            Rule.Owner.USER,
                            Condition.over(Rule.Window.DAY, limit),
                            List.of(new Action.Throttle(Speed.both(512))),
                            Rule.WINDOW_END));
            submit(new AccountCommand.PutRules(Rule.Owner.USER, rules, null, AccountFixture.ADMIN));
            model.cap(limit, now);
        }

        private void pauseOrResume() {
            if (random.nextBoolean()) {
                submit(new AccountCommand.Pause(AccountFixture.ADMIN));
                model.time(now);
                model.paused = true;
            } else {
                submit(new AccountCommand.Resume(AccountFixture.ADMIN));
                model.resume(now);
            }
        }

        private void install() {
            Instant at = now.minusSeconds(random.nextInt(100));
            submit(new AccountCommand.StartPeriod(
                    AccountCommand.StartPeriod.Cause.INSTALL, at, Actor.system("install")));
            model.start(Validity.StartMode.ON_INSTALL, at, now);
        }

        private void report() {
            boolean inside = random.nextBoolean();
            Instant at = now.minusSeconds(random.nextInt(4) == 0 ? 3_600 : 0);
            submit(new AccountCommand.ReportLocation(
                    "208-01", "FR", inside ? "75" : "76", null, null, at, AccountFixture.NETWORK));
            model.report(inside, at, now);
        }

        private void holdOrLift() {
            if (random.nextBoolean()) {
                submit(new AccountCommand.Suspend(
                        RestrictionClass.LEGAL, true, "reported stolen", AccountFixture.ADMIN));
                model.time(now);
                model.held = true;
            } else {
                submit(new AccountCommand.Lift(null, RestrictionClass.LEGAL, "found again", AccountFixture.ADMIN));
                model.time(now);
                model.held = false;
            }
        }

        /** Through one of two gateways, with crashes and resends; whether the command was new when it first got through. */
        private boolean submit(AccountCommand command) {
            given.add(command);
            boolean fresh = attempt(command);
            if (random.nextInt(8) == 0 && isRepeatable(command)) {
                // Written, but the answer was lost: the sender sends again.
                assertThat(attempt(command)).isFalse();
            }
            return fresh;
        }

        private static boolean isRepeatable(AccountCommand command) {
            return command instanceof AccountCommand.CountUsage || command instanceof AccountCommand.TopUp;
        }

        private boolean attempt(AccountCommand command) {
            int gateway = random.nextInt(2);
            while (true) {
                AccountState known = caches[gateway] == null ? disk : caches[gateway].get();
                if (command instanceof AccountCommand.CountUsage count
                        && ledgerKeys.contains(count.record().key())) {
                    return false;
                }
                Decision decision = decider.decide(known, command, now);
                if (random.nextInt(10) == 0) {
                    // Crash before the commit: nothing of it was ever there.
                    happened(Reached.CRASHED);
                    caches[gateway] = null;
                    continue;
                }
                if (known.version() != disk.version()) {
                    happened(Reached.STALE);
                    caches[gateway] = null;
                    continue;
                }
                commit(gateway, decision);
                return decision.replies().getFirst() instanceof Reply.Done;
            }
        }

        private void commit(int gateway, Decision decision) {
            for (Effect effect : decision.effects()) {
                switch (effect) {
                    case Effect.LedgerRow row -> {
                        assertThat(ledgerKeys.add(row.record().key())).isTrue();
                        ledgerBytes += row.deltaBytes();
                        isUnused &= row.deltaBytes() == 0;
                        ledgerMinor += row.chargedMinor();
                        ledgerCharged += row.chargedBytes();
                        if (row.chargedBytes() > 0) {
                            happened(Reached.CHARGED);
                        }
                    }
                    case Effect.HourlyUsage hour -> hourBytes += hour.upBytes() + hour.downBytes();
                    case Effect.PolicyDecided decided -> {
                        decisions++;
                        assertThat(decided.after().version()).isEqualTo(decisions);
                        assertThat(decided.before().version()).isEqualTo(decisions - 1);
                    }
                    case Effect.LateCounted late ->
                        happened(Reached.valueOf(late.kind().name()));
                    case Effect.RestrictionMoved moved -> look(moved);
                    case Effect.EventRaised event -> {
                        warned(event);
                        look(event);
                    }
                    default -> {}
                }
            }
            OpenHours open =
                    disk.hours().add(BatchDecision.hours(decision.effects())).open();
            disk = decision.state().written(disk.version() + 1, open);
            remember(gateway);
        }

        private void remember(int gateway) {
            if (caches[gateway] == null) {
                caches[gateway] = new AccountCell(disk);
            } else {
                caches[gateway].put(disk);
            }
            assertThat(caches[gateway].get()).isEqualTo(disk);
        }

        private void look(Effect.RestrictionMoved moved) {
            if (moved.restriction() == null) {
                return;
            }
            switch (moved.id()) {
                case "plan.quota_used" -> happened(model.stops ? Reached.STOPPED : Reached.SLOWED);
                case "bill_shock.limit_reached" -> happened(Reached.LIMIT);
                case "plan.fair_use" -> happened(Reached.FAIR_USE);
                default -> {}
            }
        }

        private void look(Effect.EventRaised event) {
            switch (event.type()) {
                case "overage.ceiling_reached" -> happened(Reached.CEILING);
                case "volume.expired" -> happened(Reached.EXPIRED);
                case "plan.renewed" -> {
                    if (!Long.valueOf(0).equals(event.data().get("rolledOverBytes"))) {
                        happened(Reached.ROLLED_OVER);
                    }
                }
                default -> {}
            }
        }

        /** What the write path decides at once ends as the same commands do one after the other. */
        private void list() {
            List<AccountCommand> commands = new ArrayList<>();
            for (int i = 0; i < 2 + random.nextInt(4); i++) {
                commands.add(given.get(random.nextInt(given.size())));
            }
            Decision together = decider.decide(disk, commands, now);
            AccountState state = disk;
            List<Effect> effects = new ArrayList<>();
            List<Reply> replies = new ArrayList<>();
            for (AccountCommand command : commands) {
                Decision alone = decider.decide(state, command, now);
                state = alone.state();
                effects.addAll(alone.effects());
                replies.addAll(alone.replies());
            }
            assertThat(together.replies()).as("replies to %s", commands).isEqualTo(replies);
            assertThat(together.state()).as("state after %s", commands).isEqualTo(state);
            assertThat(told(together.effects())).as("effects of %s", commands).isEqualTo(told(effects));
            happened(Reached.LIST);
        }

        /** All but what is told once of all that is decided together: what came late, and whether counters moved. */
        private static List<Effect> told(List<Effect> effects) {
            return effects.stream()
                    .filter(each -> !(each instanceof Effect.CountersMoved)
                            && !(each instanceof Effect.EventRaised event
                                    && event.type().equals("usage.corrected")))
                    .toList();
        }

        /** The warning comes once for each limit, in each window, and anew when some of the volume is gone. */
        private void warned(Effect.EventRaised event) {
            if (event.type().equals("plan.renewed") || event.type().equals("volume.expired")) {
                windows++;
                isUnused = event.type().equals("plan.renewed");
            }
            if (event.type().equals("usage.threshold_reached")
                    && Integer.valueOf(80).equals(event.data().get("percent"))) {
                String limit = event.data().get("limitBytes") + " in window " + windows;
                assertThat(warnings.merge(limit, 1L, Long::sum))
                        .as("warnings at " + limit)
                        .isEqualTo(1);
            }
        }

        private void check() {
            assertThat(disk.charges().minor())
                    .as("charged")
                    .isEqualTo(model.charged)
                    .isEqualTo(ledgerMinor);
            assertThat(disk.charges().bytes())
                    .as("bytes charged")
                    .isEqualTo(model.chargedBytes)
                    .isEqualTo(ledgerCharged);
            long total = disk.buckets().stream().mapToLong(Bucket::quotaBytes).sum();
            long taken = disk.buckets().stream().mapToLong(Bucket::usedBytes).sum();
            // Where others than the plan's own are used up, a new window is warned of with its first use.
            if (!disk.ended() && !isUnused && total > 0 && taken >= (total * 80 + 99) / 100) {
                assertThat(disk.warnedTotalBytes()).as("warned of what is left").isEqualTo(total);
            }
            assertThat(disk.startsAt()).as("begins").isEqualTo(model.startsAt);
            assertThat(disk.endsAt()).as("ends").isEqualTo(model.endsAt);
            assertThat(disk.usedBytes()).as("used").isEqualTo(model.used);
            assertThat(disk.beyondBytes()).as("beyond").isEqualTo(model.beyond);
            assertThat(disk.countedBytes()).as("ledger").isEqualTo(ledgerBytes).isEqualTo(hourBytes);
            assertThat(disk.buckets().stream().mapToLong(Bucket::takenBytes).sum())
                    .as("taken from the buckets")
                    .isEqualTo(disk.usedBytes());
            assertThat(disk.buckets().stream().map(Bucket::quotaBytes).toList())
                    .as("sizes")
                    .isEqualTo(model.volumes.sizes());
            assertThat(disk.buckets().stream().map(Bucket::remainingBytes).toList())
                    .as("left")
                    .isEqualTo(model.volumes.lefts());
            if (random.nextBoolean()) {
                // Else time passes unseen until the next command.
                return;
            }
            submit(new AccountCommand.Tick(Actor.system("clock")));
            model.time(now);
            assertThat(disk.policy().sameAs(PolicyEngine.derive(disk.restrictions(), now)))
                    .as("policy follows from restrictions")
                    .isTrue();
            assertThat(disk.policy().level())
                    .as("level %s %s %s at %s", disk.restrictions(), disk.buckets(), disk.renewedAt(), now)
                    .isEqualTo(model.level(now));
            assertThat(disk.policy().speed()).as("speed").isEqualTo(model.speed(now));
        }
    }
}
