package dev.octroi.web.selfcare;

import dev.octroi.secret.HmacSha256;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.SecretKey;
import org.jspecify.annotations.Nullable;

/**
 * A token in every form, bound to the link: who can post a form has read the page. There is no session to ride on, but a
 * link that leaked into a log of addresses alone must not be enough to change a limit by a crafted form.
 */
final class FormGuard {
    private static final int TOKEN_BYTES = 16;

    /** How long the page says that something was saved: long enough to be loaded, too short for a bookmark. */
    private static final Duration TOLD = Duration.ofMinutes(1);

    private static final Pattern TAKEN = Pattern.compile("([0-9]{1,12})-[0-9a-f]{32}");

    private final SecretKey key;
    private final InstantSource clock;

    FormGuard(SecretKey key, InstantSource clock) {
        this.key = key;
        this.clock = clock;
    }

    /** The token for a link. */
    String token(String link) {
        byte[] full = HmacSha256.of(key, link.getBytes(StandardCharsets.UTF_8));
        return HexFormat.of().formatHex(full, 0, TOKEN_BYTES);
    }

    /**
     * A form's word for a member of a shared account: it says nothing of the member's identifiers, and means the same member
     * when another one has left meanwhile.
     */
    String member(String link, long subscriptionId) {
        return token(link + "/" + subscriptionId);
    }

    /** A word in the page's address that a form of the link was taken just now. */
    String taken(String link) {
        return taken(link, clock.instant().getEpochSecond());
    }

    private String taken(String link, long second) {
        return second + "-" + token(link + "/taken/" + second);
    }

    /** Whether a form of the link was taken within the last minute, as this word says. */
    boolean isTaken(String link, @Nullable String word) {
        Matcher read = TAKEN.matcher(word == null ? "" : word);
        if (!read.matches()) {
            return false;
        }
        long second = Long.parseLong(read.group(1));
        Duration ago = Duration.ofSeconds(clock.instant().getEpochSecond() - second);
        return ago.abs().compareTo(TOLD) <= 0 && taken(link, second).equals(word);
    }

    /** Whether a form came from the link's page. */
    boolean accepts(String link, String given) {
        return MessageDigest.isEqual(
                token(link).getBytes(StandardCharsets.US_ASCII), given.getBytes(StandardCharsets.UTF_8));
    }
}
