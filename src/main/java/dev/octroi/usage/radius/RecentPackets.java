package dev.octroi.usage.radius;

import io.vertx.core.net.SocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The packets of the last moments, to find retransmissions (RFC 5080 §2.2.2): one that is being counted is not counted
 * beside itself, one that was answered gets the same answer. For one thread.
 */
final class RecentPackets {
    private static final int MAX_PACKETS = 20_000;
    private static final Duration REMEMBER = Duration.ofSeconds(30);

    /** What identifies a packet: who sent it from where, its identifier, its authenticator. */
    record Key(String host, int port, int identifier, ByteBuffer authenticator) {
        static Key of(SocketAddress sender, RadiusPacket packet) {
            return new Key(
                    sender.hostAddress(), sender.port(), packet.identifier(), ByteBuffer.wrap(packet.authenticator()));
        }
    }

    @SuppressWarnings("ArrayRecordComponent")
    private record Seen(Instant at, byte @Nullable [] response) {}

    /** What is known of a packet. */
    sealed interface Standing {
        /** Never seen: to be counted. */
        record Unknown() implements Standing {}

        /** Being counted: the answer will come. */
        record Waiting() implements Standing {}

        /** Answered like this. */
        @SuppressWarnings("ArrayRecordComponent")
        record Answered(byte[] response) implements Standing {}
    }

    private final Map<Key, Seen> seen = new LinkedHashMap<>();

    Standing standing(Key key, Instant now) {
        Seen known = seen.get(key);
        if (known == null || known.at.plus(REMEMBER).isBefore(now)) {
            return new Standing.Unknown();
        }
        byte[] response = known.response;
        return response == null ? new Standing.Waiting() : new Standing.Answered(response);
    }

    void begin(Key key, Instant now) {
        seen.remove(key);
        if (seen.size() >= MAX_PACKETS) {
            seen.remove(seen.keySet().iterator().next());
        }
        seen.put(key, new Seen(now, null));
    }

    void answered(Key key, byte[] response, Instant now) {
        seen.replace(key, new Seen(now, response));
    }

    /** It was not counted: the next transmission is a new try. */
    void forget(Key key) {
        seen.remove(key);
    }
}
