package dev.octroi.telemetry;

import java.util.Set;

/**
 * The name of an HTTP method as metrics and logs may repeat it. A client makes up what methods it likes, some thousand
 * bytes long and each another one (RFC 9110 §9.1); as a label each would be a time series that nobody forgets.
 */
public final class MethodName {
    /** What stands for every method that is not served anywhere. */
    public static final String OTHER = "other";

    private static final Set<String> KNOWN = Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");

    private MethodName() {}

    /** The name of a method that is in use, else {@link #OTHER}. */
    public static String of(String method) {
        return KNOWN.contains(method) ? method : OTHER;
    }
}
