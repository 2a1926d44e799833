package dev.octroi.quota.decide;

import static dev.octroi.quota.decide.AccountFixture.MB;
import static org.assertj.core.api.Assertions.assertThat;

import dev.octroi.catalog.AfterQuota;
import dev.octroi.catalog.Validity;
import dev.octroi.drain.DrainDetector;
import dev.octroi.drain.Population;
import dev.octroi.policy.Level;
import dev.octroi.policy.Speed;
import dev.octroi.quota.account.AccountCommand;
import dev.octroi.quota.account.AccountKey;
import dev.octroi.quota.account.AccountState;
import dev.octroi.quota.account.Actor;
import dev.octroi.quota.account.Bucket;
import dev.octroi.quota.account.ChargeCommand;
import dev.octroi.quota.account.ChargeCommand.Containers;
import dev.octroi.quota.account.Charged;
import dev.octroi.quota.account.ChargingSession;
import dev.octroi.quota.account.Effect;
import dev.octroi.quota.account.GrantHolder;
import dev.octroi.quota.account.GrantTerms;
import dev.octroi.quota.account.NewAccount;
import dev.octroi.quota.account.Promise;
import dev.octroi.quota.account.Reply;
import dev.octroi.quota.account.UsageRecord;
import dev.octroi.quota.account.VolumeGrant;
import dev.octroi.testing.Seeds;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Random histories of sessions that reserve, report, repeat themselves, fall silent and end, against a plain model. */
class ChargingHistoryTest {
    private static final int HISTORIES = 60;
    private static final int STEPS = 150;
    private static final Actor SMF = Actor.network("smf");
    private static final Instant START = Instant.parse("2026-11-23T10:00:00Z");

    /** Group 3 leaves at two UPFs. */
    private static final List<GrantHolder> HOLDERS =
            List.of(GrantHolder.of(1), GrantHolder.of(2), new GrantHolder(3, "a"), new GrantHolder(3, "b"));

    private static final Promise NOTHING = new Promise(0, START);

    private int repeated;
    private int outdated;
    private int notLookedUp;
    private int cutOff;
    private int createdAgain;
    private int refused;
    private int toldToEnd;
    private final Decider decider = new Decider(DrainDetector.shipped(), Population.shipped());

    @Test
    void nothingIsOverpromisedEveryByteCountsOnceAndRepetitionsChangeNothing() {
        for (long seed = 1; seed <= HISTORIES; seed++) {
            History history = new History(seed);
            Seeds.told(seed, history::run);
            cutOff += history.told.size();
        }
        assertThat(cutOff).as("sessions of lost SIMs").isGreaterThan(HISTORIES);
        assertThat(repeated).as("messages that came again").isGreaterThan(HISTORIES);
        assertThat(outdated).as("messages that came again too late").isPositive();
        assertThat(notLookedUp).as("messages that need no look-up").isGreaterThan(HISTORIES);
        assertThat(toldToEnd).as("sessions that were told to end").isPositive();
        assertThat(refused).as("groups that found nothing").isGreaterThan(HISTORIES);
        assertThat(createdAgain).as("creations of sessions that are over").isPositive();
    }

    private final class History {
        private final long seed;
        private final Random random;
        private final boolean keepsToGrants;
        private final Map<Long, Integer> messages = new HashMap<>();
        private final Set<String> ledger = new HashSet<>();
        private final List<Sent> sent = new ArrayList<>();
        private final Set<Long> lost = new HashSet<>();
        private final Set<Long> told = new HashSet<>();
        /** Sessions and the rating groups of theirs that found nothing and were not told since that there is some. */
        private final Map<Long, Set<Long>> waiting = new HashMap<>();
        /** Sessions that were opened and neither released nor told to end. */
        private final Set<Long> held = new HashSet<>();

        /** What each part of a session may still use. */
        private final Map<Long, Map<GrantHolder, Long>> holdings = new HashMap<>();

        private AccountState state;
        private Instant now = START;
        private long counted;
        private long bought;
        private long sessions;

