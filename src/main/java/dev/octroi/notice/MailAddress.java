package dev.octroi.notice;

import static java.util.Objects.requireNonNull;

import java.net.IDN;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A mail address as nearly everybody has it (RFC 5321 §4.1.2): no quotes, no comments, no display name, and so nothing that could
 * end a header field or begin another one. Never logged: its text does not show it.
 */
public final class MailAddress {
    private static final int MAX_LENGTH = 254;
    private static final int MAX_LOCAL = 64;
    private static final Pattern LOCAL =
            Pattern.compile("[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*");
    private static final Pattern DOMAIN =
            Pattern.compile("([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\\.)+[A-Za-z][A-Za-z0-9-]{0,61}[A-Za-z0-9]");

    private final String local;
    private final String domain;

    private MailAddress(String local, String domain) {
        this.local = local;
        this.domain = domain;
    }

    /** Reads an address as people type it; empty when it is none. */
    public static Optional<MailAddress> parse(String text) {
        String stripped = requireNonNull(text, "text is null").strip();
        int at = stripped.lastIndexOf('@');
        if (at < 1 || at > MAX_LOCAL || stripped.length() > MAX_LENGTH) {
            return Optional.empty();
        }
        String local = stripped.substring(0, at);
        return ascii(stripped.substring(at + 1))
                .filter(domain -> at + 1 + domain.length() <= MAX_LENGTH)
                .filter(domain ->
                        LOCAL.matcher(local).matches() && DOMAIN.matcher(domain).matches())
                .map(domain -> new MailAddress(local, domain));
    }

    /** Names of other scripts in the form that mail servers know. */
    private static Optional<String> ascii(String domain) {
        try {
            return Optional.of(IDN.toASCII(domain).toLowerCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** The address in clear: for sealing and for the envelope. */
    public String reveal() {
        return local + "@" + domain;
    }

    /** So much of it that its owner knows it again. */
    public String masked() {
        return (local.length() > 1 ? local.substring(0, 1) : "") + "***@" + domain;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof MailAddress that && reveal().equals(that.reveal());
    }

    @Override
    public int hashCode() {
        return reveal().hashCode();
    }

    @Override
    public String toString() {
        return "***";
    }
}
