package dev.octroi.catalog;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a plan offers: the terms that the engine keeps, and what selling needs beside.
 *
 * @param terms what counting and policy keep
 * @param price the price of the plan, not negative
 * @param countries ISO 3166 codes of the countries where it works, 1 to 250
 * @param topUpPricePerGigabyte the price of 1,000,000,000 more bytes; null when volume added later has no list price
 * @param breakoutCountry ISO 3166 code of the country where the traffic enters the internet, null when not stated
 * @param tethering whether the plan may be shared with other devices
 */
public record PlanOffer(
        PlanTerms terms,
        Money price,
        List<String> countries,
        @Nullable Money topUpPricePerGigabyte,
        @Nullable String breakoutCountry,
        boolean tethering) {
    private static final Pattern COUNTRY = Pattern.compile("[A-Z]{2}");
    private static final int MAX_COUNTRIES = 250;

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
        if (price.amount().signum() < 0
                || (topUpPricePerGigabyte != null
                        && topUpPricePerGigabyte.amount().signum() < 0)) {
            throw new IllegalArgumentException("a price is not negative");
        }
        if (topUpPricePerGigabyte != null && !topUpPricePerGigabyte.currency().equals(price.currency())) {
            throw new IllegalArgumentException("a plan has one currency");
        }
    }

    /** The plan's name. */
    public String name() {
        return terms.planName();
    }
}
