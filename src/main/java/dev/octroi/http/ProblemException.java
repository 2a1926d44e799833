package dev.octroi.http;

import static java.util.Objects.requireNonNull;

import java.util.Map;

/** Carries a problem to the border; without a stack trace, since a refused request is no fault of the program. */
public final class ProblemException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final transient Problem problem;
    private final transient Map<String, String> headers;

    /** A problem with no header fields of its own. */
    public ProblemException(Problem problem) {
        this(problem, Map.of());
    }

    /** A problem with header fields for the answer, such as {@code Retry-After} or the current {@code ETag}. */
    public ProblemException(Problem problem, Map<String, String> headers) {
        super(requireNonNull(problem, "problem is null").code(), null, false, false);
        this.problem = problem;
        this.headers = Map.copyOf(headers);
    }

    /** What is answered. */
    public Problem problem() {
        return problem;
    }

    /** Header fields of the answer. */
    public Map<String, String> headers() {
        return headers;
    }

    /** The same with one more header field. */
    public ProblemException withHeader(String name, String value) {
        Map<String, String> more = new java.util.HashMap<>(headers);
        more.put(name, value);
        return new ProblemException(problem, more);
    }
}
