package dev.octroi.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Amounts in currencies of no, two, three and unknown decimal places. */
class MoneyTest {
    private static Money money(String amount, String currency) {
        return new Money(new BigDecimal(amount), currency);
    }

    @ParameterizedTest
    @CsvSource({
        "500,    JPY, 1250000000, 625",
        "333,    JPY, 500000000,  167",
        "333,    JPY, 10000000,   3",
        "9.99,   EUR, 500000000,  5.00",
        "3.5,    EUR, 1234567,    0.00",
        "1.234,  KWD, 500000000,  0.617",
        "1.2345, KWD, 1000000000, 1.235",
        "5,      ZZZ, 333000000,  1.67",
        "5,      XAU, 333000000,  1.67"
    })
    void priceOfBytesIsInWholeMinorUnitsOfItsCurrency(String price, String currency, long bytes, String expected) {
        assertThat(money(price, currency).perGigabyte(bytes)).isEqualTo(money(expected, currency));
    }

    @ParameterizedTest
    @CsvSource({
        "500,    JPY, 500 JPY",
        "0.1,    JPY, 0.1 JPY",
        "9.9,    EUR, 9.90 EUR",
        "0.0005, EUR, 0.0005 EUR",
        "1.5,    KWD, 1.500 KWD",
        "1.2345, KWD, 1.2345 KWD",
        "7,      ZZZ, 7.00 ZZZ"
    })
    void peopleReadTheDecimalPlacesOfTheCurrencyAndNoneIsLost(String amount, String currency, String expected) {
        assertThat(money(amount, currency)).hasToString(expected);
    }

    @ParameterizedTest
    @CsvSource({"500, JPY, ¥500", "9.9, EUR, €9.90", "1.234, KWD, KWD1.234", "9.9999, EUR, €9.9999", "7, ZZZ, 7.00 ZZZ"
    })
    void labelSaysThePriceExactly(String amount, String currency, String expected) {
        PlanOffer france = SamplePlans.france();
        PlanOffer offer =
                new PlanOffer(france.terms(), money(amount, currency), france.countries(), null, "FR", true, null);
        List<String> texts = LabelText.lines(offer, Locale.ENGLISH).stream()
                .map(line -> line.text().replace("\u00a0", ""))
                .toList();
        assertThat(texts).anySatisfy(text -> assertThat(text).startsWith(expected + ", all in"));
    }
}
