package dev.octroi.notice;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * How mail leaves.
 *
 * @param host of the server that takes it (a relay, RFC 5321)
 * @param port of it
 * @param from whom it is from, as receivers see it
 * @param security of the connection
 * @param authority certificates (PEM) that the server's leads to; empty: the public authorities
 * @param login what the server knows us by; empty: it does not ask
 * @param silence how long its answer is waited for; longer than its scan of a message takes (RFC 5321 §4.5.3.2.6)
 */
public record MailTerms(
        String host,
        int port,
        String from,
        Security security,
        Optional<Path> authority,
        Optional<Login> login,
        Duration silence) {
    public MailTerms {
        requireNonNull(host, "host is null");
        requireNonNull(from, "from is null");
        requireNonNull(security, "security is null");
        requireNonNull(authority, "authority is null");
        requireNonNull(login, "login is null");
        requireNonNull(silence, "silence is null");
    }

    /** How the connection is protected. */
    public enum Security {
        /** STARTTLS, and no mail to a server that has none (RFC 3207). */
        REQUIRED,
        /** TLS from the first byte (RFC 8314). */
        IMPLICIT,
        /** In clear: only for a relay on this machine. */
        OFF
    }

    /** Name and password. */
    public record Login(String user, String password) {
        /** Without the password. */
        @Override
        public String toString() {
            return user;
        }
    }

    /** The domain that the mail is from. */
    String domain() {
        String address = from.endsWith(">") ? from.substring(from.indexOf('<') + 1, from.length() - 1) : from;
        return address.substring(address.indexOf('@') + 1);
    }
}
