package dev.octroi.usage.radius;

import dev.octroi.fuzz.FuzzTarget;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;

/** RADIUS packets as they come, and attributes behind a genuine authenticator. */
public final class RadiusFuzz implements FuzzTarget {
    private static final byte[] SECRET = new byte[16];

    @Override
    public void feed(byte[] input) {
        try {
            RadiusPacket.read(input, SECRET);
        } catch (MalformedRadiusException declared) {
            // The declared failure.
        }
        try {
            AccountingRequest.read(RadiusAttributes.read(ByteBuffer.wrap(input)));
        } catch (MalformedRadiusException declared) {
            // The declared failure.
        }
    }

    @Override
    public List<byte[]> seeds() {
        String attributes = "280600000003" + "2c0a73657373696f6e31" + "2a0600000400" + "2b0600000800" + "370668000000"
                + "0406c0a80001" + "2e0600000e10" + "1a17000028af" + "0111323038303131323334353637383930";
        return List.of(HexFormat.of().parseHex(attributes), HexFormat.of().parseHex("04010014" + "00".repeat(16)));
    }
}