        private record Sent(ChargeCommand charge, Charged charged) {}

        History(long seed) {
            this.seed = seed;
            this.random = Seeds.random(seed);
            this.keepsToGrants = seed % 2 == 0;
            this.bought = 80 * MB;
            AfterQuota after = seed % 3 == 0 ? new AfterQuota.Throttle(Speed.both(384)) : new AfterQuota.Stop();
            AccountKey key = new AccountKey(1, 256);
            state = AccountState.fresh(new NewAccount(
                    key,
                    512,
                    AccountFixture.terms(80 * MB, after, Validity.days(30, Validity.StartMode.ON_FIRST_USE)),
                    ZoneOffset.UTC,
                    START));
        }

        void run() {
            for (int i = 0; i < STEPS; i++) {
                now = now.plusSeconds(random.nextInt(120));
                switch (random.nextInt(13)) {
                    case 0, 1 -> create();
                    case 2, 3, 4, 5, 6 -> update();
                    case 7, 8 -> repeat();
                    case 9 -> release();
                    case 10 -> silence();
                    case 11 -> lose();
                    default -> topUp();
                }
                check();
            }
        }

        private void create() {
            long number = (++sessions << 8);
            messages.put(number, 0);
            decide(charge(ChargeCommand.Step.CREATE, number, "c:" + number, List.of()));
        }

        /** A creation whose session is over opens another one. */
        private void createAgain(String message) {
            long number = (++sessions << 8);
            messages.put(number, 0);
            ChargeCommand charge = charge(ChargeCommand.Step.CREATE, number, message, List.of());
            decide(charge);
            assertThat(sent.getLast().charged().session()).as("seed " + seed).isEqualTo(number);
            createdAgain++;
        }

        private void update() {
            pick().ifPresent(number -> decide(charge(
                    ChargeCommand.Step.UPDATE, number, "u:" + messages.merge(number, 1, Integer::sum), usage(number))));
        }

        private void release() {
            pick().ifPresent(number -> {
                decide(charge(
                        ChargeCommand.Step.RELEASE,
                        number,
                        "r:" + messages.merge(number, 1, Integer::sum),
                        usage(number)));
            });
        }

        /** A message that comes again: the same answer, and nothing else happens. */
        private void repeat() {
            if (sent.isEmpty()) {
                return;
            }
            apply(new AccountCommand.Tick(SMF));
            Sent again = sent.get(Math.max(0, sent.size() - 1 - random.nextInt(3)));
            ChargingSession known = session(again.charge().session());
            if (known == null || !now.isBefore(known.forgottenAt()) || known.answerTo(again.charge(), now) == null) {
                return;
            }
            if (again.charge().step() == ChargeCommand.Step.CREATE && !known.open()) {
                // Unless it did so before, and that one is open still.
                if (state.charging().stream()
                        .noneMatch(each -> each.open() && each.answerTo(again.charge(), now) != null)) {
                    createAgain(again.charge().message());
                }
                return;
            }
            boolean nothingPasses = known.isBarred() || state.policy().level().compareTo(Level.SUSPENDED_DATA) >= 0;
            if (known.isOutdated(again.charged().answer(), nothingPasses, now)) {
                outdated++;
                return;
            }
            AccountState before = state;
            Reply reply = apply(again.charge());
            assertThat(reply).as("seed " + seed).isEqualTo(new Reply.Charged(again.charged(), true));
            ChargingSession after = session(again.charge().session());
            assertThat(after).as("seed " + seed).isNotNull();
            assertThat(after.answers()).as("seed " + seed).isEqualTo(known.answers());
            assertThat(after.promisedBytes()).as("seed " + seed).isLessThanOrEqualTo(known.promisedBytes());
            assertThat(state.countedBytes()).as("seed " + seed).isEqualTo(before.countedBytes());
            repeated++;
        }

