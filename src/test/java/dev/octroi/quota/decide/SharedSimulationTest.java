package dev.octroi.quota.decide;

import static dev.octroi.quota.decide.AccountFixture.MB;
import static org.assertj.core.api.Assertions.assertThat;

import dev.octroi.catalog.AfterQuota;
import dev.octroi.catalog.Overage;
import dev.octroi.catalog.PlanTerms;
import dev.octroi.catalog.Sharing;
import dev.octroi.catalog.Validity;
import dev.octroi.drain.DrainDetector;
import dev.octroi.drain.Population;
import dev.octroi.policy.Level;
import dev.octroi.policy.Restriction;
import dev.octroi.policy.RestrictionClass;
import dev.octroi.policy.Speed;
import dev.octroi.quota.account.AccountCommand;
import dev.octroi.quota.account.AccountKey;
import dev.octroi.quota.account.AccountState;
import dev.octroi.quota.account.Actor;
import dev.octroi.quota.account.Bucket;
import dev.octroi.quota.account.ChargeCommand;
import dev.octroi.quota.account.ChargingSession;
import dev.octroi.quota.account.Effect;
import dev.octroi.quota.account.GrantHolder;
import dev.octroi.quota.account.GrantTerms;
import dev.octroi.quota.account.Joining;
import dev.octroi.quota.account.MemberCap;
import dev.octroi.quota.account.NewAccount;
import dev.octroi.quota.account.Refusal;
import dev.octroi.quota.account.Reply;
import dev.octroi.quota.account.Share;
import dev.octroi.quota.account.UsageRecord;
import dev.octroi.quota.account.VolumeGrant;
import dev.octroi.testing.Seeds;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/**
 * Random histories of several subscriptions on one volume against a plain model: they join, at once or when their own volume
 * is over, and leave, use data by records and by charging sessions whose messages may come again, are capped, paused and
 * suspended, buy more. A failure prints the seed; {@code -Doctroi.seed=N} replays that history alone.
 */
class SharedSimulationTest {
    private static final int HISTORIES = 1_500;

    private static final ZoneId[] ZONES = {ZoneOffset.UTC, ZoneId.of("Europe/Paris"), ZoneId.of("Asia/Shanghai")};
    private static final Actor SMF = Actor.network("smf");
    private static final List<GrantHolder> GROUPS =
            LongStream.rangeClosed(1, 16).mapToObj(GrantHolder::of).toList();

    private final Decider decider = new Decider(DrainDetector.shipped(), Population.shipped());
    private int granted;
    private int capped;
    private int exhausted;
    private int lateOfFormer;
    private int joinedLater;
    private int beforeJoining;
    private int messagesAgain;
    private int lists;

    @Test
    void everyHistoryEndsAsThePlainModelSays() {
        Long only = Long.getLong("octroi.seed");
        long first = only == null ? 1 : only;
        long last = only == null ? HISTORIES : only;
        for (long seed = first; seed <= last; seed++) {
            try {
                new History(Seeds.random(seed)).run();
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("history with seed " + seed + " (replay: -Doctroi.seed=" + seed + ")", e);
            }
        }
        if (only == null) {
            assertThat(List.of(
                            granted, capped, exhausted, lateOfFormer, joinedLater, beforeJoining, messagesAgain, lists))
                    .as("what the histories are about happened")
                    .allMatch(times -> times > 20);
        }
    }

    /** What a subscription is in thought. */
    private static final class Person {
        final AccountKey key;
        final ZoneId zone;
        long counted;
        long today;
        LocalDate day;
        long inPlan;
        MemberCap cap;
        boolean capHeld;
        LocalDate capHeldOn;
        boolean paused;
        Instant leftAt;
        Instant joinedLaterAt;
        long versions;

        Person(AccountKey key, ZoneId zone) {
            this.key = key;
            this.zone = zone;
        }
    }

