package dev.octroi.notice.words;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The words of notices in three languages, with the traveller's clock. */
class NoticeWordsTest {
    private static final Instant AT = Instant.parse("2026-11-30T18:03:00Z");
    private static final ZoneId TOKYO = ZoneId.of("Asia/Tokyo");
    private static final List<Locale> LANGUAGES = List.of(Locale.ENGLISH, Locale.FRENCH, Locale.CHINESE);
    private static final Now NOW = new Now("throttled", 1_500, 0, 3_000_000_000L, false);
    private static final NoticeLinks LINKS =
            new NoticeLinks("https://shop.example/s/page", "https://shop.example/n/stop");
    private static final Pattern SLOT = Pattern.compile("\\{[0-9][^}]*}");

    @Test
    void aLimitThatIsReachedIsSaidWithItsFiguresByTheTravellersClock() {
        Occurrence limit = new Occurrence(
                "usage.threshold_reached",
                Map.of(
                        "limit", "rule",
                        "rule", "daily",
                        "owner", "user",
                        "window", "day",
                        "usedBytes", 301_999_999L,
                        "limitBytes", 300_000_000,
                        "actions", List.of("throttle")),
                AT);
        NoticeText english = text(limit, Locale.ENGLISH);
        assertThat(english.subject()).isEqualTo("A limit is reached: 300 MB today");
        assertThat(english.body())
                .contains("A limit or rule of yours: 301 MB of 300 MB are used today. What follows: data is slowed.")
                .contains("Tue 1 Dec 2026, 03:03 (Asia/Tokyo time)")
                .contains(
                        "Now: slowed to 1.5 Mbit/s. 0 kB of 3.00 GB are left. The network has not confirmed this yet.")
                .contains("https://shop.example/s/page", "https://shop.example/n/stop", "“France 3 GB”")
                .doesNotContain("daily");
        assertThat(text(limit, Locale.FRENCH).body())
                .contains(
                        "301\u00a0Mo sur 300\u00a0Mo utilisés aujourd’hui",
                        "mar. 1 déc. 2026, 03:03",
                        "1,5\u00a0Mbit/s",
                        "3,00\u00a0Go");
        assertThat(text(limit, Locale.CHINESE).body()).contains("您的上限或规则：今天已用 301 MB", "2026年12月1日", "03:03");
    }

    @Test
    void moneyIsWrittenAsTheLanguageWritesIt() {
        Occurrence near = new Occurrence(
                "overage.threshold_reached",
                Map.of(
                        "percent", 80,
                        "charged", "40.00",
                        "limit", "50.00",
                        "total", "40.00",
                        "ceiling", "80.00",
                        "currency", "EUR"),
                AT);
        assertThat(text(near, Locale.FRENCH).subject()).contains("40,00\u00a0€");
        assertThat(text(near, Locale.ENGLISH).subject()).isEqualTo("€40.00 charged this month");
        Occurrence arrived = new Occurrence(
                "tariff.told",
                Map.of(
                        "country", "CH",
                        "remainingBytes", 1_800_000_000L,
                        "then", "stop",
                        "pricePerMegabyte", "0.0035",
                        "limit", "50.00",
                        "currency", "EUR"),
                AT);
        assertThat(text(arrived, Locale.ENGLISH).subject())
                .isEqualTo("You are in Switzerland: 1.80 GB left, then €0.0035 per MB");
    }

    @Test
    void everyTypeHasWordsInEveryLanguageAndNoneIsLeftWithAHole() {
        for (Locale language : LANGUAGES) {
            for (Occurrence event : examples().values()) {
                NoticeText text = text(event, language);
                assertThat(text.subject() + text.body())
                        .as(event.type() + " " + language)
                        .doesNotContain("{", "null", "()", "  ", "sub_", "case_");
                assertThat(text.subject()).isNotBlank().hasSizeLessThan(120);
            }
        }
        assertThat(examples().values().stream().map(Occurrence::type).distinct())
                .containsExactlyInAnyOrderElementsOf(NoticeRules.TYPES);
    }

    @Test
    void theLanguagesHaveTheSameKeysAndSlots() throws IOException {
        Properties english = read("notices");
        for (String other : List.of("notices_fr", "notices_zh")) {
            Properties words = read(other);
            assertThat(words.stringPropertyNames()).as(other).isEqualTo(english.stringPropertyNames());
            for (String key : english.stringPropertyNames()) {
                assertThat(slots(words.getProperty(key)))
                        .as(other + " " + key)
                        .isEqualTo(slots(english.getProperty(key)));
                assertThat(words.getProperty(key)).as(other + " " + key).doesNotContain("'");
            }
        }
    }

    @Test
    void aConfirmationNamesNoPageOfTheTraveller() {
        Reader reader = new Reader(Locale.ENGLISH, TOKYO, "France 3 GB");
        assertThat(NoticeWords.confirmation(reader, "https://shop.example/n/word")
                        .body())
                .contains("https://shop.example/n/word", "after two days")
                .doesNotContain("/s/");
        assertThat(NoticeWords.test(reader, LINKS).body()).contains("/s/page", "/n/stop");
    }

    private static NoticeText text(Occurrence event, Locale language) {
        NoticeChoice choice = NoticeRules.of(event).orElseThrow();
        return NoticeWords.of(event, choice, new Reader(language, TOKYO, "France 3 GB"), NOW, LINKS);
    }

