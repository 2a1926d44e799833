package dev.octroi.quota.account;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The traveller's switch for background traffic.
 *
 * @param mode when it is blocked
 * @param belowBytes for {@link Mode#LOW}: blocked while less than this is left; else 0
 * @param categories what is blocked, at most 20 feed words in alphabetical order; empty: all background traffic
 */
public record Background(Mode mode, long belowBytes, List<String> categories) {
    /** First hour of the sleep guard, local time. */
    public static final int NIGHT_FROM = 23;
    /** First hour after the sleep guard. */
    public static final int NIGHT_TO = 7;

    /** Never blocked: how an account begins. */
    public static final Background ON = new Background(Mode.ON, 0);

    private static final long MAX_BYTES = 1_000_000_000_000L;
    private static final int MAX_CATEGORIES = 20;
    private static final Pattern CATEGORY = Pattern.compile("[a-z_]{1,32}");

    /** All background traffic. */
    public Background(Mode mode, long belowBytes) {
        this(mode, belowBytes, List.of());
    }

    public Background {
        categories = categories.stream().distinct().sorted().toList();
        if (categories.size() > MAX_CATEGORIES
                || categories.stream().anyMatch(each -> !CATEGORY.matcher(each).matches())
                || (mode == Mode.ON && !categories.isEmpty())) {
            throw new IllegalArgumentException("at most 20 categories are blocked, and none where nothing is");
        }
        if (mode == Mode.LOW ? belowBytes < 1 || belowBytes > MAX_BYTES : belowBytes != 0) {
            throw new IllegalArgumentException("a limit of 1 byte to 1 TB belongs to the mode \"low\" only");
        }
    }

    /** When background traffic is blocked. */
    public enum Mode {
        /** Never. */
        ON,
        /** Always. */
        OFF,
        /** From 23:00 to 07:00 local time: the sleep guard. */
        NIGHT,
        /** While little is left. */
        LOW;

        /** The stable word of APIs and columns. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** The mode of a word. */
        public static Optional<Mode> of(String word) {
            for (Mode each : values()) {
                if (each.word().equals(word)) {
                    return Optional.of(each);
                }
            }
            return Optional.empty();
        }
    }
}
