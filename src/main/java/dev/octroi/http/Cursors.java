package dev.octroi.http;

import io.vertx.core.buffer.Buffer;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.SecretKey;

/**
 * Page cursors: the sort key and id of the last item, authenticated together with the list and its filters. A cursor
 * that was made up, changed, or belongs to another list, filter or tenant is refused.
 */
public final class Cursors {

    private static final int MAC_BYTES = 16;
    private static final int MAX_SORT_BYTES = 340;

    private final SecretKey key;

    /**
     * The place behind the last item of a page.
     *
     * @param sort the last item's sort key in text form
     * @param id the last item's id, which makes the order total
     */
    public record Position(String sort, long id) {}

    /** Cursors under an HMAC-SHA-256 key, from {@code Keyring.derive("page cursor")}. */
    public Cursors(SecretKey key) {
        this.key = key;
    }

    /**
     * A cursor of URL-safe characters.
     *
     * @param list names the list, its filters and the tenant
     */
    public String encode(String list, Position position) {
        byte[] sort = position.sort().getBytes(StandardCharsets.UTF_8);
        if (sort.length > MAX_SORT_BYTES) {
            throw new IllegalArgumentException("a sort key has at most " + MAX_SORT_BYTES + " bytes");
        }
        byte[] payload = ByteBuffer.allocate(Long.BYTES + sort.length)
                .putLong(position.id())
                .put(sort)
                .array();
        byte[] all = Buffer.buffer(payload).appendBytes(mac(list, payload)).getBytes();
        return Base64.getUrlEncoder().withoutPadding().encodeToString(all);
    }

    /**
     * The place that a cursor names.
     *
     * @throws ProblemException 400 when it is not one of this list
     */
    public Position decode(String list, String cursor) {
        try {
            byte[] all = Base64.getUrlDecoder().decode(cursor);
            int end = all.length - MAC_BYTES;
            if (end >= Long.BYTES) {
                byte[] payload = Arrays.copyOf(all, end);
                if (MessageDigest.isEqual(mac(list, payload), Arrays.copyOfRange(all, end, all.length))) {
                    String sort = new String(payload, Long.BYTES, end - Long.BYTES, StandardCharsets.UTF_8);
                    return new Position(sort, ByteBuffer.wrap(payload).getLong());
                }
            }
        } catch (IllegalArgumentException e) {
            // Not Base64: refused below like every other cursor that is not ours.
        }
        throw Problem.of(ProblemType.INVALID_CURSOR).toException();
    }

    /** The place that the call's {@code after} parameter names, if it has one. */
    public Optional<Position> after(ApiCall call, String list) {
        return call.query("after").map(cursor -> decode(list, cursor));
    }

    private byte[] mac(String list, byte[] payload) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(key);
            byte[] name = list.getBytes(StandardCharsets.UTF_8);
            mac.update(ByteBuffer.allocate(4).putInt(name.length).array());
            mac.update(name);
            return Arrays.copyOf(mac.doFinal(payload), MAC_BYTES);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("HmacSHA256 is part of every JDK", e);
        }
    }
}
