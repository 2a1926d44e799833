package dev.octroi.rsp.asn1;

import java.util.HexFormat;

/** Digits in half bytes, in order or swapped as telephony has it. */
final class Nibbles {
    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    private Nibbles() {}

    static String hex(byte[] bytes) {
        return HEX.formatHex(bytes);
    }

    static byte[] bytes(String hex) {
        return HEX.parseHex(hex);
    }

    static byte[] swap(String hex) {
        return swapped(bytes(hex));
    }

    static String unswap(byte[] bytes) {
        return hex(swapped(bytes));
    }

    private static byte[] swapped(byte[] bytes) {
        byte[] out = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            out[i] = (byte) (((bytes[i] & 0x0F) << 4) | ((bytes[i] & 0xF0) >>> 4));
        }
        return out;
    }
}