    private final class History {
        private final Random random;
        private final AfterQuota after;
        private final long memberBytes;
        private final boolean priced;
        private final Map<AccountKey, AccountState> disk = new HashMap<>();
        private final Map<AccountKey, Person> people = new LinkedHashMap<>();
        private final Map<AccountKey, Long> ledger = new HashMap<>();
        private final Set<String> seen = new HashSet<>();
        private final List<Decider.Addressed> sent = new ArrayList<>();
        private final Map<Long, Integer> messages = new HashMap<>();
        private final List<Decider.Addressed> charges = new ArrayList<>();
        private final List<Decider.Addressed> given = new ArrayList<>();
        private final AccountKey owner = new AccountKey(1, 256);
        private final Instant begun = Instant.parse("2026-11-23T10:00:00Z");
        private Instant now = begun;
        private long taken;
        private long volume;
        private boolean used;
        private boolean held;
        private long charged;
        private Object last = "";
        private long serial = 1;

        History(Random random) {
            this.random = random;
            this.after = random.nextBoolean() ? new AfterQuota.Stop() : new AfterQuota.Throttle(Speed.both(384));
            this.priced = random.nextInt(4) == 0;
            this.memberBytes = random.nextBoolean() ? 0 : 20 * MB;
            this.volume = (100 + random.nextInt(400)) * MB;
            PlanTerms terms = AccountFixture.terms(volume, after, Validity.days(60, Validity.StartMode.ON_ORDER))
                    .with(new Sharing(6, memberBytes, null))
                    .with(priced ? new Overage("EUR", 20_000, 900, 400) : null);
            ZoneId zone = ZONES[random.nextInt(ZONES.length)];
            AccountState fresh = AccountState.fresh(new NewAccount(owner, 512, terms, zone, now));
            disk.put(
                    owner,
                    decider.decide(
                                    fresh,
                                    new AccountCommand.StartPeriod(
                                            AccountCommand.StartPeriod.Cause.ORDER, now, Actor.system("order")),
                                    now)
                            .state());
            people.put(owner, new Person(owner, zone));
        }

        void run() {
            for (int i = 0; i < 60; i++) {
                now = now.plusSeconds(random.nextInt(3 * 3_600));
                step();
                tickDue();
                check();
                if (random.nextInt(16) == 0) {
                    list();
                }
            }
        }

        /** As the job does it that looks for accounts whose moment has come. */
        private void tickDue() {
            for (AccountKey key : List.copyOf(people.keySet())) {
                Instant due = NextMoment.of(disk.get(key));
                if (due != null && !now.isBefore(due)) {
                    submit(key, new AccountCommand.Tick(SMF));
                }
            }
        }

        private void step() {
            switch (random.nextInt(20)) {
                case 0 -> join();
                case 1, 2, 3, 4 -> record(anybody());
                case 5 -> again();
                case 17, 18 -> messageAgain();
                case 6 -> topUp();
                case 7 -> cap();
                case 8 -> pauseOrResume();
                case 9 -> holdOrLift();
                case 10 -> leave();
                case 11 -> open();
                case 12, 13 -> update();
                case 14 -> close();
                case 15 -> agree();
                case 16 -> joinLater();
                default -> submit(anybody(), new AccountCommand.Tick(SMF));
            }
        }

        private AccountKey anybody() {
            List<AccountKey> keys = List.copyOf(people.keySet());
            return keys.get(random.nextInt(keys.size()));
        }

        private void join() {
            AccountState state = disk.get(owner);
            boolean full =
                    people.values().stream().filter(each -> each.leftAt == null).count() >= 6;
            assertThat(Joining.refusal(state, 1).isPresent()).isEqualTo(full);
            if (full) {
                return;
            }
            long id = 256 * (10 + serial++);
            AccountKey key = new AccountKey(1, id);
            ZoneId zone = ZONES[random.nextInt(ZONES.length)];
            disk.put(
                    key,
                    AccountState.member(
                            new NewAccount(key, id + 512 * 1_000, state.terms(), zone, now), owner.accountId()));
            List<Long> members =
                    new ArrayList<>(state.share() instanceof Share.Owner share ? share.members() : List.<Long>of());
            members.add(id);
            disk.put(owner, withShare(state, new Share.Owner(members)));
            people.put(key, new Person(key, zone));
            submit(key, new AccountCommand.Tick(SMF));
            volume += memberBytes;
            if (left() > 0) {
                used = false;
            }
        }

