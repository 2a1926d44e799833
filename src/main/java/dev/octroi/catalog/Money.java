package dev.octroi.catalog;

import static java.util.Objects.requireNonNull;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.text.NumberFormat;
import java.util.Currency;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * An exact amount.
 *
 * @param amount up to 12 digits before and 4 after the point
 * @param currency ISO 4217 code
 */
public record Money(BigDecimal amount, String currency) {
    private static final Pattern CURRENCY = Pattern.compile("[A-Z]{3}");
    private static final int MIN_SCALE = 2;
    private static final int MAX_SCALE = 4;
    private static final int MAX_PRECISION = 16;

    public Money {
        requireNonNull(amount, "amount is null");
        if (!CURRENCY.matcher(currency).matches()) {
            throw new IllegalArgumentException("a currency has three capital letters");
        }
        // One form for each value, so that equal amounts are equal and the label's hash does not depend on trailing
        // zeros.
        amount = amount.stripTrailingZeros();
        if (amount.scale() < MIN_SCALE) {
            amount = amount.setScale(MIN_SCALE, RoundingMode.UNNECESSARY);
        }
        if (amount.scale() > MAX_SCALE || amount.precision() > MAX_PRECISION) {
            throw new IllegalArgumentException("an amount has at most 12 digits before and 4 after the point");
        }
    }

    /** Nothing, in a currency. */
    public static Money zero(String currency) {
        return new Money(BigDecimal.ZERO, currency);
    }

    /** So many minor units of a currency: cents, or whole yen. */
    public static Money ofMinor(long minor, String currency) {
        return new Money(BigDecimal.valueOf(minor, digits(currency)), currency);
    }

    /** So many times this. */
    public Money times(int count) {
        return new Money(amount.multiply(BigDecimal.valueOf(count)), currency);
    }

    /**
     * A part of this, in thousand-millionths, rounded half up to the minor unit of the currency: the price of bytes at a price
     * per gigabyte.
     */
    public Money perGigabyte(long bytes) {
        BigDecimal price = amount.multiply(BigDecimal.valueOf(bytes)).movePointLeft(9);
        return new Money(price.setScale(digits(currency), RoundingMode.HALF_UP), currency);
    }

    /** The decimal text of the wire, for example {@code 9.90}: two places at least, whatever the currency. */
    public String text() {
        return amount.toPlainString();
    }

    /** As people write it, for example {@code 9.90 EUR} or {@code 500 JPY}: the places of the currency, and more where there are more. */
    @Override
    public String toString() {
        return amount.setScale(places(), RoundingMode.UNNECESSARY).toPlainString() + " " + currency;
    }

    /** As people write it in a language, for example {@code €9.90}, {@code 9,90 €} or {@code ¥500}, with the same places. */
    public String in(Locale locale) {
        return in(amount, currency, locale);
    }

    /**
     * An amount of an event or a log as people write it in a language. A price may have more places there than an amount that is
     * charged; what is no amount stays as it was told.
     */
    public static String told(String amount, String currency, Locale locale) {
        try {
            return in(new BigDecimal(amount), currency, locale);
        } catch (NumberFormatException noAmount) {
            return (amount + " " + currency).strip();
        }
    }

    private static String in(BigDecimal amount, String currency, Locale locale) {
        int places = places(amount, currency);
        try {
            NumberFormat format = NumberFormat.getCurrencyInstance(locale);
            format.setCurrency(Currency.getInstance(currency));
            // A format keeps the places of its own country's currency.
            format.setMinimumFractionDigits(places);
            format.setMaximumFractionDigits(places);
            return format.format(amount);
        } catch (IllegalArgumentException notOfIso) {
            return (amount.setScale(places, RoundingMode.UNNECESSARY).toPlainString() + " " + currency).strip();
        }
    }

    /** How many decimal places people read: those of the currency, and more where a price has a part of a minor unit. */
    int places() {
        return places(amount, currency);
    }

    private static int places(BigDecimal amount, String currency) {
        return Math.max(digits(currency), amount.stripTrailingZeros().scale());
    }

    /** Decimal places of the currency (ISO 4217); two for codes that have none, such as gold, or are of the seller's own. */
    static int digits(String currency) {
        try {
            int digits = Currency.getInstance(currency).getDefaultFractionDigits();
            return digits < 0 ? MIN_SCALE : digits;
        } catch (IllegalArgumentException notOfIso) {
            return MIN_SCALE;
        }
    }
}