        /** A report of another feed, or time alone: what sessions were promised is not touched, or given back. */
        private void silence() {
            now = now.plus(
                    random.nextInt(40) == 0
                            ? Duration.ofDays(random.nextInt(45))
                            : Duration.ofMinutes(random.nextInt(60)));
            apply(new AccountCommand.Tick(SMF));
            for (ChargingSession session : state.charging()) {
                session.grants().forEach((holder, promise) -> {
                    assertThat(promise.until()).as("seed " + seed).isAfter(now);
                    assertThat(session.grantsUntil()).as("seed " + seed).isAfterOrEqualTo(promise.until());
                });
            }
        }

        private void topUp() {
            if (random.nextInt(3) == 0
                    && apply(new AccountCommand.TopUp(20 * MB, "t" + now, "more", SMF)) instanceof Reply.Done) {
                bought += 20 * MB;
            }
        }

        /** Now and then the SIM is lost and replaced: its sessions are cut off by whatever is decided next. */
        private void lose() {
            if (random.nextInt(4) != 0) {
                return;
            }
            Draft draft = decider.draft(state, now);
            draft.charging.replaceAll((number, session) -> {
                if (!session.open() || session.isBarred()) {
                    return session;
                }
                lost.add(number);
                return ordered(session);
            });
            state = draft.toState();
        }

        private static ChargingSession ordered(ChargingSession session) {
            return new ChargingSession(
                    session.number(),
                    session.partnerId(),
                    session.open(),
                    ChargingSession.Bar.ORDERED,
                    session.grants(),
                    session.grantsUntil(),
                    session.touchedAt(),
                    session.waiting(),
                    session.notices(),
                    session.notifyTo(),
                    session.place(),
                    session.countedUpTo(),
                    session.answers(),
                    session.heard());
        }

        /** What is decided for a lost SIM: nothing is granted, and each session is cut off once and never asked to go on. */
        private void checkLost(Decision decision) {
            for (ChargingSession session : decision.state().charging()) {
                if (lost.contains(session.number())) {
                    assertThat(session.bar()).as("seed " + seed).isEqualTo(ChargingSession.Bar.TOLD);
                    assertThat(session.promisedBytes()).as("seed " + seed).isZero();
                }
            }
            for (Effect effect : decision.effects()) {
                if (effect instanceof Effect.SessionNotice notice && lost.contains(notice.session())) {
                    assertThat(notice.call()).as("seed " + seed).isNotEqualTo(Effect.SessionNotice.Call.ASK_AGAIN);
                    if (notice.call() == Effect.SessionNotice.Call.END) {
                        assertThat(told.add(notice.session()))
                                .as("seed " + seed)
                                .isTrue();
                    }
                }
            }
        }

        private @Nullable ChargingSession session(long number) {
            return state.charging().stream()
                    .filter(each -> each.number() == number)
                    .findFirst()
                    .orElse(null);
        }

        private java.util.Optional<Long> pick() {
            List<Long> open = state.charging().stream()
                    .filter(ChargingSession::open)
                    .map(ChargingSession::number)
                    .toList();
            return open.isEmpty()
                    ? java.util.Optional.empty()
                    : java.util.Optional.of(open.get(random.nextInt(open.size())));
        }

        private Map<GrantHolder, Long> reports(long number) {
            Map<GrantHolder, Long> reports = new HashMap<>();
            ChargingSession session = session(number);
            // What was given back is not used any more, or the model would have to know what that does to others.
            (session == null ? Map.<GrantHolder, Promise>of() : session.grants()).forEach((holder, promise) -> {
                if (!now.isBefore(promise.until())) {
                    return;
                }
                long bytes = promise.bytes();
                long most = keepsToGrants ? bytes : bytes + 3 * MB;
                reports.put(holder, random.nextLong(most + 1));
            });
            return reports;
        }

        /** Reports of each group that holds something; now and then under a number that was used before. */
        private List<UsageRecord> usage(long number) {
            List<UsageRecord> used = new ArrayList<>();
            int serial = random.nextInt(10) == 0 ? random.nextInt(messages.get(number) + 1) : messages.get(number);
            reports(number)
                    .forEach((holder, bytes) -> used.add(
                            AccountFixture.record(number + "." + HOLDERS.indexOf(holder) + "." + serial, bytes, now)));
            return used;
        }

