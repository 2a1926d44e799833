package dev.octroi.callback;

import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.SocketAddress;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A network element's dynamic authorization server (RFC 5176), with a codec of its own: it drops what is not signed with the
 * secret, keeps the rest and answers as a test tells it. What it has answered it knows again and gives the same answer
 * (RFC 5176 §2.3): a machine that is slow to take the first one makes no second request of it.
 */
final class RadiusElement implements AutoCloseable {
    static final byte[] SECRET = "a secret of sixteen bytes or more".getBytes(StandardCharsets.US_ASCII);

    /** A request: attributes by {@code type} or {@code vendor/type}. */
    record Got(int code, byte[] packet, Map<String, byte[]> attributes) {
        String text(String attribute) {
            return new String(attributes.get(attribute), StandardCharsets.UTF_8);
        }

        long number(String attribute) {
            return Integer.toUnsignedLong(
                    ByteBuffer.wrap(attributes.get(attribute)).getInt());
        }
    }

    /** An answer: its code, an Error-Cause or 0, and the secret that signs it. Null: none is sent. */
    record Reply(int code, int errorCause, byte[] secret) {
        static Reply of(int code, int errorCause) {
            return new Reply(code, errorCause, SECRET);
        }
    }

    /** What makes a request the same one. */
    private record Sent(SocketAddress from, ByteBuffer packet) {}

    private final DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
    private final List<Got> got = new CopyOnWriteArrayList<>();
    private final Map<Sent, List<byte[]>> answered = new HashMap<>();
    private final List<String> dropped = new CopyOnWriteArrayList<>();
    private final Function<Got, List<Reply>> answers;

    RadiusElement(Function<Got, List<Reply>> answers) throws SocketException {
        this.answers = answers;
        Thread.ofVirtual().start(this::listen);
    }

    String url() {
        return "radius://127.0.0.1:" + socket.getLocalPort();
    }

    List<Got> got() {
        return got;
    }

    List<String> dropped() {
        return dropped;
    }

    @Override
    public void close() {
        socket.close();
    }

    private void listen() {
        byte[] buffer = new byte[4_096];
        while (!socket.isClosed()) {
            DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
            try {
                socket.receive(packet);
                byte[] bytes = Arrays.copyOf(buffer, packet.getLength());
                if (!signed(bytes)) {
                    dropped.add("not signed");
                    continue;
                }
                Sent sent = new Sent(packet.getSocketAddress(), ByteBuffer.wrap(bytes));
                List<byte[]> replies = answered.get(sent);
                if (replies == null) {
                    replies = answersTo(new Got(bytes[0] & 0xFF, bytes, attributes(bytes)));
                    if (!replies.isEmpty()) {
                        answered.put(sent, replies);
                    }
                }
                for (byte[] reply : replies) {
                    socket.send(new DatagramPacket(reply, reply.length, sent.from()));
                }
            } catch (SocketException closed) {
                return;
            } catch (Exception e) {
                dropped.add(e.toString());
            }
        }
    }

    private List<byte[]> answersTo(Got request) throws Exception {
        got.add(request);
        List<byte[]> replies = new ArrayList<>();
        for (Reply reply : answers.apply(request)) {
            replies.add(answer(request, reply));
        }
        return replies;
    }

    private static boolean signed(byte[] packet) throws Exception {
        byte[] plain = packet.clone();
        Arrays.fill(plain, 4, 20, (byte) 0);
        if (!Arrays.equals(Arrays.copyOfRange(packet, 4, 20), md5(plain, SECRET))) {
            return false;
        }
        for (int at = 20; at < packet.length; at += packet[at + 1] & 0xFF) {
            if (packet[at] == 80) {
                byte[] given = Arrays.copyOfRange(plain, at + 2, at + 18);
                Arrays.fill(plain, at + 2, at + 18, (byte) 0);
                Mac mac = Mac.getInstance("HmacMD5");
                mac.init(new SecretKeySpec(SECRET, "HmacMD5"));
                return Arrays.equals(given, mac.doFinal(plain));
            }
        }
        return false;
    }

    private static Map<String, byte[]> attributes(byte[] packet) {
        Map<String, byte[]> found = new TreeMap<>();
        for (int at = 20; at < packet.length; at += packet[at + 1] & 0xFF) {
            byte[] value = Arrays.copyOfRange(packet, at + 2, at + (packet[at + 1] & 0xFF));
            if (packet[at] == 26) {
                found.put(ByteBuffer.wrap(value).getInt() + "/" + value[4], Arrays.copyOfRange(value, 6, value.length));
            } else {
                found.put(Integer.toString(packet[at] & 0xFF), value);
            }
        }
        return found;
    }

    private static byte[] answer(Got request, Reply reply) throws Exception {
        int length = reply.errorCause() == 0 ? 20 : 26;
        ByteBuffer answer = ByteBuffer.allocate(length)
                .put((byte) reply.code())
                .put(request.packet()[1])
                .putShort((short) length)
                .put(request.packet(), 4, 16);
        if (reply.errorCause() != 0) {
            answer.put((byte) 101).put((byte) 6).putInt(reply.errorCause());
        }
        byte[] bytes = answer.array();
        System.arraycopy(md5(bytes, reply.secret()), 0, bytes, 4, 16);
        return bytes;
    }

    private static byte[] md5(byte[] packet, byte[] secret) throws Exception {
        MessageDigest digest = MessageDigest.getInstance("MD5");
        digest.update(packet);
        return digest.digest(secret);
    }
}
