package dev.octroi.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ZoneTariffTest {
    private static final ZoneTariff SWISS = new ZoneTariff("CH", "Switzerland", Set.of(), 500_000_000, 30_000L);
    private static final ZoneTariff VALLEY =
            new ZoneTariff("zone_0HZ4K2M7Q9R3T", "Valley", Set.of("228-01-00AA"), 0, 100_000L);

    @Test
    void termsWithoutZonesReadAndWriteAsBefore() {
        PlanTerms plain = SamplePlans.france().terms();
        assertThat(plain.toJson()).doesNotContain("zoneTariffs");
        assertThat(PlanTerms.fromJson(plain.toJson())).isEqualTo(plain);
        PlanTerms zoned = priced().with(List.of(SWISS, VALLEY));
        assertThat(PlanTerms.fromJson(zoned.toJson())).isEqualTo(zoned);
        assertThat(Label.of(1, 1, SamplePlans.france()).canonicalJson()).doesNotContain("zoneTariffs");
    }

    @Test
    void labelSaysPriceAndVolumeOfEachZoneInEveryLanguage() {
        PlanOffer france = SamplePlans.france();
        PlanOffer offer = new PlanOffer(
                priced().with(List.of(SWISS, VALLEY)), france.price(), france.countries(), null, null, true, null);
        assertThat(Label.of(1, 1, offer).canonicalJson())
                .contains(
                        "{\"includedBytes\":500000000,\"name\":\"Switzerland\","
                                + "\"pricePerMegabyte\":{\"amount\":\"0.30\",\"currency\":\"EUR\"},\"zone\":\"CH\"}",
                        "\"zone\":\"zone_0HZ4K2M7Q9R3T\"");
        assertThat(LabelText.lines(offer, Locale.ENGLISH).toString())
                .contains("Switzerland: 500 MB that are only for there", "€0.30 per MB", "Valley: beyond");
        assertThat(LabelText.lines(offer, Locale.FRENCH).toString())
                .contains(
                        "Suisse\u00a0: 500\u00a0Mo",
                        "Suisse\u00a0: au-delà du volume 0,30\u00a0€ par Mo",
                        "d’être facturé");
        assertThat(LabelText.lines(offer, Locale.CHINESE).toString()).contains("瑞士", "€0.30");
    }

    @Test
    void zonesThatContradictThePlanAreRefused() {
        PlanTerms plain = SamplePlans.france().terms();
        assertThatThrownBy(() -> plain.with(List.of(SWISS))).hasMessageContaining("only where the plan has one");
        assertThatThrownBy(() -> priced().with(List.of(SWISS, SWISS))).hasMessageContaining("one tariff");
        assertThatThrownBy(() -> new ZoneTariff("CH", "Switzerland", Set.of(), 0, null))
                .hasMessageContaining("or both");
        assertThatThrownBy(() -> new ZoneTariff("CH", "Switzerland", Set.of("228-01"), 1, null))
                .hasMessageContaining("a country none");
        assertThatThrownBy(() -> new ZoneTariff("zone_x", "X", Set.of(), 1, null))
                .hasMessageContaining("1 to 5,000 places");
        assertThatThrownBy(() -> new ZoneTariff("CH", "Switzerland", Set.of(), 1, 0L))
                .hasMessageContaining("price of a gigabyte");
    }

    private static PlanTerms priced() {
        return SamplePlans.france().terms().with(new Overage("EUR", 10_000, 8_000, 5_000));
    }
}
