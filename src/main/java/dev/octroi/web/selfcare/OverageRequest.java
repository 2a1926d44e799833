package dev.octroi.web.selfcare;

import dev.octroi.catalog.Money;
import dev.octroi.catalog.Overage;
import dev.octroi.quota.account.OverageView;
import java.math.BigDecimal;
import java.util.Currency;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The monthly limit to which a traveller agrees.
 *
 * @param limitMinor in minor units of the plan's currency, above 0 and not above the plan's ceiling
 */
record OverageRequest(long limitMinor) {
    /** As travellers write it: with a point or a comma. */
    private static final Pattern AMOUNT = Pattern.compile("[0-9]{1,9}(?:[.,]([0-9]{1,3}))?");

    /** Reads {@code amount}; without it the limit that the page showed. Empty where it is none that the plan allows. */
    static Optional<OverageRequest> ofForm(Map<String, String> form, OverageView overage) {
        String amount = form.getOrDefault("amount", "").strip();
        if (amount.isEmpty()) {
            return Optional.of(new OverageRequest(Overage.minor(overage.limit())));
        }
        String currency = overage.ceiling().currency();
        Matcher written = AMOUNT.matcher(amount);
        if (!written.matches() || isThousands(written.group(1), currency)) {
            return Optional.empty();
        }
        Money limit = new Money(new BigDecimal(amount.replace(',', '.')), currency);
        try {
            long minor = Overage.minor(limit);
            return minor >= 1 && minor <= Overage.minor(overage.ceiling())
                    ? Optional.of(new OverageRequest(minor))
                    : Optional.empty();
        } catch (IllegalArgumentException partOfACent) {
            return Optional.empty();
        }
    }

    /** "1,000" is a thousand for some and one for others: what has more places than the currency is nobody's amount. */
    private static boolean isThousands(@Nullable String places, String currency) {
        return places != null
                && places.length() > Currency.getInstance(currency).getDefaultFractionDigits();
    }
}
