package dev.octroi.access;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.Optional;

/**
 * What tokens of this installation look like.
 *
 * @param issuer the {@code iss} claim
 * @param audience the {@code aud} claim
 * @param life of an access token, at most {@link #MAX_LIFE}
 */
public record TokenRules(String issuer, String audience, Duration life) {
    /** No token lives longer. */
    public static final Duration MAX_LIFE = Duration.ofMinutes(15);

    /** Of an installation that does not know where it is reached; nobody answers there. */
    private static final String UNNAMED = "https://octroi.localhost";

    /** Clocks of gateways may differ by this much. */
    public static final Duration SKEW = Duration.ofSeconds(60);

    public TokenRules {
        requireNonNull(issuer, "issuer is null");
        requireNonNull(audience, "audience is null");
        if (life.isNegative() || life.isZero() || life.compareTo(MAX_LIFE) > 0) {
            throw new IllegalArgumentException("a token lives at most " + MAX_LIFE);
        }
    }

    /**
     * The rules of an installation.
     *
     * @param publicUrl the setting {@code public.url}; without it tokens are good for installations without it
     */
    public static TokenRules of(Optional<String> publicUrl, Duration life) {
        return new TokenRules(publicUrl.orElse(UNNAMED), "octroi-api", life);
    }

    /** Where this installation is reached, without a slash at the end; empty where it was not told. */
    Optional<String> address() {
        return issuer.equals(UNNAMED) ? Optional.empty() : Optional.of(issuer);
    }
}
