package dev.octroi.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.octroi.catalog.Validity.StartMode;
import io.vertx.core.json.JsonObject;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class LabelTest {

    @Test
    void hashCoversEveryFact() {
        Label label = Label.of(1, 1, SamplePlans.france());
        for (String fact : label.facts().keySet()) {
            Map<String, Object> altered = new LinkedHashMap<>(label.facts());
            altered.put(fact, "something else");
            assertThat(Label.ofFacts(altered).hash()).as(fact).isNotEqualTo(label.hash());
        }
    }

    @Test
    void hashSurvivesADatabaseThatReordersMembers() {
        Label label = Label.of(1, 1, SamplePlans.france());
        Map<String, Object> reversed = new LinkedHashMap<>();
        label.facts().keySet().stream()
                .sorted((a, b) -> b.compareTo(a))
                .forEach(key -> reversed.put(key, label.facts().get(key)));
        String text = new JsonObject(reversed).encode();
        assertThat(Label.ofFacts(new JsonObject(text).getMap()).hash()).isEqualTo(label.hash());
    }

    @Test
    void canonicalFormFollowsRfc8785() {
        Map<String, Object> value = new LinkedHashMap<>();
        value.put("é", "€\"\\\u0007\n");
        value.put("b", List.of(1, 2L, true, Map.of()));
        value.put("a", -5L);
        assertThat(CanonicalJson.write(value))
                .isEqualTo("{\"a\":-5,\"b\":[1,2,true,{}],\"é\":\"€\\\"\\\\\\u0007\\n\"}");
        assertThatThrownBy(() -> CanonicalJson.write(Map.of("fraction", 0.1)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void ceilingBeyondThePlanIsAlwaysZero() {
        assertThat(Label.of(1, 1, SamplePlans.france()).canonicalJson())
                .contains("\"overage\":{\"ceiling\":{\"amount\":\"0.00\",\"currency\":\"EUR\"}");
    }

    @Test
    void everyLanguageSaysTheWholeTariff() {
        for (StartMode start : List.of(StartMode.ON_ORDER, StartMode.ON_INSTALL, StartMode.ON_FIRST_USE)) {
            int lines =
                    LabelText.lines(SamplePlans.france(start), Locale.ENGLISH).size();
            for (Locale locale : List.of(Locale.FRENCH, Locale.CHINESE)) {
                assertThat(LabelText.lines(SamplePlans.france(start), locale)).hasSize(lines);
            }
        }
        assertThat(text(Locale.ENGLISH))
                .contains("3 GB", "384 kbit/s", "7 days", "80 %", "€9.90", "Paris centre: 2000 kbit/s", "France");
        assertThat(text(Locale.FRENCH))
                .contains("3\u00a0Go", "384\u00a0kbit/s", "7 jours", "l’installation", "Paris centre");
        assertThat(text(Locale.CHINESE)).contains("3 GB", "7 天", "法国", "384 kbit/s");
    }

    /** What a hold is bounded by, and that most alarms only slow, was not said before; what was sold keeps its hash. */
    @Test
    void aDrainIsHeldForAsLongAsThePlanSays() {
        PlanOffer france = SamplePlans.france();
        PlanOffer offer = new PlanOffer(
                new PlanTerms(
                                PlanTerms.SCHEMA,
                                "France",
                                3_000_000_000L,
                                france.terms().validity(),
                                france.terms().afterQuota(),
                                80,
                                List.of(),
                                DrainPolicy.SUSPEND,
                                DayZone.TRAVELLER)
                        .with(new DrainTerms(1, 1.1, false, 6)),
                france.price(),
                france.countries(),
                null,
                null,
                true,
                null);
        assertThat(LabelText.lines(offer, Locale.ENGLISH).toString())
                .contains(
                        "where the signs are strong enough, slow it down or pause data, for at most 6 hours at a time")
                .doesNotContain("until you decide");
        assertThat(LabelText.lines(offer, Locale.FRENCH).toString()).contains("pendant 6 heures au plus");
        assertThat(LabelText.lines(offer, Locale.CHINESE).toString()).contains("每次最多 6 小时");
    }

    @Test
    void volumesAreNeverSaidToBeMoreThanTheyAre() {
        assertThat(LabelText.volume(2_960_000_000L, Locale.ENGLISH)).isEqualTo("2.9 GB");
        assertThat(LabelText.volume(2_900_000_000L, Locale.ENGLISH)).isEqualTo("2.9 GB");
        assertThat(LabelText.volume(999_999_999L, Locale.FRENCH)).isEqualTo("999,9\u00a0Mo");
        assertThat(LabelText.volume(3_000_000_000L, Locale.ENGLISH)).isEqualTo("3 GB");
    }

    @Test
    void aMomentOfBeginningIsSaidWithItsTime() {
        // Midnight of the first of December in Paris.
        Validity validity = new Validity(7, Validity.Unit.DAY, StartMode.FIXED, Instant.parse("2026-11-30T23:00:00Z"));
        PlanOffer france = SamplePlans.france();
        PlanOffer offer = new PlanOffer(
                new PlanTerms(
                        PlanTerms.SCHEMA,
                        "France",
                        3_000_000_000L,
                        validity,
                        france.terms().afterQuota(),
                        80,
                        List.of(),
                        DrainPolicy.SUSPEND,
                        DayZone.TRAVELLER),
                france.price(),
                france.countries(),
                null,
                null,
                true,
                null);
        assertThat(LabelText.lines(offer, Locale.ENGLISH).toString())
                .contains("starting on November 30, 2026, 23:00 UTC.");
        assertThat(LabelText.lines(offer, Locale.FRENCH).toString()).contains("30 novembre 2026, 23:00 UTC.");
    }

    @Test
    void pageEscapesWhatResellersWrite() {
        PlanOffer offer = SamplePlans.france();
        PlanTerms terms = offer.terms();
        PlanOffer nasty = new PlanOffer(
                new PlanTerms(
                        terms.schema(),
                        "<script>alert(\"1\")</script>",
                        terms.quotaBytes(),
                        terms.validity(),
                        terms.afterQuota(),
                        terms.warnAtPercent(),
                        terms.zoneCaps(),
                        terms.drainPolicy(),
                        terms.dayZone()),
                offer.price(),
                offer.countries(),
                null,
                null,
                false,
                null);
        String page = LabelPage.html(Plan.publish(1, 1, nasty, java.time.Instant.EPOCH), Locale.ENGLISH);
        assertThat(page).doesNotContain("<script").contains("&lt;script&gt;").contains("sha256:");
    }

    @Test
    void moneyIsExact() {
        Money gigabyte = new Money(new BigDecimal("3.5"), "EUR");
        assertThat(gigabyte.text()).isEqualTo("3.50");
        assertThat(gigabyte.perGigabyte(1_000_000_000).text()).isEqualTo("3.50");
        assertThat(gigabyte.perGigabyte(500_000_001).text()).isEqualTo("1.75");
        assertThat(new Money(new BigDecimal("9.9"), "EUR")).isEqualTo(new Money(new BigDecimal("9.9000"), "EUR"));
        assertThat(new Money(new BigDecimal("9.90"), "EUR").times(20).text()).isEqualTo("198.00");
        assertThatThrownBy(() -> new Money(new BigDecimal("0.00001"), "EUR"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static String text(Locale locale) {
        return LabelText.lines(SamplePlans.france(), locale).stream()
                .map(line -> line.title() + ": " + line.text())
                .collect(Collectors.joining("\n"));
    }
}
