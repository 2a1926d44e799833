package dev.octroi.catalog;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.Currency;

/**
 * Use beyond the volume at a price, for travellers who agreed to it; nobody else is ever charged. Amounts are whole minor
 * units of the currency (cents), without tax.
 *
 * @param currency ISO 4217 code
 * @param pricePerGigabyteMinor price of 1,000,000,000 bytes, 1 to 1,000,000,000
 * @param ceilingMinor most that is ever charged on one plan, 1 to 1,000,000,000
 * @param limitMinor most that is charged in a calendar month while the traveller chose no other limit, 1 to the ceiling
 *     (Regulation (EU) 2022/612 art. 14)
 */
public record Overage(String currency, long pricePerGigabyteMinor, long ceilingMinor, long limitMinor) {
    /** The share of a limit at which the traveller is warned, in percent (Regulation (EU) 2022/612 art. 14). */
    public static final int WARN_AT_PERCENT = 80;

    /** The limit where a plan in euro names none: 50 euro without tax. */
    public static final Money DEFAULT_LIMIT = new Money(BigDecimal.valueOf(50), "EUR");

    private static final long MAX = 1_000_000_000;
    private static final BigInteger GIGABYTE = BigInteger.valueOf(1_000_000_000);
    private static final BigDecimal MEGABYTES_PER_GIGABYTE = BigDecimal.valueOf(1_000);

    public Overage {
        if (!hasMinorUnits(currency)) {
            throw new IllegalArgumentException("a price is in a currency with minor units");
        }
        checkPrice(pricePerGigabyteMinor);
        if (ceilingMinor < 1 || ceilingMinor > MAX || limitMinor < 1 || limitMinor > ceilingMinor) {
            throw new IllegalArgumentException(
                    "a ceiling is 1 to 1,000,000,000 minor units, and the monthly limit is not above it");
        }
    }

    /**
     * Reads amounts.
     *
     * @throws IllegalArgumentException when they are of different currencies or not whole minor units
     */
    public static Overage of(Money pricePerMegabyte, Money ceiling, Money limit) {
        String currency = pricePerMegabyte.currency();
        if (!ceiling.currency().equals(currency) || !limit.currency().equals(currency)) {
            throw new IllegalArgumentException("price, ceiling and limit are in one currency");
        }
        return new Overage(currency, perGigabyteMinor(pricePerMegabyte), minor(ceiling), minor(limit));
    }

    /**
     * The minor units of a gigabyte, from the price of 1,000,000 bytes.
     *
     * @throws IllegalArgumentException when they are not whole
     */
    public static long perGigabyteMinor(Money pricePerMegabyte) {
        return minor(
                new Money(pricePerMegabyte.amount().multiply(MEGABYTES_PER_GIGABYTE), pricePerMegabyte.currency()));
    }

    /**
     * What bytes cost.
     *
     * @param minor whole minor units
     * @param rest what is owed beside them and not charged yet, in billionths of a minor unit, 0 to 999,999,999
     */
    public record Cost(long minor, long rest) {}

    /**
     * What more bytes cost at a price. All bytes together are rounded down once, in the traveller's favour, whatever prices
     * they had and into how many records they were cut.
     *
     * @param restBefore the rest of what was charged before
     */
    public static Cost cost(long restBefore, long pricePerGigabyteMinor, long bytes) {
        BigInteger[] parts = BigInteger.valueOf(bytes)
                .multiply(BigInteger.valueOf(pricePerGigabyteMinor))
                .add(BigInteger.valueOf(restBefore))
                .divideAndRemainder(GIGABYTE);
        return new Cost(parts[0].longValueExact(), parts[1].longValueExact());
    }

    /** The fewest more bytes that cost this much, at a price and on top of a rest. */
    public static long bytesFor(long minor, long restBefore, long pricePerGigabyteMinor) {
        BigInteger price = BigInteger.valueOf(pricePerGigabyteMinor);
        return BigInteger.valueOf(minor)
                .multiply(GIGABYTE)
                .subtract(BigInteger.valueOf(restBefore))
                .add(price)
                .subtract(BigInteger.ONE)
                .divide(price)
                .max(BigInteger.ZERO)
                .longValueExact();
    }

    /** An amount of minor units. */
    public Money money(long minor) {
        return Money.ofMinor(minor, currency);
    }

    static void checkPrice(long perGigabyteMinor) {
        if (perGigabyteMinor < 1 || perGigabyteMinor > MAX) {
            throw new IllegalArgumentException("a price of a gigabyte is 1 to 1,000,000,000 minor units");
        }
    }

    /** The price of 1,000,000 bytes. */
    public Money pricePerMegabyte() {
        return pricePerMegabyte(pricePerGigabyteMinor);
    }

    /** The price of 1,000,000 bytes where a gigabyte has a price of its own. */
    public Money pricePerMegabyte(long perGigabyteMinor) {
        BigDecimal price = BigDecimal.valueOf(perGigabyteMinor, Money.digits(currency));
        return new Money(price.movePointLeft(3).setScale(4, RoundingMode.UNNECESSARY), currency);
    }

    /** The same as text, exact also where it has more places than an amount may have. */
    public String pricePerMegabyteText(long perGigabyteMinor) {
        BigDecimal price = BigDecimal.valueOf(perGigabyteMinor, Money.digits(currency))
                .movePointLeft(3)
                .stripTrailingZeros();
        return (price.scale() < 2 ? price.setScale(2, RoundingMode.UNNECESSARY) : price).toPlainString();
    }

    /**
     * The minor units of an amount.
     *
     * @throws IllegalArgumentException when it has a part of a minor unit, or leaves the range
     */
    public static long minor(Money money) {
        try {
            return money.amount().movePointRight(Money.digits(money.currency())).longValueExact();
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException("an amount is in whole minor units of its currency", e);
        }
    }

    private static boolean hasMinorUnits(String currency) {
        try {
            return Currency.getInstance(currency).getDefaultFractionDigits() >= 0;
        } catch (IllegalArgumentException notOfIso) {
            return false;
        }
    }
}
