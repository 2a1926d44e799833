package dev.octroi.catalog;

import static java.util.Objects.requireNonNull;

import java.math.BigDecimal;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a plan offers: the terms that the engine keeps, and what selling needs beside.
 *
 * @param terms what counting and policy keep
 * @param price the price of the plan, 0 to 10,000,000
 * @param countries ISO 3166 codes of the countries where it works, 1 to 250
 * @param topUpPricePerGigabyte the price of 1,000,000,000 more bytes; null when volume added later has no list price
 * @param breakoutCountry ISO 3166 code of the country where the traffic enters the internet, null when not stated
 * @param tethering whether the plan may be shared with other devices
 * @param profileType the type whose stock its profiles are taken from; null when the SM-DP+ makes or orders them
 */
public record PlanOffer(
        PlanTerms terms,
        Money price,
        List<String> countries,
        @Nullable Money topUpPricePerGigabyte,
        @Nullable String breakoutCountry,
        boolean tethering,
        @Nullable String profileType) {
    private static final Pattern COUNTRY = Pattern.compile("[A-Z]{2}");
    private static final Pattern PROFILE_TYPE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");
    private static final int MAX_COUNTRIES = 250;
    private static final BigDecimal MAX_PRICE = BigDecimal.valueOf(10_000_000);

    public PlanOffer {
        requireNonNull(terms, "terms is null");
        requireNonNull(price, "price is null");
        countries = countries.stream().distinct().sorted().toList();
        if (countries.isEmpty() || countries.size() > MAX_COUNTRIES) {
            throw new IllegalArgumentException("a plan works in 1 to 250 countries");
        }
        if (!countries.stream().allMatch(code -> COUNTRY.matcher(code).matches())
                || (breakoutCountry != null && !COUNTRY.matcher(breakoutCountry).matches())) {
            throw new IllegalArgumentException("a country has two capital letters");
        }
        if (profileType != null && !PROFILE_TYPE.matcher(profileType).matches()) {
            throw new IllegalArgumentException(
                    "a profile type has up to 100 letters, digits, dots, dashes, underscores");
        }
        if (!isPrice(price) || (topUpPricePerGigabyte != null && !isPrice(topUpPricePerGigabyte))) {
            throw new IllegalArgumentException("a price is between nothing and 10,000,000");
        }
        if (topUpPricePerGigabyte != null && !topUpPricePerGigabyte.currency().equals(price.currency())) {
            throw new IllegalArgumentException("a plan has one currency");
        }
        if (terms.sharing() != null && !isPriceOf(terms.sharing().memberPrice(), price)) {
            throw new IllegalArgumentException("a member's price is nothing to 10,000,000, in the plan's currency");
        }
    }

    private static boolean isPriceOf(@Nullable Money member, Money plan) {
        return member == null || (isPrice(member) && member.currency().equals(plan.currency()));
    }

    /** Bounded, so that no order of it leaves the range of an amount. */
    private static boolean isPrice(Money money) {
        return money.amount().signum() >= 0 && money.amount().compareTo(MAX_PRICE) <= 0;
    }

    /** The plan's name. */
    public String name() {
        return terms.planName();
    }
}
