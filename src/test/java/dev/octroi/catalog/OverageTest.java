package dev.octroi.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Prices of use beyond the volume: whole minor units, and no sum that depends on how it was cut up. */
class OverageTest {
    @Test
    void priceOfAMegabyteBecomesWholeMinorUnitsOfAGigabyte() {
        Overage overage = Overage.of(euro("0.0050"), euro("80"), euro("50"));
        assertThat(overage.pricePerGigabyteMinor()).isEqualTo(500);
        assertThat(overage.pricePerMegabyte()).isEqualTo(euro("0.005"));
        assertThat(Overage.cost(0, 500, 1_999_999).minor()).as("rounded down").isZero();
        assertThat(Overage.cost(0, 500, 2_000_000).minor()).isEqualTo(1);
        assertThat(overage.money(1)).isEqualTo(euro("0.01"));
    }

    @Test
    void currencyWithoutCentsHasNone() {
        Money yen = new Money(BigDecimal.valueOf(2), "JPY");
        Overage overage = Overage.of(yen, yen, yen);
        assertThat(overage.pricePerGigabyteMinor()).isEqualTo(2_000);
        assertThat(overage.money(2)).isEqualTo(yen);
        assertThatThrownBy(() -> Overage.minor(new Money(new BigDecimal("0.5"), "JPY")))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void bytesForAnAmountAreTheFewestThatCostIt() {
        for (long seed = 1; seed <= 2_000; seed++) {
            Random random = new Random(seed);
            long price = 1 + random.nextLong(1_000_000_000);
            long rest = random.nextLong(1_000_000_000);
            long minor = random.nextLong(1_000_000_000);
            long bytes = Overage.bytesFor(minor, rest, price);
            assertThat(Overage.cost(rest, price, bytes).minor())
                    .as("seed " + seed)
                    .isGreaterThanOrEqualTo(minor);
            if (bytes > 0) {
                assertThat(Overage.cost(rest, price, bytes - 1).minor())
                        .as("seed " + seed)
                        .isLessThan(minor);
            }
        }
    }

    @Test
    void itDoesNotMatterIntoHowManyRecordsBytesOfSeveralPricesWereCut() {
        for (long seed = 1; seed <= 500; seed++) {
            Random random = new Random(seed);
            BigInteger owed = BigInteger.ZERO;
            long rest = 0;
            long minor = 0;
            for (int i = 0; i < 50; i++) {
                long price = 1 + random.nextLong(100_000);
                long bytes = random.nextLong(10_000_000);
                Overage.Cost cost = Overage.cost(rest, price, bytes);
                minor += cost.minor();
                rest = cost.rest();
                owed = owed.add(BigInteger.valueOf(price).multiply(BigInteger.valueOf(bytes)));
            }
            BigInteger[] whole = owed.divideAndRemainder(BigInteger.valueOf(1_000_000_000));
            assertThat(minor).as("seed " + seed).isEqualTo(whole[0].longValueExact());
            assertThat(rest).as("seed " + seed).isEqualTo(whole[1].longValueExact());
        }
    }

    @Test
    void limitsThatContradictEachOtherAreRefused() {
        assertThatThrownBy(() -> Overage.of(euro("0.10"), euro("40"), euro("50")))
                .as("limit above the ceiling")
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Overage.of(euro("0.10"), euro("40"), new Money(BigDecimal.TEN, "USD")))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Overage("XAU", 1, 1, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Overage("EUR", 0, 1, 1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void labelSaysPriceLimitAndCeilingInEveryLanguage() {
        PlanOffer offer = SamplePlans.france();
        PlanOffer priced = new PlanOffer(
                offer.terms().with(Overage.of(euro("0.10"), euro("80"), Overage.DEFAULT_LIMIT)),
                offer.price(),
                offer.countries(),
                null,
                null,
                true,
                null);
        assertThat(Label.of(1, 1, priced).canonicalJson())
                .contains("\"ceiling\":{\"amount\":\"80.00\",\"currency\":\"EUR\"}")
                .contains("\"monthlyLimit\":{\"amount\":\"50.00\",\"currency\":\"EUR\"}");
        for (Locale locale : List.of(Locale.ENGLISH, Locale.FRENCH, Locale.CHINESE)) {
            String text = LabelText.lines(priced, locale).toString();
            assertThat(text).containsAnyOf("€0.10", "0,10\u00a0€").contains("80", "50");
        }
    }

    private static Money euro(String amount) {
        return new Money(new BigDecimal(amount), "EUR");
    }
}