    /** One event for each way to say something. */
    private static Map<String, Occurrence> examples() {
        Map<String, Object> use = Map.of("limit", "plan", "percent", 80, "usedBytes", 1L, "limitBytes", 2L);
        Map<String, Object> minutes = Map.of(
                "limit",
                "rule",
                "owner",
                "user",
                "window",
                "rolling",
                "actions",
                List.of("notify", "ask"),
                "usedSeconds",
                3_600,
                "limitSeconds",
                1_800);
        Map<String, Object> money = Map.of(
                "limit",
                "rule",
                "owner",
                "reseller",
                "window",
                "week",
                "actions",
                List.of("pause"),
                "usedMinor",
                500,
                "limitMinor",
                400);
        Map<String, Object> unusual = Map.of(
                "kind",
                "burst",
                "category",
                "cloud",
                "action",
                "throttle",
                "observedBytes",
                5_000_000_000L,
                "expectedLowBytes",
                10_000_000,
                "expectedHighBytes",
                90_000_000);
        Map<String, Object> charged = Map.of(
                "percent",
                100,
                "charged",
                "50.00",
                "limit",
                "50.00",
                "total",
                "60.00",
                "ceiling",
                "80.00",
                "currency",
                "EUR");
        Map<String, Object> given = Map.of("bytes", 500_000_000, "reference", "x", "remainingBytes", 700_000_000);
        Map<String, Occurrence> all = new LinkedHashMap<>();
        add(all, "usage.threshold_reached", use);
        add(all, "usage.threshold_reached", Map.of("limit", "plan", "percent", 100, "usedBytes", 2L, "limitBytes", 2L));
        add(
                all,
                "usage.threshold_reached",
                Map.of("limit", "fair_use", "usedBytes", 2L, "limitBytes", 2L, "downKbps", 512));
        add(
                all,
                "usage.threshold_reached",
                Map.of("limit", "member", "window", "week", "usedBytes", 2L, "limitBytes", 2L));
        add(all, "usage.threshold_reached", minutes);
        add(all, "usage.threshold_reached", money);
        add(all, "rule.applied", Map.of("owner", "operator", "cause", "place", "actions", List.of("block_zone")));
        add(all, "anomaly.opened", unusual);
        add(all, "anomaly.grown", unusual);
        add(all, "anomaly.bad_destination", Map.of("destinationClass", "dns:botnet", "action", "notify"));
        add(all, "device.changed", Map.of("since", "2026-11-30T10:00:00Z"));
        add(all, "case.resolved", Map.of("case", "case_1", "resolution", "lifted", "creditBytes", 0));
        add(all, "case.resolved", Map.of("case", "case_1", "resolution", "credited", "creditBytes", 5_000_000));
        add(
                all,
                "policy.decided",
                Map.of("level", "suspended_data", "reason", "administrative.held", "previousLevel", "normal"));
        add(all, "policy.decided", Map.of("level", "throttled", "reason", "zone.speed_cap", "downKbps", 512));
        add(all, "policy.decided", Map.of("level", "normal", "reason", "none", "previousLevel", "throttled"));
        add(all, "zone.breached", Map.of("name", "Alps", "zone", "zone_1", "country", "CH", "then", "blocks"));
        add(all, "zone.breached", Map.of("name", "Alps", "zone", "zone_1", "country", "CH", "then", "warns"));
        add(all, "tariff.told", Map.of("country", "CH", "remainingBytes", 5, "then", "slow"));
        add(all, "overage.agreed", Map.of("limit", "50.00", "currency", "EUR", "textVersion", "3"));
        add(all, "overage.threshold_reached", charged);
        add(all, "overage.ceiling_reached", charged);
        add(all, "plan.started", Map.of("startsAt", "2026-11-30T10:00:00Z", "endsAt", "2026-12-07T10:00:00Z"));
        add(all, "plan.renewed", given);
        add(all, "plan.ending", Map.of("endsAt", "2026-12-07T10:00:00Z", "remainingBytes", 5_000_000));
        add(all, "plan.ended", Map.of("endedAt", "2026-12-07T10:00:00Z", "remainingBytes", 5_000_000));
        add(all, "credit.applied", given);
        add(all, "top_up.applied", given);
        add(all, "volume.expired", Map.of("kind", "top_up", "reason", "r", "bytes", 5_000_000));
        return all;
    }

    @Test
    void whyDataIsStoppedOrSlowedIsSaidOfEachReasonThatNoOtherEventTells() {
        for (String language : List.of("en", "fr", "zh")) {
            Phrases phrases = new Phrases(java.util.Locale.of(language), java.time.ZoneOffset.UTC);
            String other = phrases.of("reason", "other");
            for (String reason :
                    List.of("administrative.held", "legal.held", "zone.speed_cap", "member.left", "drain.held")) {
                assertThat(phrases.ofFamily("reason", reason)).as(reason).isNotEqualTo(other);
            }
            assertThat(phrases.ofFamily("reason", "none")).isEqualTo(other);
        }
    }

    @Test
    void aVolumeIsRoundedDown() {
        Phrases phrases = new Phrases(java.util.Locale.ENGLISH, java.time.ZoneOffset.UTC);
        assertThat(phrases.volume(1_999_999_999)).isEqualTo("1.99 GB");
    }

    private static void add(Map<String, Occurrence> all, String type, Map<String, Object> data) {
        all.put(type + all.size(), new Occurrence(type, data, AT));
    }

    private static Properties read(String name) throws IOException {
        try (InputStream in = NoticeWordsTest.class.getResourceAsStream("/dev/octroi/notice/" + name + ".properties")) {
            Properties words = new Properties();
            words.load(new java.io.InputStreamReader(in, java.nio.charset.StandardCharsets.UTF_8));
            return words;
        }
    }

    private static TreeSet<String> slots(String words) {
        TreeSet<String> slots = new TreeSet<>();
        SLOT.matcher(words).results().map(MatchResult::group).forEach(slots::add);
        return slots;
    }
}
