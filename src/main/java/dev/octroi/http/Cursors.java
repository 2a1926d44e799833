package dev.octroi.http;

import dev.octroi.secret.HmacSha256;
import dev.octroi.secret.SealedWord;
import dev.octroi.secret.SignedToken;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import javax.crypto.SecretKey;

/**
 * Page cursors: the sort key and id of the last item, sealed together with the list and its filters. A cursor that was made up,
 * changed, or belongs to another list, filter or tenant is refused; what is in it only the gateway reads, because a sort key may be
 * what the list itself does not show.
 */
public final class Cursors {

    private static final int MAC_BYTES = 16;
    private static final int MAX_SORT_BYTES = 340;
    private static final int MAX_BYTES = Long.BYTES + MAX_SORT_BYTES;

    private final SecretKey key;
    private final SealedWord word;

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
        this.word = new SealedWord(key);
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
        return word.seal(list, payload);
    }

    /**
     * The place that a cursor names.
     *
     * @throws ProblemException 400 when it is not one of this list
     */
    public Position decode(String list, String cursor) {
        return word.open(list, cursor, MAX_BYTES)
                .or(() -> ofBefore(list, cursor))
                .filter(payload -> payload.length >= Long.BYTES)
                .map(payload -> new Position(
                        new String(payload, Long.BYTES, payload.length - Long.BYTES, StandardCharsets.UTF_8),
                        ByteBuffer.wrap(payload).getLong()))
                .orElseThrow(() -> Problem.of(ProblemType.INVALID_CURSOR).toException());
    }

    /** Readers of the event feed keep their cursors: those that were given out before cursors were sealed stay good. */
    private Optional<byte[]> ofBefore(String list, String cursor) {
        return SignedToken.read(cursor, MAX_BYTES + MAC_BYTES, MAC_BYTES, content -> mac(list, content));
    }

    /** The place that the call's {@code after} parameter names, if it has one. */
    public Optional<Position> after(ApiCall call, String list) {
        return call.query("after").map(cursor -> decode(list, cursor));
    }

    private byte[] mac(String list, byte[] payload) {
        byte[] name = list.getBytes(StandardCharsets.UTF_8);
        byte[] message = ByteBuffer.allocate(Integer.BYTES + name.length + payload.length)
                .putInt(name.length)
                .put(name)
                .put(payload)
                .array();
        return Arrays.copyOf(HmacSha256.of(key, message), MAC_BYTES);
    }
}
