package dev.octroi.callback.message;

import static java.util.Objects.requireNonNull;

import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;

/**
 * Which steps of a profile an operator hears of on ES2+, and under which number of a notification point. The standard has
 * four (SGP.22 v2.5 §5.3.5); enabling, disabling and deleting have numbers that differ from operator to operator.
 *
 * @param numbers 1 to 999, by the word of the step; a step without one is not told
 */
public record NotificationPoints(Map<String, Integer> numbers) {
    // Before the constants, which are checked against it.
    private static final Set<String> STEPS = Set.of(
            "authenticated", "confirmation", "downloaded", "cancelled", "installed", "enabled", "disabled", "deleted");
    private static final int MAX_NUMBER = 999;

    /** Eligibility 1, confirmation code 2, package 3 (also when the device cancels), installation 4. */
    public static final NotificationPoints STANDARD = new NotificationPoints(
            Map.of("authenticated", 1, "confirmation", 2, "downloaded", 3, "cancelled", 3, "installed", 4));

    /** The standard ones, and deleted 5, enabled 101, disabled 102. */
    public static final NotificationPoints LIFECYCLE = new NotificationPoints(Map.of(
            "authenticated", 1,
            "confirmation", 2,
            "downloaded", 3,
            "cancelled", 3,
            "installed", 4,
            "deleted", 5,
            "enabled", 101,
            "disabled", 102));

    public NotificationPoints {
        numbers = Map.copyOf(requireNonNull(numbers, "numbers is null"));
        numbers.forEach((step, number) -> {
            if (!STEPS.contains(step)) {
                throw new IllegalArgumentException("no step is called " + step);
            }
            if (number < 1 || number > MAX_NUMBER) {
                throw new IllegalArgumentException("a notification point has a number from 1 to 999");
            }
        });
    }

    /** The number for a step; empty when the operator does not hear of it. */
    public OptionalInt of(String step) {
        Integer number = numbers.get(step);
        return number == null ? OptionalInt.empty() : OptionalInt.of(number);
    }

    /** The numbers in the order of the steps' words. */
    public Map<String, Integer> sorted() {
        return new TreeMap<>(numbers);
    }
}
