package dev.octroi.quota.decide;

import static dev.octroi.quota.decide.AccountFixture.GB;
import static dev.octroi.quota.decide.AccountFixture.MB;
import static org.assertj.core.api.Assertions.assertThat;

import dev.octroi.catalog.AfterQuota;
import dev.octroi.catalog.Validity;
import dev.octroi.drain.Category;
import dev.octroi.drain.DrainDetector;
import dev.octroi.drain.Population;
import dev.octroi.policy.Restriction;
import dev.octroi.policy.Rule;
import dev.octroi.policy.RuleJson;
import dev.octroi.policy.Where;
import dev.octroi.quota.account.AccountCommand;
import dev.octroi.quota.account.AccountState;
import dev.octroi.quota.account.Actor;
import dev.octroi.quota.account.UsageRecord;
import dev.octroi.testing.Seeds;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * Lives of an account under rules of every kind against a model that keeps the whole history and looks all of it through at
 * each step. Between the steps only the timer acts. A failure prints the seed; {@code -Doctroi.seed=N} replays it alone.
 */
class RuleSimulationTest {
    private static final int LIVES = 3_000;
    /** Also shorter than the minute for which everything holds. */
    private static final int[] LENGTHS = {40, 90, 1_800, 60 * 60 * 20};

    private static final ZoneId[] ZONES = {
        ZoneId.of("Europe/Paris"), ZoneId.of("Asia/Shanghai"), ZoneId.of("America/New_York")
    };
    /** Around the change of clocks in Europe and America. */
    private static final Instant[] STARTS = {
        Instant.parse("2026-11-23T10:00:00Z"),
        Instant.parse("2026-10-22T10:00:00Z"),
        Instant.parse("2026-03-25T20:00:00Z"),
        Instant.parse("2026-10-29T12:00:00Z")
    };

    private static final String ZONE = "rule:operator:zone:zone";
    private static final String MOVED = "rule:operator:moved:throttle";
    /** What acts again when its limit is reached again; places and hours that come back within the minute go on. */
    private static final Set<String> LIMITS =
            Set.of("rule:user:rolling:throttle", "rule:user:video:block.social", "rule:user:video:block.video");

    private int lifted;
    private final Decider decider = new Decider(DrainDetector.shipped(), Population.shipped());

    @Test
    void everyRestrictionHoldsWhenThePlainModelSays() {
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
        assertThat(only != null || lifted > 20)
                .as("places were opened: " + lifted)
                .isTrue();
    }

    private record Use(Instant at, long bytes, String country, boolean video) {}

    private final class Life {
        private final Random random;
        private final ZoneId zone;
        private final long rollingOver;
        private final int rollingHours;
        private final long videoOver;
        private final long zoneOver;
        private final LocalTime from;
        private final LocalTime to;
        private final List<Use> history = new ArrayList<>();
        private AccountState state;
        private Instant now;
        private String country = "";
        private String plmn = "208-01";
        private LocalDate opened = LocalDate.MIN;
        private Instant countryChanged = Instant.MIN;
        private int serial;
        private Set<String> wasMet = Set.of();
        private final Map<String, Instant> since = new HashMap<>();

        Life(Random random) {
            this.random = random;
            this.zone = ZONES[random.nextInt(ZONES.length)];
            this.now = STARTS[random.nextInt(STARTS.length)].plusSeconds(random.nextInt(7_200));
            this.rollingHours = 1 + random.nextInt(48);
            this.rollingOver = (1 + random.nextInt(200)) * MB;
            this.videoOver = (1 + random.nextInt(100)) * MB;
            this.zoneOver = (1 + random.nextInt(100)) * MB;
            this.from = LocalTime.of(random.nextInt(24), random.nextInt(60));
            this.to = from.plusMinutes(1 + random.nextInt(1_430));
            this.state = AccountFixture.begun(
                    decider,
                    AccountFixture.terms(
                            1_000 * GB, new AfterQuota.Stop(), Validity.days(300, Validity.StartMode.ON_ORDER)),
                    now);
            decide(new AccountCommand.SetTimeZone(zone, AccountFixture.ADMIN));
            // The first day is that of two zones.
            now = now.plus(Duration.ofDays(2));
            put(Rule.Owner.USER, """
                    [{"id": "rolling", "when": {"window": "rolling", "rollingHours": %d, "overBytes": %d},
                      "then": [{"do": "throttle", "kbps": 512}]},
                     {"id": "video", "when": {"window": "day", "overBytes": %d, "categories": ["video"]},
                      "then": [{"do": "block_categories", "categories": ["video", "social"]}]}]
                    """.formatted(rollingHours, rollingOver, videoOver));
            put(Rule.Owner.RESELLER, """
                    [{"id": "hours", "when": {"hours": {"from": "%s", "to": "%s"}}, "then": [{"do": "block_background"}]},
                     {"id": "swiss", "when": {"zones": ["CH"]}, "then": [{"do": "ask"}]},
                     {"id": "both", "when": {"networks": ["228-01"], "hours": {"from": "%s", "to": "%s"}},
                      "then": [{"do": "notify"}, {"do": "throttle", "kbps": 100}]}]
                    """.formatted(from, to, from, to));
            put(Rule.Owner.OPERATOR, """
                    [{"id": "zone", "when": {"window": "day", "overBytes": %d, "zones": ["CH"]},
                      "then": [{"do": "block_zone"}]},
                     {"id": "moved", "when": {"event": "country_changed"}, "then": [{"do": "throttle", "kbps": 256}]}]
                    """.formatted(zoneOver));
        }

