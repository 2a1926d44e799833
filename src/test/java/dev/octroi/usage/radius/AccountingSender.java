package dev.octroi.usage.radius;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/** A network element that sends accounting, written from the RFC and not from the product. */
final class AccountingSender implements AutoCloseable {
    private static final int TIMEOUT_MS = 20_000;

    private final DatagramSocket socket;
    private final InetAddress server;
    private final int port;
    private final byte[] secret;

    AccountingSender(int port, String secret) throws IOException {
        this("127.0.0.1", port, secret);
    }

    /** One whose packets come from another address of this machine. */
    AccountingSender(String from, int port, String secret) throws IOException {
        this.server = InetAddress.getByName("127.0.0.1");
        this.socket = new DatagramSocket(0, InetAddress.getByName(from));
        this.socket.setSoTimeout(TIMEOUT_MS);
        this.port = port;
        this.secret = secret.getBytes(StandardCharsets.UTF_8);
    }

    /** Attributes in the making. */
    static final class Attributes {
        private final ByteArrayOutputStream out = new ByteArrayOutputStream();

        static Attributes of(int status, String session, String imsi) {
            return new Attributes()
                    .number(40, status)
                    .text(32, "pgw-1")
                    .text(44, session)
                    .text3gpp(1, imsi)
                    .text3gpp(18, "20801");
        }

        Attributes number(int type, long value) {
            return add(type, ByteBuffer.allocate(4).putInt((int) value).array());
        }

        Attributes text(int type, String value) {
            return add(type, value.getBytes(StandardCharsets.UTF_8));
        }

        Attributes text3gpp(int type, String value) {
            return add3gpp(type, value.getBytes(StandardCharsets.UTF_8));
        }

        Attributes hex3gpp(int type, String hex) {
            return add3gpp(type, HexFormat.of().parseHex(hex));
        }

        /** Octets with their gigawords. */
        Attributes bytes(long up, long down) {
            return number(42, up).number(43, down).number(52, up >> 32).number(53, down >> 32);
        }

        private Attributes add3gpp(int type, byte[] value) {
            ByteBuffer vendor = ByteBuffer.allocate(value.length + 6).putInt(10_415);
            vendor.put((byte) type).put((byte) (value.length + 2)).put(value);
            return add(26, vendor.array());
        }

        private Attributes add(int type, byte[] value) {
            out.write(type);
            out.write(value.length + 2);
            out.writeBytes(value);
            return this;
        }
    }

    byte[] packet(int identifier, Attributes attributes) {
        byte[] fields = attributes.out.toByteArray();
        ByteBuffer packet = ByteBuffer.allocate(20 + fields.length);
        packet.put((byte) 4).put((byte) identifier).putShort((short) packet.capacity());
        packet.position(20).put(fields);
        packet.put(4, md5(packet.array(), secret));
        return packet.array();
    }

    void send(byte[] packet) throws IOException {
        socket.send(new DatagramPacket(packet, packet.length, server, port));
    }

    /** The identifier of the next answer, whose authenticator is checked against the request it answers. */
    int answer(byte[] request) throws IOException {
        return wholeAnswer(request)[1] & 0xFF;
    }

    /** The next answer, checked likewise. */
    byte[] wholeAnswer(byte[] request) throws IOException {
        DatagramPacket received = new DatagramPacket(new byte[4_096], 4_096);
        socket.receive(received);
        byte[] answer = Arrays.copyOf(received.getData(), received.getLength());
        byte[] signed = answer.clone();
        System.arraycopy(request, 4, signed, 4, 16);
        if (answer[0] != 5 || !Arrays.equals(Arrays.copyOfRange(answer, 4, 20), md5(signed, secret))) {
            throw new AssertionError(
                    "not a signed Accounting-Response: " + HexFormat.of().formatHex(answer));
        }
        return answer;
    }

    /** Sends and waits for the answer. */
    void tell(int identifier, Attributes attributes) throws IOException {
        byte[] packet = packet(identifier, attributes);
        send(packet);
        if (answer(packet) != identifier) {
            throw new AssertionError("the answer is for another packet");
        }
    }

    private static byte[] md5(byte[]... parts) {
        try {
            MessageDigest digest = MessageDigest.getInstance("MD5");
            for (byte[] part : parts) {
                digest.update(part);
            }
            return digest.digest();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        socket.close();
    }
}