        /** A subscription with a volume of its own, of the same plan, uses it up and then goes on with the owner's. */
        private void joinLater() {
            AccountState ownerState = disk.get(owner);
            // On another virtual shard than the owner's.
            long id = 256 * (10 + serial++) + 7;
            AccountKey key = new AccountKey(1, id);
            Person person = new Person(key, ZONES[random.nextInt(ZONES.length)]);
            boolean full =
                    people.values().stream().filter(each -> each.leftAt == null).count() >= 6;
            people.put(key, person);
            disk.put(
                    key,
                    AccountState.fresh(new NewAccount(key, id + 512 * 1_000, ownerState.terms(), person.zone, now)));
            alone(
                    key,
                    new AccountCommand.StartPeriod(AccountCommand.StartPeriod.Cause.ORDER, now, Actor.system("order")));
            AccountCommand.JoinShared join = new AccountCommand.JoinShared(owner, SMF);
            if (!full) {
                assertThat(submit(key, join))
                        .isInstanceOfSatisfying(
                                Reply.Refused.class,
                                refused -> assertThat(refused.code()).isEqualTo(Refusal.VOLUME_LEFT));
            }
            long bytes = ownerState.terms().quotaBytes() + random.nextLong(50 * MB);
            alone(
                    key,
                    new AccountCommand.CountUsage(
                            AccountFixture.record("r" + serial++, bytes, now), AccountFixture.NETWORK));
            Reply reply = submit(key, join);
            if (full) {
                assertThat(reply)
                        .isInstanceOfSatisfying(
                                Reply.Refused.class,
                                refused -> assertThat(refused.code()).isEqualTo(Refusal.SHARED_FULL));
                disk.remove(key);
                people.remove(key);
                ledger.remove(key);
                return;
            }
            assertThat(reply).isEqualTo(Reply.DONE);
            assertThat(submit(key, join)).as("twice").isEqualTo(Reply.REPEATED);
            person.joinedLaterAt = now;
            person.counted = bytes;
            day(person);
            person.today = bytes;
            joinedLater++;
        }

        private void alone(AccountKey key, AccountCommand command) {
            AccountState before = disk.get(key);
            take(before, decider.decide(before, command, now));
        }

        private void leave() {
            AccountKey key = anybody();
            Person person = people.get(key);
            Reply reply = submit(key, new AccountCommand.LeaveShared("moved out", SMF));
            if (key.equals(owner) || person.leftAt != null) {
                assertThat(reply).isEqualTo(key.equals(owner) ? MemberWatch.NOT_A_MEMBER : Reply.REPEATED);
                return;
            }
            person.leftAt = now;
            person.cap = null;
            person.capHeld = false;
            // What it brought is spent like any volume: what of it is left is what the bucket says.
            long kept = disk.get(owner).buckets().stream()
                    .mapToLong(bucket -> bucket.quotaBytes() + bucket.pastBytes())
                    .sum();
            assertThat(volume - kept).as("unused volume goes").isBetween(0L, memberBytes);
            volume = kept;
            used |= left() == 0;
        }

        private void record(AccountKey key) {
            Person person = people.get(key);
            boolean late = random.nextInt(3) == 0;
            Instant end = now.minusSeconds(late ? random.nextInt(40 * 3_600) : random.nextInt(60));
            AccountCommand.CountUsage count = new AccountCommand.CountUsage(
                    AccountFixture.record("r" + serial++, random.nextLong(60 * MB), end), AccountFixture.NETWORK);
            sent.add(new Decider.Addressed(key, count));
            submit(key, count);
            counted(person, count.record().upBytes() + count.record().downBytes(), end);
        }