        private ChargeCommand charge(ChargeCommand.Step step, long number, String message, List<UsageRecord> used) {
            Map<GrantHolder, Long> reported = new HashMap<>();
            for (UsageRecord record : used) {
                reported.put(
                        HOLDERS.get(Integer.parseInt(record.key().split("\\.")[1])),
                        record.upBytes() + record.downBytes());
            }
            List<GrantHolder> asking = new ArrayList<>();
            Set<GrantHolder> returned = new HashSet<>();
            for (GrantHolder each : HOLDERS) {
                if (step != ChargeCommand.Step.RELEASE && random.nextBoolean()) {
                    asking.add(each);
                } else if (random.nextInt(20) == 0) {
                    returned.add(each);
                }
            }
            return new ChargeCommand(
                    step,
                    number,
                    9,
                    message,
                    Duration.ofDays(3),
                    now,
                    used,
                    containers(used),
                    reported,
                    returned,
                    asking,
                    null,
                    null,
                    "sealed",
                    GrantTerms.DEFAULT,
                    SMF);
        }

        private @Nullable Containers containers(List<UsageRecord> used) {
            Containers containers = null;
            for (UsageRecord record : used) {
                containers =
                        Containers.and(containers, Long.parseLong(record.key().split("\\.")[2]));
            }
            return containers;
        }

        private void decide(ChargeCommand charge) {
            long promised = promisedBytes();
            Reply reply = apply(charge);
            if (reply instanceof Reply.Charged charged) {
                sent.add(new Sent(charge, charged.charged()));
                if (promisedBytes() > Math.max(0, remainingBytes())) {
                    assertThat(keepsToGrants)
                            .as("seed " + seed + ": promised within what was there")
                            .isFalse();
                    assertThat(promisedBytes()).as("seed " + seed).isLessThanOrEqualTo(promised);
                }
            }
        }

        /** As the batch does it: what the ledger has is left out. */
        private Reply apply(AccountCommand command) {
            AccountCommand fresh = command;
            if (command instanceof ChargeCommand charge) {
                List<UsageRecord> unseen = charge.used().stream()
                        .filter(record -> !ledger.contains(record.key()))
                        .toList();
                fresh = charge.withUsed(unseen);
                if (ChargeWatch.reportsNothingCounted(state, charge, now)) {
                    notLookedUp++;
                    boolean isAnswered =
                            decider.decide(state, charge, now).replies().getFirst() instanceof Reply.Charged known
                                    && known.again();
                    assertThat(isAnswered || unseen.size() == charge.used().size())
                            .as("seed " + seed + ": what need not be looked up is not there")
                            .isTrue();
                }
                Decision decision = decider.decide(state, fresh, now);
                if (decision.replies().getFirst() instanceof Reply.Charged charged && !charged.again()) {
                    for (UsageRecord record : unseen) {
                        ledger.add(record.key());
                        counted += record.upBytes() + record.downBytes();
                    }
                }
                return taken(charge, decision);
            }
            return taken(null, decider.decide(state, fresh, now));
        }

