package dev.octroi.http;

import java.util.Arrays;
import java.util.Optional;

/** Strong entity tags made of version numbers, and the preconditions on them (RFC 9110 §13). */
public final class ETags {

    private static final int MAX_TAGS = 16;

    private ETags() {}

    /** The tag of a version: {@code "7"}, quotes included. */
    public static String of(long version) {
        return '"' + Long.toString(version) + '"';
    }

    /**
     * Requires that a change names the version that it changes.
     *
     * @param currentVersion the version now
     * @throws ProblemException 428 without {@code If-Match}, 412 with the current {@code ETag} when it names another
     */
    public static void requireMatch(ApiCall call, long currentVersion) {
        if (!matches(requireIfMatch(call), of(currentVersion))) {
            throw stale(currentVersion);
        }
    }

    /**
     * The version that a change is based on, for features that compare it themselves.
     *
     * @throws ProblemException 428 without {@code If-Match}, 412 when it is no tag of ours
     */
    public static long requireVersion(ApiCall call) {
        String header = requireIfMatch(call).strip();
        if (header.matches("\"\\d{1,18}\"")) {
            return Long.parseLong(header.substring(1, header.length() - 1));
        }
        throw Problem.of(ProblemType.PRECONDITION_FAILED).toException();
    }

    /** 412 with the current tag. */
    public static ProblemException stale(long currentVersion) {
        return Problem.of(ProblemType.PRECONDITION_FAILED).toException().withHeader("ETag", of(currentVersion));
    }

    /** 304 when {@code If-None-Match} names the current version, else the reply with its tag. */
    public static Reply conditional(ApiCall call, long currentVersion, Reply reply) {
        String tag = of(currentVersion);
        Optional<String> header = call.header("If-None-Match");
        // Weak comparison (§8.8.3.2): W/ does not matter here.
        if (header.isPresent() && matches(header.get().replace("W/", ""), tag)) {
            return new Reply(304, java.util.Map.of("ETag", tag), null, null);
        }
        return reply.withHeader("ETag", tag);
    }

    private static String requireIfMatch(ApiCall call) {
        return call.header("If-Match")
                .filter(header -> !header.isBlank())
                .orElseThrow(() -> Problem.of(ProblemType.PRECONDITION_REQUIRED).toException());
    }

    private static boolean matches(String header, String tag) {
        String text = header.strip();
        return text.equals("*")
                || Arrays.stream(text.split(",", MAX_TAGS)).map(String::strip).anyMatch(tag::equals);
    }
}