        private void counted(Person person, long bytes, Instant end) {
            if (bytes == 0) {
                return;
            }
            person.counted += bytes;
            boolean ofItsOwn = person.joinedLaterAt != null && end.isBefore(person.joinedLaterAt);
            beforeJoining += ofItsOwn ? 1 : 0;
            boolean former = person.leftAt != null;
            if (former && end.isBefore(person.leftAt)) {
                lateOfFormer++;
            }
            if (!ofItsOwn && (!former || end.isBefore(person.leftAt))) {
                long part = Math.min(bytes, left());
                taken += part;
                if (left() == 0 && !priced) {
                    exhausted += used ? 0 : 1;
                    used = true;
                }
            }
            if (!LocalDate.ofInstant(end, person.zone).isBefore(LocalDate.ofInstant(now, person.zone))) {
                day(person);
                person.today += bytes;
            }
            if (!ofItsOwn) {
                person.inPlan += bytes;
            }
            watchCap(person);
        }

        private void again() {
            if (!sent.isEmpty()) {
                Decider.Addressed one = sent.get(random.nextInt(sent.size()));
                assertThat(submit(one.key(), one.command())).isEqualTo(Reply.REPEATED);
            }
        }

        /** A message of a session comes again: it is answered as it was, and reports nothing anew. */
        private void messageAgain() {
            List<Decider.Addressed> answered =
                    charges.stream().filter(this::isAnswered).toList();
            if (!answered.isEmpty()) {
                Decider.Addressed one = answered.get(random.nextInt(answered.size()));
                assertThat(submit(one.key(), one.command()))
                        .isInstanceOfSatisfying(
                                Reply.Charged.class,
                                charged -> assertThat(charged.again()).isTrue());
                messagesAgain++;
            }
        }

        private boolean isAnswered(Decider.Addressed one) {
            ChargeCommand charge = (ChargeCommand) one.command();
            return disk.get(one.key()).charging().stream()
                    .anyMatch(session -> session.number() == charge.session()
                            && (session.open() || charge.step() != ChargeCommand.Step.CREATE)
                            && session.answerTo(charge, now) != null
                            && now.isBefore(session.forgottenAt()));
        }

        private void topUp() {
            AccountKey key = anybody();
            long bytes = (1 + random.nextInt(150)) * MB;
            Reply reply = submit(key, new AccountCommand.TopUp(bytes, "t" + serial++, "more", SMF));
            if (people.get(key).leftAt != null) {
                assertThat(reply).isInstanceOf(Reply.Refused.class);
                return;
            }
            volume += bytes;
            if (left() > 0) {
                used = false;
            }
        }

        private void cap() {
            AccountKey key = anybody();
            Person person = people.get(key);
            MemberCap cap = random.nextInt(4) == 0
                    ? null
                    : new MemberCap(
                            1 + random.nextLong(random.nextInt(3) == 0 ? 4 * MB : 80 * MB),
                            random.nextBoolean() ? MemberCap.Window.DAY : MemberCap.Window.PLAN);
            Reply reply = submit(key, new AccountCommand.SetMemberCap(cap, SMF));
            if (key.equals(owner) || person.leftAt != null) {
                assertThat(reply).isEqualTo(MemberWatch.NOT_A_MEMBER);
                return;
            }
            if (!java.util.Objects.equals(cap, person.cap)) {
                person.cap = cap;
                person.capHeld = false;
                watchCap(person);
            }
        }

        private void watchCap(Person person) {
            day(person);
            if (person.cap == null || person.leftAt != null) {
                return;
            }
            long amount = person.cap.window() == MemberCap.Window.DAY ? person.today : person.inPlan;
            if (amount >= person.cap.bytes() && !person.capHeld) {
                person.capHeld = true;
                capped++;
                person.capHeldOn = LocalDate.ofInstant(now, person.zone);
            }
        }