        private Reply taken(@Nullable ChargeCommand charge, Decision decision) {
            checkLost(decision);
            for (ChargingSession session : state.charging()) {
                session.grants().forEach((holder, promise) -> {
                    if (!now.isBefore(promise.until())) {
                        holdings.getOrDefault(session.number(), Map.of()).remove(holder);
                    }
                });
            }
            state = decision.state();
            if (charge != null && decision.replies().getFirst() instanceof Reply.Charged charged && !charged.again()) {
                if (charge.step().ends()) {
                    held.remove(charge.session());
                } else {
                    held.add(charge.session());
                }
            }
            if (decision.replies().getFirst() instanceof Reply.Charged charged && !charged.again()) {
                Set<Long> groups = waiting.computeIfAbsent(charged.charged().session(), number -> new HashSet<>());
                for (VolumeGrant grant : charged.charged().answer().grants()) {
                    if (grant.result() == VolumeGrant.Result.QUOTA_LIMIT_REACHED) {
                        groups.add(grant.ratingGroup());
                        refused++;
                    } else {
                        groups.remove(grant.ratingGroup());
                    }
                }
            }
            if (charge != null && decision.replies().getFirst() instanceof Reply.Charged charged && !charged.again()) {
                hold(charge, charged.charged());
            }
            for (Effect effect : decision.effects()) {
                if (effect instanceof Effect.SessionNotice notice) {
                    waiting.remove(notice.session());
                    if (notice.call() == Effect.SessionNotice.Call.END_WHILE_SILENT
                            && (charge == null || charge.session() != notice.session())) {
                        held.remove(notice.session());
                        toldToEnd++;
                    }
                }
            }
            return decision.replies().getFirst();
        }

        private void hold(ChargeCommand charge, Charged charged) {
            Map<GrantHolder, Long> held = holdings.computeIfAbsent(charged.session(), number -> new HashMap<>());
            charge.reportedBytes()
                    .forEach((holder, bytes) -> held.computeIfPresent(holder, (same, had) -> Math.max(0, had - bytes)));
            charge.returned().forEach(held::remove);
            charge.asking().forEach(held::remove);
            for (VolumeGrant grant : charged.answer().grants()) {
                List<GrantHolder> group = charge.asking().stream()
                        .filter(each -> each.ratingGroup() == grant.ratingGroup())
                        .toList();
                for (int i = 0; i < group.size(); i++) {
                    held.put(group.get(i), VolumeGrant.partOf(grant.bytes(), i, group.size()));
                }
            }
        }

        private void check() {
            for (ChargingSession session : state.charging()) {
                if (session.grants().isEmpty()) {
                    holdings.remove(session.number());
                } else if (state.terms().afterQuota() instanceof AfterQuota.Stop) {
                    holdings.getOrDefault(session.number(), Map.of())
                            .forEach((holder, bytes) -> assertThat(session.grants()
                                            .getOrDefault(holder, NOTHING)
                                            .bytes())
                                    .as("seed " + seed + ": what is held is promised")
                                    .isEqualTo(bytes));
                }
                if (session.open()
                        && !waiting.getOrDefault(session.number(), Set.of()).isEmpty()) {
                    assertThat(session.waiting())
                            .as("seed " + seed + ": who found nothing waits")
                            .isTrue();
                    if (state.policy().level() == Level.NORMAL && !session.isBarred()) {
                        assertThat(remainingBytes() - promisedBytes())
                                .as("seed " + seed + ": who waits was told of all that is there")
                                .isLessThanOrEqualTo(0);
                    }
                }
            }
            assertThat(state.countedBytes()).as("seed " + seed).isEqualTo(counted);
            assertThat(state.charging().size())
                    .as("seed " + seed)
                    .isLessThanOrEqualTo(SessionRoom.MAX_SESSIONS + SessionRoom.MAX_ENDING);
            for (long number : held) {
                ChargingSession session = session(number);
                assertThat(session != null && session.open())
                        .as("seed " + seed + ": what the SMF holds is known, or it was told to end it")
                        .isTrue();
            }
            if (keepsToGrants && state.terms().afterQuota() instanceof AfterQuota.Stop) {
                assertThat(state.usedBytes()).as("seed " + seed).isLessThanOrEqualTo(bought);
                assertThat(state.beyondBytes())
                        .as("seed " + seed + ": nothing beyond what was promised")
                        .isZero();
            }
        }

        private long promisedBytes() {
            return state.charging().stream()
                    .mapToLong(ChargingSession::promisedBytes)
                    .sum();
        }

        private long remainingBytes() {
            return state.buckets().stream().mapToLong(Bucket::remainingBytes).sum();
        }
    }
}
