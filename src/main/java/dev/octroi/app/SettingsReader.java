package dev.octroi.app;

import dev.octroi.subscription.ActivationCode;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** Reads typed values, remembers every key it was asked for, and at the end refuses the keys that nobody asked for. */
final class SettingsReader {
    private final SettingsSource source;
    private final Map<String, String> described = new LinkedHashMap<>();

    SettingsReader(SettingsSource source) {
        this.source = source;
    }

    String text(String key, String fallback) {
        String value = source.get(key);
        String chosen = value == null ? fallback : value.strip();
        described.put(key, chosen);
        return chosen;
    }

    Optional<String> optional(String key) {
        String value = source.get(key);
        described.put(key, value == null ? "" : value);
        return Optional.ofNullable(value).map(String::strip).filter(text -> !text.isEmpty());
    }

    /** An https address, when there is one. */
    Optional<URI> address(String key) {
        return optional(key).map(text -> {
            try {
                URI uri = new URI(text);
                if ("https".equals(uri.getScheme()) && uri.getHost() != null) {
                    return uri;
                }
            } catch (URISyntaxException e) {
                throw wrong(key, text, "an https address", e);
            }
            throw wrong(key, text, "an https address", null);
        });
    }

    /** The address of an SM-DP+ as activation codes carry it, when there is one. */
    Optional<String> smdpAddress(String key) {
        return optional(key).map(text -> {
            if (!ActivationCode.isValid(text, "")) {
                throw wrong(key, text, "a host name, with a port where it is not 443", null);
            }
            return text;
        });
    }

    /** Where an installation is reached, when that is said: others put paths behind it, so it ends without a slash. */
    Optional<String> origin(String key) {
        return address(key).map(uri -> {
            boolean isBare = uri.getRawPath().isEmpty() || uri.getRawPath().equals("/");
            if (!isBare || uri.getRawQuery() != null || uri.getRawFragment() != null || uri.getRawUserInfo() != null) {
                throw wrong(key, uri.toString(), "https:// with a host, mostly a port, and no path", null);
            }
            return "https://" + uri.getRawAuthority();
        });
    }

    /** An object identifier in dotted form, when there is one. */
    Optional<String> objectId(String key) {
        return optional(key).map(text -> {
            if (!text.matches("[0-2](\\.(0|[1-9][0-9]{0,8})){1,30}")) {
                throw wrong(key, text, "an object identifier such as 2.999.10", null);
            }
            return text;
        });
    }

    /** Like {@link #optional}, but never described with its value. */
    Optional<String> secret(String key) {
        String value = source.get(key);
        described.put(key, value == null ? "" : "(set)");
        return Optional.ofNullable(value).filter(text -> !text.isEmpty());
    }

    int integer(String key, int min, int max, int fallback) {
        return integer(key, min, max, text(key, Integer.toString(fallback)));
    }

    /** A whole number, when there is one. */
    OptionalInt optionalInteger(String key, int min, int max) {
        Optional<String> value = optional(key);
        return value.isEmpty() ? OptionalInt.empty() : OptionalInt.of(integer(key, min, max, value.get()));
    }

    private static int integer(String key, int min, int max, String value) {
        try {
            int number = Integer.parseInt(value);
            if (number >= min && number <= max) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw wrong(key, value, "a whole number from " + min + " to " + max, e);
        }
        throw wrong(key, value, "a whole number from " + min + " to " + max, null);
    }

    double decimal(String key, double min, double max, double fallback) {
        String value = text(key, Double.toString(fallback));
        try {
            double number = Double.parseDouble(value);
            if (number >= min && number <= max) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw wrong(key, value, "a number from " + min + " to " + max, e);
        }
        throw wrong(key, value, "a number from " + min + " to " + max, null);
    }

    boolean flag(String key, boolean fallback) {
        String value = text(key, Boolean.toString(fallback));
        return switch (value) {
            case "true" -> true;
            case "false" -> false;
            default -> throw wrong(key, value, "true or false", null);
        };
    }

    Duration duration(String key, Duration min, Duration max, Duration fallback) {
        String value = text(key, fallback.toString());
        String wanted = "an ISO 8601 duration from " + min + " to " + max;
        try {
            Duration duration = Duration.parse(value);
            if (duration.compareTo(min) >= 0 && duration.compareTo(max) <= 0) {
                return duration;
            }
        } catch (DateTimeParseException e) {
            throw wrong(key, value, wanted, e);
        }
        throw wrong(key, value, wanted, null);
    }

    /** Every key that was read with its effective value, in the order of reading. */
    Map<String, String> described() {
        return described;
    }

    /** @throws SettingsException when the source holds a key that was never read */
    void refuseUnknown() {
        for (String key : source.keys()) {
            boolean known = described.keySet().stream()
                    .anyMatch(k -> SettingsSource.normalise(k).equals(key));
            if (!known) {
                throw new SettingsException("unknown setting \"" + key + "\"; did you mean \"" + nearest(key) + "\"?");
            }
        }
    }

    private String nearest(String key) {
        String best = "";
        int bestDistance = Integer.MAX_VALUE;
        for (String candidate : described.keySet()) {
            int distance = distance(key, SettingsSource.normalise(candidate));
            if (distance < bestDistance) {
                bestDistance = distance;
                best = candidate;
            }
        }
        return best;
    }

    /** Levenshtein distance. */
    private static int distance(String a, String b) {
        int[] previous = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            previous[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int[] current = new int[b.length() + 1];
            current[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                current[j] = Math.min(replaced, Math.min(previous[j], current[j - 1]) + 1);
            }
            previous = current;
        }
        return previous[b.length()];
    }

    private static SettingsException wrong(String key, String value, String wanted, @Nullable Exception cause) {
        String message = "setting " + key + " wants " + wanted + ", not \"" + value + "\"";
        return cause == null ? new SettingsException(message) : new SettingsException(message, cause);
    }
}