        private void day(Person person) {
            LocalDate today = LocalDate.ofInstant(now, person.zone);
            if (!today.equals(person.day)) {
                person.day = today;
                person.today = 0;
            }
        }

        private void pauseOrResume() {
            AccountKey key = anybody();
            boolean pause = random.nextBoolean();
            submit(key, pause ? new AccountCommand.Pause(SMF) : new AccountCommand.Resume(SMF));
            people.get(key).paused = pause;
        }

        private void holdOrLift() {
            held = random.nextBoolean();
            submit(
                    owner,
                    held
                            ? new AccountCommand.Suspend(RestrictionClass.LEGAL, true, "stolen", AccountFixture.ADMIN)
                            : new AccountCommand.Lift(null, RestrictionClass.LEGAL, "found", AccountFixture.ADMIN));
        }

        private void agree() {
            AccountKey key = anybody();
            Reply reply = submit(key, new AccountCommand.AgreeOverage(0, "words", SMF));
            assertThat(reply instanceof Reply.Refused)
                    .as("the owner's word, where there is a price")
                    .isEqualTo(!priced || !key.equals(owner));
        }

        private void open() {
            AccountKey key = anybody();
            long number = serial++ << 8;
            charge(key, ChargeCommand.Step.CREATE, number, "c:" + number, List.of());
        }

        private void update() {
            session()
                    .ifPresent(one -> charge(
                            one.key(),
                            ChargeCommand.Step.UPDATE,
                            one.session().number(),
                            "u:" + messages.merge(one.session().number(), 1, Integer::sum),
                            report(one)));
        }

        private void close() {
            session()
                    .ifPresent(one -> charge(
                            one.key(),
                            ChargeCommand.Step.RELEASE,
                            one.session().number(),
                            "r:" + messages.merge(one.session().number(), 1, Integer::sum),
                            report(one)));
        }

        private record Open(AccountKey key, ChargingSession session) {}

        private java.util.Optional<Open> session() {
            List<Open> open = new ArrayList<>();
            disk.forEach((key, state) -> state.charging().stream()
                    .filter(ChargingSession::open)
                    .filter(each -> now.isBefore(each.forgottenAt()))
                    .forEach(each -> open.add(new Open(key, each))));
            open.sort(java.util.Comparator.comparingLong(one -> one.session().number()));
            return open.isEmpty()
                    ? java.util.Optional.empty()
                    : java.util.Optional.of(open.get(random.nextInt(open.size())));
        }

        /** What is reported may have ended before the plan began: it is of the first window, of volume and of a cap. */
        private List<UsageRecord> report(Open one) {
            long promised = one.session().promisedBytes();
            Person person = people.get(one.key());
            boolean early = person.joinedLaterAt == null && person.leftAt == null && random.nextInt(4) == 0;
            return promised == 0
                    ? List.of()
                    : List.of(AccountFixture.record(
                            "s" + serial++, 1 + random.nextLong(promised), early ? begun.minusSeconds(60) : now));
        }

        private void charge(
                AccountKey key, ChargeCommand.Step step, long number, String message, List<UsageRecord> used) {
            long reported = used.stream()
                    .mapToLong(record -> record.upBytes() + record.downBytes())
                    .sum();
            ChargeCommand command = new ChargeCommand(
                    step,
                    number,
                    1,
                    message,
                    Duration.ofDays(1),
                    now,
                    used,
                    null,
                    used.isEmpty() ? Map.of() : Map.of(GrantHolder.of(1), reported),
                    Set.of(),
                    step == ChargeCommand.Step.RELEASE ? List.of() : GROUPS.subList(0, 1 + random.nextInt(16)),
                    null,
                    null,
                    null,
                    GrantTerms.DEFAULT,
                    SMF);
            charges.add(new Decider.Addressed(key, command));
            if (!(submit(key, command) instanceof Reply.Charged charged)) {
                throw new AssertionError("not charged");
            }
            for (UsageRecord record : used) {
                counted(people.get(key), reported, record.eventEnd());
            }
            granted(key, charged.charged().answer().grants());
        }

