package dev.octroi.usage.radius;

import dev.octroi.fuzz.FuzzPki;
import dev.octroi.fuzz.FuzzTarget;
import dev.octroi.radius.MalformedRadiusException;
import dev.octroi.radius.RadiusDigest;
import dev.octroi.secret.BlindIndex;
import dev.octroi.secret.Keyring;
import dev.octroi.testing.TempFolders;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** RADIUS packets as they come, and the same ones with the authenticator of a genuine sender, up to the usage record. */
public final class RadiusFuzz implements FuzzTarget {
    private static final byte[] SECRET = new byte[RadiusClient.MIN_SECRET_BYTES];
    private static final int HEADER_BYTES = 20;

    private final RadiusClient client =
            new RadiusClient(InetAddress.getLoopbackAddress(), "fuzz", SECRET, 1, List.of(), Optional.of("20801"));
    private final AccountingReader reader;

    public RadiusFuzz() throws Exception {
        reader = new AccountingReader(new BlindIndex(Keyring.open(TempFolders.create("fuzz"), FuzzPki.RANDOM)));
    }

    @Override
    public void feed(byte[] input) {
        read(input);
        if (input.length <= RadiusPacket.MAX_BYTES - HEADER_BYTES) {
            read(signed(input));
        }
    }

    private void read(byte[] datagram) {
        try {
            RadiusPacket packet = RadiusPacket.read(datagram, SECRET);
            AccountingRequest request = AccountingRequest.read(packet.attributes());
            reader.read(client, request, packet.attributes(), FuzzPki.NOW);
        } catch (MalformedRadiusException declared) {
            // The declared failure.
        }
    }

    /** A packet with these attributes. */
    private static byte[] signed(byte[] attributes) {
        int length = HEADER_BYTES + attributes.length;
        ByteBuffer packet =
                ByteBuffer.allocate(length).put((byte) 4).put((byte) 1).putShort((short) length);
        packet.position(HEADER_BYTES).put(attributes);
        byte[] authenticator = RadiusDigest.md5(packet.array(), SECRET);
        return Arrays.copyOf(packet.position(4).put(authenticator).array(), length);
    }

    @Override
    public List<byte[]> seeds() {
        String attributes = "280600000003" + "2c0a73657373696f6e31" + "2a0600000400" + "2b0600000800" + "370668000000"
                + "0406c0a80001" + "2e0600000e10" + "1a17000028af" + "0111323038303131323334353637383930";
        String placed = attributes + "1a15000028af" + "160f8202f8101d4e02f8100000a001" + "1a0d000028af"
                + "12073230383031" + "29060000000a";
        return List.of(
                HexFormat.of().parseHex(attributes),
                HexFormat.of().parseHex(placed),
                HexFormat.of().parseHex("04010014" + "00".repeat(16)));
    }
}