        void run() {
            check("at first");
            for (int i = 0; i < 10 + random.nextInt(30); i++) {
                passTime(Duration.ofSeconds(1 + random.nextInt(LENGTHS[random.nextInt(LENGTHS.length)])));
                switch (random.nextInt(6)) {
                    case 0, 1 -> move(random.nextBoolean() ? "CH" : "FR");
                    case 2 -> lift();
                    default -> use();
                }
                check("after a step");
            }
        }

        /** As the timer's job does it: looks in when the account asked for it, and not before. */
        private void passTime(Duration length) {
            Instant end = now.plus(length);
            int looks = 0;
            while (NextMoment.of(state) != null && !NextMoment.of(state).isAfter(end)) {
                assertThat(NextMoment.of(state)).as("the timer lies ahead").isAfter(now);
                now = NextMoment.of(state);
                decide(new AccountCommand.Tick(Actor.system("clock")));
                check("at the timer's moment");
                assertThat(looks++).as("looks").isLessThan(2_000);
            }
            now = end;
            check("without a look");
        }

        private void use() {
            long bytes = random.nextLong(30 * MB);
            Instant end = random.nextInt(5) == 0 ? now.minusSeconds(random.nextInt(100_000)) : now;
            boolean video = random.nextBoolean();
            // The first record says where the device is.
            country = country.isEmpty() ? "FR" : country;
            String at = country;
            history.add(new Use(end, bytes, at, video));
            decide(new AccountCommand.CountUsage(
                    new UsageRecord(
                            "sim",
                            "r" + serial++,
                            UsageRecord.Meaning.DELTA,
                            null,
                            64,
                            end,
                            end,
                            now,
                            0,
                            bytes,
                            plmn,
                            at,
                            null,
                            "NR",
                            video ? Category.VIDEO : Category.WEB),
                    AccountFixture.NETWORK));
        }

        private void move(String to) {
            if (!country.isEmpty() && !country.equals(to)) {
                countryChanged = now;
            }
            country = to;
            plmn = (to.equals("CH") ? "228-0" : "208-0") + (1 + random.nextInt(2));
            opened = to.equals("CH") ? opened : LocalDate.MIN;
            decide(new AccountCommand.ReportLocation(plmn, to, null, null, null, now, AccountFixture.NETWORK));
        }

        /** Support opens the place for this visit, as long as the day's limit does not close it anew. */
        private void lift() {
            if (country.equals("CH") && expected().contains(ZONE)) {
                opened = LocalDate.ofInstant(now, zone);
                lifted++;
            }
            since.remove(ZONE);
            decide(new AccountCommand.Lift(ZONE, null, "wants to go on", AccountFixture.ADMIN));
        }

        private void check(String when) {
            List<String> held = state.restrictions().stream()
                    .filter(each -> each.holdsAt(now))
                    .map(Restriction::id)
                    .filter(id -> id.startsWith("rule:"))
                    .sorted()
                    .toList();
            assertThat(held).as("%s, %s in %s", when, now, zone).containsExactlyElementsOf(dwelling(expected()));
        }

        /** What is met, and what was met for less than a minute. */
        private TreeSet<String> dwelling(TreeSet<String> met) {
            for (String id : met) {
                boolean beginsAnew = LIMITS.contains(id) && !wasMet.contains(id);
                if (beginsAnew || !since.containsKey(id)) {
                    since.put(id, now);
                }
            }
            if (met.contains(MOVED)) {
                since.put(MOVED, countryChanged);
            }
            wasMet = Set.copyOf(met);
            since.entrySet()
                    .removeIf(each -> !met.contains(each.getKey())
                            && !now.isBefore(each.getValue().plusSeconds(60)));
            return new TreeSet<>(since.keySet());
        }

        private TreeSet<String> expected() {
            TreeSet<String> ids = new TreeSet<>();
            LocalDate today = LocalDate.ofInstant(now, zone);
            boolean inHours = new Where.Hours(from, to).contain(LocalTime.ofInstant(now, zone));
            if (rolling() >= rollingOver) {
                ids.add("rule:user:rolling:throttle");
            }
            if (sum(today, false, true) >= videoOver) {
                ids.add("rule:user:video:block.social");
                ids.add("rule:user:video:block.video");
            }
            if (inHours) {
                ids.add("rule:reseller:hours:background");
            }
            if (country.equals("CH")) {
                ids.add("rule:reseller:swiss:ask");
            }
            if (plmn.equals("228-01") && inHours) {
                ids.add("rule:reseller:both:throttle");
            }
            if (country.equals("CH") && !opened.equals(today) && sum(today, true, false) >= zoneOver) {
                ids.add(ZONE);
            }
            if (!countryChanged.equals(Instant.MIN)
                    && LocalDate.ofInstant(countryChanged, zone).equals(today)) {
                ids.add(MOVED);
            }
            return ids;
        }

        private long rolling() {
            long slot = rollingHours * 150L;
            return history.stream()
                    .filter(use -> Instant.ofEpochSecond(
                                    (use.at().getEpochSecond() / slot + 1) * slot + rollingHours * 3_600L)
                            .isAfter(now))
                    .mapToLong(Use::bytes)
                    .sum();
        }

        private long sum(LocalDate day, boolean swiss, boolean video) {
            return history.stream()
                    .filter(use -> LocalDate.ofInstant(use.at(), zone).equals(day))
                    .filter(use -> (!swiss || use.country().equals("CH")) && (!video || use.video()))
                    .mapToLong(Use::bytes)
                    .sum();
        }

        private void put(Rule.Owner owner, String json) {
            decide(new AccountCommand.PutRules(owner, RuleJson.readStored(json, owner), null, AccountFixture.ADMIN));
        }

        private void decide(AccountCommand command) {
            state = decider.decide(state, command, now).state();
        }
    }
}