        private void granted(AccountKey key, List<VolumeGrant> grants) {
            long bytes = grants.stream().mapToLong(VolumeGrant::bytes).sum();
            if (bytes == 0) {
                return;
            }
            granted++;
            if (!priced && after instanceof AfterQuota.Stop) {
                assertThat(promised()).as("promised to all of what is left").isLessThanOrEqualTo(left());
            }
            assertThat(bytes).as("granted within the cap").isLessThanOrEqualTo(capLeft(people.get(key)));
            if (people.get(key).cap != null) {
                assertThat(ownPromised(key))
                        .as("promised within the cap")
                        .isLessThanOrEqualTo(capLeft(people.get(key)));
            }
        }

        private long capLeft(Person person) {
            if (person.cap == null) {
                return Long.MAX_VALUE;
            }
            day(person);
            long amount = person.cap.window() == MemberCap.Window.DAY ? person.today : person.inPlan;
            return Math.max(0, person.cap.bytes() - amount);
        }

        private long ownPromised(AccountKey key) {
            return disk.get(key).charging().stream()
                    .mapToLong(ChargingSession::promisedBytes)
                    .sum();
        }

        private long promised() {
            return disk.keySet().stream().mapToLong(this::ownPromised).sum();
        }

        private long left() {
            return volume - taken;
        }

        /** Commands of several accounts that are decided at once end as the same ones do one after the other. */
        private void list() {
            List<AccountState> members = disk.values().stream()
                    .filter(state -> !state.key().equals(owner))
                    .toList();
            List<Decider.Addressed> commands = new ArrayList<>();
            for (int i = 0; i < 2 + random.nextInt(4) && !given.isEmpty(); i++) {
                commands.add(given.get(random.nextInt(given.size())));
            }
            commands.removeIf(each -> !disk.containsKey(each.key()));
            if (members.isEmpty() || commands.isEmpty()) {
                return;
            }
            Decider.Shared together = decider.decideShared(disk.get(owner), members, commands, now);
            Map<AccountKey, AccountState> states = new HashMap<>(disk);
            List<Reply> replies = new ArrayList<>();
            for (Decider.Addressed each : commands) {
                List<AccountState> others =
                        members.stream().map(state -> states.get(state.key())).toList();
                Decider.Shared alone = decider.decideShared(states.get(owner), others, List.of(each), now);
                alone.decisions().forEach((key, decision) -> states.put(key, decision.state()));
                replies.addAll(alone.replies());
            }
            assertThat(together.replies()).as("replies to %s", commands).isEqualTo(replies);
            states.forEach((key, state) -> assertThat(together.of(key).state())
                    .as("state after %s", commands)
                    .isEqualTo(state));
            lists++;
        }

        /** As the write path does it: what was counted is left out; of those that left only the one addressed is there. */
        private Reply submit(AccountKey key, AccountCommand command) {
            last = key + " " + command.getClass().getSimpleName();
            given.add(new Decider.Addressed(key, command));
            if (command instanceof AccountCommand.CountUsage count
                    && !seen.add(key + count.record().key())) {
                return Reply.REPEATED;
            }
            AccountState before = disk.get(owner);
            List<AccountState> members = disk.values().stream()
                    .filter(state -> !state.key().equals(owner))
                    .filter(state -> people.get(state.key()).leftAt == null
                            || state.key().equals(key))
                    .toList();
            if (members.isEmpty() && before.share() instanceof Share.Alone) {
                Decision decision = decider.decide(before, command, now);
                take(before, decision);
                return decision.replies().getFirst();
            }
            Decider.Shared decided =
                    decider.decideShared(before, members, List.of(new Decider.Addressed(key, command)), now);
            for (AccountState member : members) {
                take(member, decided.of(member.key()));
            }
            take(before, decided.of(owner));
            return decided.replies().getFirst();
        }

        private void take(AccountState before, Decision decision) {
            Person person = people.get(before.key());
            for (Effect effect : decision.effects()) {
                if (effect instanceof Effect.LedgerRow row) {
                    ledger.merge(before.key(), row.deltaBytes(), Long::sum);
                    charged += row.chargedMinor();
                } else if (effect instanceof Effect.PolicyDecided decided) {
                    assertThat(decided.after().version())
                            .as("versions follow each other")
                            .isEqualTo(++person.versions);
                }
            }
            disk.put(before.key(), decision.state());
        }

        private void check() {
            AccountState volumeOf = disk.get(owner);
            long inBuckets =
                    volumeOf.buckets().stream().mapToLong(Bucket::takenBytes).sum();
            assertThat(inBuckets).as("taken from the volume").isEqualTo(taken);
            assertThat(volumeOf.charges().minor())
                    .as("charged")
                    .isEqualTo(charged)
                    .isLessThanOrEqualTo(900);
            long used = 0;
            for (AccountState state : disk.values()) {
                Person person = people.get(state.key());
                used += state.usedBytes();
                assertThat(state.countedBytes()).as("counted").isEqualTo(person.counted);
                assertThat(ledger.getOrDefault(state.key(), 0L)).as("ledger").isEqualTo(state.countedBytes());
                if (!state.key().equals(owner)) {
                    assertThat(state.buckets()).as("volume of its own").isEmpty();
                }
                if (person.joinedLaterAt == null
                        && state.share() instanceof Share.Member member
                        && member.isActive()
                        && member.windowStart() != null) {
                    assertThat(state.countedBytes() - member.windowBaseBytes())
                            .as("used in the window of a cap")
                            .isEqualTo(person.inPlan);
                }
                if (person.leftAt == null) {
                    assertThat(common(state)).as("what holds for all").isEqualTo(common(volumeOf));
                }
                if (priced) {
                    // Whether volume or limit stops the plan is the other simulation's matter.
                    continue;
                }
                assertThat(state.policy().level())
                        .as(() -> "level of " + state.key() + ", used " + this.used + ", held " + held + ", paused "
                                + person.paused + ", owner " + volumeOf.restrictions() + ", own " + state.restrictions()
                                + ", last " + last)
                        .isEqualTo(level(state, person));
            }
            assertThat(used).as("members' parts add up").isEqualTo(taken);
        }

        private Set<String> common(AccountState state) {
            Set<String> common = new HashSet<>();
            state.restrictions().stream()
                    .map(Restriction::id)
                    .filter(id -> id.startsWith("plan.quota") || id.startsWith("bill_shock") || id.equals("plan.ended"))
                    .forEach(common::add);
            return common;
        }

        private Level level(AccountState state, Person person) {
            if (person.leftAt != null) {
                return Level.SUSPENDED_DATA;
            }
            if (held) {
                return Level.SUSPENDED_ALL;
            }
            // Whether a cap of a day that is over holds again for what came late, the state says.
            boolean capHolds =
                    state.restrictions().stream().anyMatch(each -> each.id().equals(MemberWatch.CAP));
            if (capHolds) {
                assertThat(person.capHeld || person.cap != null)
                        .as("held by a cap")
                        .isTrue();
            } else if (person.capHeld && person.cap != null && person.cap.window() == MemberCap.Window.PLAN) {
                throw new AssertionError("a cap of the plan does not hold");
            } else if (person.capHeld && LocalDate.ofInstant(now, person.zone).equals(person.capHeldOn)) {
                throw new AssertionError("a cap of the day does not hold");
            } else {
                person.capHeld = false;
            }
            if (person.paused || capHolds || (used && after instanceof AfterQuota.Stop)) {
                return Level.SUSPENDED_DATA;
            }
            return used ? Level.THROTTLED : Level.NORMAL;
        }

        private AccountState withShare(AccountState state, Share share) {
            Draft draft = new Draft(state, now);
            draft.share = share;
            return draft.toState();
        }
    }
}
